"""`jixiao backup` and `jixiao restore`: the whole installation into one file, and out of it again."""

import re
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from engine.backups import back_up, restore
from engine.errors import WrongState
from engine.store import Logins
from engine.submissions.file_store import FileStore
from web.auditing import verification_of
from web.keyring import NAME as KEPT_IN
from web.keyring import SETTING
from web.settings import Settings
from web.wiring import create_empty, drop, logins_of, open_database


class NameTaken(WrongState):
    """There is a database of that name already, or none of that name can be made."""

    code = "backup.name_taken"


def make_backup(settings: Settings, file: Path, at: datetime, *, force: bool = False) -> dict[str, Any]:
    """Write everything to `file`; people go on working meanwhile."""
    with closing(open_database(logins_of(settings), settings.bpmn, at)) as database:
        made = back_up(database, FileStore(settings.files), file, at, force=force)
    told = {name: value for name, value in asdict(made.manifest).items() if name not in ("dump", "files")}
    return told | {"ok": not made.missing, "file": str(file), "bytes": made.bytes, "files": len(made.manifest.files)}


def backup_words(told: dict[str, Any]) -> str:
    """Where the backup lies, what is in it, and what could not be taken along."""
    cases = sum(told["cases"].values())
    lines = [
        (
            f"备份已写好：{told['file']}，{_size(told['bytes'])}，案卷 {cases} 份（{len(told['cases'])} 个地区），"
            f"附件 {told['files']} 个。"
        ),
        "请把它复制到另一台机器保存；恢复用 jixiao restore。",
        f"动态口令的密钥（{SETTING} 或 var/{KEPT_IN}）不在备份里，请另行保存；没有它，恢复后动态口令都要重新绑定。",
    ]
    if told["missing"]:
        lines.insert(
            1,
            f"✕ 有 {len(told['missing'])} 个附件的文件已经缺失或损坏，没有备份进去（其余都已备份）。"
            "请从更早的备份找回它们。",
        )
    return "\n".join(lines)


def restore_backup(settings: Settings, file: Path, at: datetime, into: str | None = None) -> dict[str, Any]:
    """Put a backup into the empty database of the settings, or `into` a new one beside it; all is recomputed at the
    end. A new one is gone again when that fails.
    """
    here, store = logins_of(settings), FileStore(settings.files)
    logins = here if into is None else _new_beside(here, into)
    try:
        found = restore(file, logins.as_owner(), store)
        with closing(open_database(logins, settings.bpmn, at)) as database:
            checked = verification_of(database, None)
    except BaseException:
        if into is not None:
            drop(here, into.lower())
        raise
    return {
        "ok": checked["ok"],
        "database": make_url(logins.application).database,
        "made_at": found.manifest.made_at,
        "cases": found.manifest.cases,
        "files": found.files,
        "missing": found.manifest.missing,
        "verification": checked,
    }


def restored_words(told: dict[str, Any], into: str | None) -> str:
    """What came out of the backup, whether it holds, and how to work in it."""
    cases = sum(told["cases"].values())
    lines = [
        (
            f"已恢复到数据库 {told['database']}：备份做于 {told['made_at'][:16].replace('T', ' ')}，案卷 {cases} 份，"
            f"附件 {told['files']} 个。"
        ),
        told["verification"]["words"],
    ]
    if told["missing"]:
        lines.append(f"✕ 做备份时就有 {len(told['missing'])} 个附件缺失或损坏，这里也没有。请从更早的备份找回。")
    if into is not None:
        lines.append(f"要在恢复出的数据上办理，请把 DATABASE_URL 和 DATABASE_OWNER_URL 末尾的库名改成 {into}。")
    return "\n".join(lines)


def _new_beside(logins: Logins, name: str) -> Logins:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,59}", name):
        raise NameTaken("新的库名只能用英文字母、数字和下划线，以字母开头，最多60个字符，没有恢复。请换一个。")
    try:
        return create_empty(logins, name.lower())
    except DBAPIError as reason:
        raise NameTaken(
            f"库“{name}”没有建起来：可能已有同名的库，或账号没有建库权限。"
            "请换一个库名，或请管理员执行“ALTER ROLE jixiao CREATEDB;”。"
        ) from reason


def _size(number: int) -> str:
    return f"{number / 2**20:.1f} MB"
