"""When something the system does by itself fails: whose it is, and how it is told.

What lies with one case waits with an incident and stops nobody else; what lies with the database is tried again, for
all.
"""

import logging
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from engine.errors import EngineError, Unavailable, WrongState
from engine.store.database import ChangedMeanwhile
from engine.store.storable import OF_THE_DATABASE, StillBusy

_log = logging.getLogger(__name__)

_TRIED_AGAIN = (Unavailable, StillBusy, ChangedMeanwhile, OperationalError, InterfaceError)
"""The server is away, full or busy, or somebody was faster: nothing is wrong with the case."""


class ProgramBroke(WrongState):
    """The program itself failed on a case; its trace is in the log."""

    code = "incident.program_broke"


def lies_with_database(fault: Exception) -> bool:
    """Whether the same can simply be tried again, as it is."""
    return any(isinstance(each, _TRIED_AGAIN) for each in _behind(fault))


def ends_transaction(fault: Exception) -> bool:
    """Whether nothing more can be said to the database in the transaction that met it."""
    return any(isinstance(each, (DBAPIError, ChangedMeanwhile, *OF_THE_DATABASE)) for each in _behind(fault))


def in_words(fault: Exception) -> EngineError:
    """The fault as an operator reads it; one that is no refusal is a bug and leaves its trace in the log."""
    if isinstance(fault, EngineError):
        return fault
    _log.error("自动步骤没有走通", exc_info=fault)
    return ProgramBroke(
        f"程序出错（{type(fault).__name__}），这一步没有办成，案卷保持原状。"
        "请把这个时间的运行日志交给维护单位，换上改好的版本以后重试。"
    )


def in_short(fault: Exception) -> str:
    """The same in one line, for a log that hears of it again and again; without the statement the database refused."""
    if isinstance(fault, EngineError):
        return fault.message
    first, *_ = str(fault).splitlines() or [""]
    return f"{type(fault).__name__}: {first}"


def _behind(fault: BaseException | None) -> Iterator[BaseException]:
    """The fault, what it was raised from, and so on."""
    while fault is not None:
        yield fault
        fault = fault.__cause__
