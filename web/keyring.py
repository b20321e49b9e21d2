"""The keys this installation encrypts second factors with: from JIXIAO_SECRET_KEYS, or a file of its own made once."""

import os
from pathlib import Path

from cryptography.fernet import Fernet

from engine.accounts import Keys, keys_from
from engine.errors import DefinitionError
from engine.files import AlreadyThere, NotWritable, new_file, why_not
from web.settings import PROJECT

NAME = "secret_keys"
SETTING = "JIXIAO_SECRET_KEYS"


class KeysUnreadable(DefinitionError):
    """The file with the keys cannot be read."""

    code = "settings.keys_unreadable"


def keys_of_installation() -> Keys:
    """The keys in use, the newest first. Several servers of one installation have to be given the same by setting."""
    told = os.environ.get(SETTING)
    return keys_from(told if told else _kept(PROJECT / "var" / NAME))


def _kept(file: Path) -> str:
    """What the file says; it is made when there is none."""
    if not file.exists():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with new_file(file, private=True) as writing:
                writing.write(Fernet.generate_key().decode() + "\n")
        except AlreadyThere:
            pass  # another process was faster: its keys are the ones
        except OSError as fault:
            raise NotWritable(f"“{file}”{why_not(fault)[0]}，没有启动。请腾出空间或改好权限。") from fault
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise KeysUnreadable(
            f"“{file}”读不出来，没有启动。请恢复这个文件（它不在数据库的备份里，要另行保存）；没有它，已启用的动态口令都要重新绑定。"
        ) from fault
