"""What nobody foresaw: a number to quote and the trace in a log, or a sentence when it was the database that went away.

The log is bounded, and for its owner's eyes only: a trace may hold what was being written.
"""

import logging
import os
import secrets
import stat
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from engine.errors import EngineError, Unavailable, WrongState
from engine.files import why_not
from engine.store.storable import DatabaseAway, refusal_of
from web.settings import PROJECT

BYTES_OF_A_LOG, OLDER_LOGS, MOST_OF_ONE = 1_000_000, 4, 100_000
NAME = "jixiao.log"


@dataclass(frozen=True, slots=True)
class Accident:
    """What is no refusal and must be told like one. Of a fault, facts are `number` to quote, and `log`, the file with
    the trace (None: it could not be written)."""

    code: str
    message: str
    facts: dict[str, Any] = field(default_factory=dict)


class ServerFull(Unavailable):
    """The disk of the database server is full."""

    code = "database.disk_full"


class ServerReadOnly(WrongState):
    """The database takes no changes: it is a replica, or set so."""

    code = "database.read_only"


class NoRight(WrongState):
    """The database account lacks a right."""

    code = "database.no_right"


_SERVER: dict[str, tuple[type[EngineError], str]] = {
    "53100": (ServerFull, "数据库所在的磁盘满了，没有办成。请系统管理员腾出空间后再办。"),
    "25006": (ServerReadOnly, "数据库现在只读（可能是备机），没有办成。请让 DATABASE_URL 指向可以写入的主库。"),
    "42501": (NoRight, "数据库账号没有所需的权限，没有办成。请系统管理员核对这个账号的权限，可先运行 jixiao doctor。"),
}
_AWAY = (
    "数据库在办理中途断开了（正在重启，或连接被切断），这一步没有确认办成。"
    "请确认数据库已经启动，再运行一次同样的命令；一直不行请运行 jixiao doctor。"
)


def refusal_behind(fault: BaseException) -> EngineError | None:
    """The refusal a fault amounts to when the database failed us, or was given what no row can hold; else None."""
    for each in _chain(fault):
        state = getattr(each, "sqlstate", None)
        if state in _SERVER:
            kind, message = _SERVER[state]
            return kind(message)
        refusal = refusal_of(each)
        if refusal is not None:
            return DatabaseAway(_AWAY) if isinstance(refusal, DatabaseAway) else refusal
    return None


def unforeseen(fault: BaseException, words: Sequence[str]) -> Accident:
    """What to tell; the trace is in the log by then, under the same number."""
    number = secrets.token_hex(4).upper()
    file = log_folder() / NAME
    try:
        _note(file, number, fault, words)
    except OSError as full:
        return Accident(
            "unexpected",
            f"程序出了意料之外的错，编号 {number}，没有确认办成。详细经过没能记下：“{file}”{why_not(full)[0]}。"
            "请把这句话告诉系统管理员。",
            {"number": number, "log": None},
        )
    return Accident(
        "unexpected",
        f"程序出了意料之外的错，编号 {number}，没有确认办成。请把编号告诉系统管理员，详细经过记在 {file}。",
        {"number": number, "log": str(file)},
    )


def log_folder() -> Path:
    """JIXIAO_LOGS, or `var/log` of the project."""
    return Path(os.environ.get("JIXIAO_LOGS") or PROJECT / "var" / "log")


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """The fault, what it was raised from, and what the driver said."""
    seen: set[int] = set()
    waiting: list[Any] = [fault]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [getattr(each, "orig", None), each.__cause__]
        if isinstance(each, SQLAlchemyError):
            waiting.append(each.__context__)


def _note(file: Path, number: str, fault: BaseException, words: Sequence[str]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    trace = "".join(traceback.format_exception(fault))
    if len(trace) > MOST_OF_ONE:
        trace = f"{trace[: MOST_OF_ONE // 2]}\n……\n{trace[-MOST_OF_ONE // 2 :]}"
    log = _Log(file, maxBytes=BYTES_OF_A_LOG, backupCount=OLDER_LOGS, encoding="utf-8", errors="backslashreplace")
    log.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    asked = "".join(each if each.isprintable() else "?" for each in " ".join(words))
    try:
        log.emit(logging.makeLogRecord({"msg": f"{number} jixiao {asked}\n{trace}", "levelname": "ERROR"}))
    finally:
        log.close()


class _Log(RotatingFileHandler):
    """Never a link or a device; for its owner only; what cannot be written is an OSError, no note on the terminal."""

    def _open(self) -> TextIOWrapper:
        how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self.baseFilename, how, 0o600)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FileExistsError(f"{self.baseFilename} is no plain file")
        os.fchmod(descriptor, 0o600)
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        raise  # noqa: PLE0704 - called from within an except
