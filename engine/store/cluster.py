"""What lies in the data folder of a server: whole or not, and the note a running server leaves there.

Nothing found there is taken on trust: files may be empty, odd, somebody else's or of another day.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from engine.store.installation import MAJOR
from engine.store.obstacles import DatabaseNotStarted

ESSENTIAL = ("PG_VERSION", "base", "global", "global/pg_control", "pg_wal", "pg_xact")
LARGEST_PROCESS_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Note:
    """What a server wrote down about itself, in `postmaster.pid` and, shorter, beside its socket.

    It is taken as far as it can be read; `process` is None when there is no such number in it.
    """

    process: int | None
    folder: str
    status: str

    @classmethod
    def read(cls, path: Path) -> "Note | None":
        """The note at `path`, if there is a file. Whatever else is in it gives a note without a process."""
        try:
            content = _beginning(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        lines = [line.strip() for line in content.splitlines()] + [""] * 8
        return cls(_process_number(lines[0]), lines[1], lines[7])

    @property
    def is_taken(self) -> bool:
        """Whether any process, the server or a stranger, has the number now."""
        return self.process is not None and _is_there(self.process)

    def is_of(self, data: Path) -> bool:
        """Whether the process in the note is there and is the server of this data folder.

        Numbers are given again to others, and a copied folder has the note of the original. Where the system shows
        what a process is (Linux), that counts; where not, what the note says of itself.
        """
        if not self.is_taken:
            return False
        shown = Path(f"/proc/{self.process}")
        if not shown.exists():
            return self.folder == str(data)
        return _works_in(shown, data) or os.fsencode(data) in _command(shown)


def must_be_whole(data: Path) -> None:
    """Refuse data that are no cluster of our version; what is there is never touched, and nothing made in its place."""
    if data.is_symlink() and not data.exists():
        raise _refusal(data, f"它是一个链接，指向的 {os.readlink(data)} 现在不存在", "请看那块磁盘是否挂上")
    if not data.is_dir():
        raise _refusal(data, "它不是文件夹", "请查明它是什么，把它改名移开后再试")
    missing = [name for name in ESSENTIAL if not (data / name).exists()]
    if missing:
        what = "它是空的" if not any(data.iterdir()) else f"里面缺少 {'、'.join(missing)}"
        raise _refusal(data, what, "请从备份恢复整个文件夹，或请管理员查明缺少的东西去了哪里；剩下的文件请原样保留")
    found = _beginning(data / "PG_VERSION").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", found):
        raise _refusal(data, "PG_VERSION 里不是版本号", "请从备份恢复整个文件夹；剩下的文件请原样保留")
    if found != MAJOR:
        raise DatabaseNotStarted(
            f"{data} 是 PostgreSQL {found} 的数据，程序是 {MAJOR} 版，不能打开。"
            "请用原来的程序备份，再恢复到新的数据库。",
            found=found,
            expected=MAJOR,
        )


def _refusal(data: Path, what: str, now: str) -> DatabaseNotStarted:
    return DatabaseNotStarted(
        f"数据库文件夹 {data} 不完整：{what}。没有启动，也没有另建。{now}，或用 DATABASE_URL 指定数据库。",
        folder=str(data),
    )


def _beginning(path: Path) -> str:
    """The first bytes as text; a pipe in the file's place is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 4096).decode("utf-8", "replace")
    except OSError as reason:
        reason.filename = str(path)
        raise
    finally:
        os.close(descriptor)


def _process_number(line: str) -> int | None:
    """A single-user server notes its number with a minus."""
    found = re.fullmatch(r"-?([1-9][0-9]{0,9})", line)
    number = int(found[1]) if found else 0
    return number if 0 < number <= LARGEST_PROCESS_NUMBER else None


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is there, and somebody else's
    return True


def _works_in(shown: Path, data: Path) -> bool:
    """A server works in its data folder, whatever that is called by now."""
    try:
        return os.path.samefile(shown / "cwd", data) and b"postgres" in (shown / "cmdline").read_bytes()
    except OSError:
        return False


def _command(shown: Path) -> list[bytes]:
    try:
        return (shown / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
