"""What a row can hold: text without NUL, JSON that is JSON, figures that fit; the rest is refused in words."""

import json
from typing import Any

import psycopg
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import IntegrityError

from engine.errors import InvalidInput, Unavailable, WrongState

_NUMBER_TOO_LARGE = "22003"
_NO_TEXT = {"22021", "22P02", "22P05"}
"""PostgreSQL's words for bytes that are no text, JSON that is none, and characters JSON cells cannot keep."""
_REMEDY = "没有保存。请删去后重新录入。"


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class NotStorable(InvalidInput):
    """What was handed in holds something no row can keep."""

    code = "store.not_storable"


PATIENCE_SECONDS = 5
"""So long somebody at a page waits for what another is just then changing."""
_LOCKED = "55P03"


class StillBusy(WrongState):
    """What was to be changed was held by somebody else for longer than anybody at a page waits."""

    code = "store.still_busy"


class DatabaseAway(Unavailable):
    """The database does not answer: it is being restarted, or the way to it is cut."""

    code = "store.database_away"


OF_THE_DATABASE = (NotStorable, StillBusy, DatabaseAway)
"""Refusals after which a transaction can say nothing more to the database."""


def as_json(value: Any) -> str:
    """The value as JSON; refuses NaN, infinity and structures too deep to be meant."""
    try:
        return _encode(value)
    except ValueError as reason:
        raise NotStorable(f"内容里有不是数的“数”（NaN 或无穷大），{_REMEDY}") from reason
    except RecursionError as reason:
        raise too_deep() from reason


def too_deep() -> NotStorable:
    """The refusal of content nested deeper than anybody means."""
    return NotStorable(f"内容的层次太深，{_REMEDY}")


def refuse_in_words(context: ExceptionContext) -> BaseException | None:
    """`refusal_of` what SQLAlchemy met while it ran a statement."""
    return refusal_of(context.original_exception)


def refusal_of(fault: BaseException) -> NotStorable | StillBusy | DatabaseAway | None:
    """Our refusal for what a driver says of unstorable values, of a long wait or of a lost database; None for every
    other fault."""
    state = getattr(fault, "sqlstate", None)
    if isinstance(fault, NotStorable):
        return fault
    if state == _NUMBER_TOO_LARGE:
        return NotStorable(f"内容里有超出范围的数，{_REMEDY}")
    if isinstance(fault, UnicodeEncodeError) or state in _NO_TEXT or _is_nul(fault):
        return NotStorable(f"内容里有不能保存的字符（空字符或残缺的编码），{_REMEDY}")
    if state == _LOCKED:
        return StillBusy(
            f"这件案卷正在更新，已为您等待 {PATIENCE_SECONDS} 秒，仍未完成，没有写入。填写的内容还在，请稍后再办。"
        )
    if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError) and _is_away(state):
        return DatabaseAway(
            "数据库暂时连不上，这一步没有确认保存。请稍候片刻，刷新后看看办到哪一步，没有办成的再办一次；一直不行请联系管理员。"
        )
    return None


def _is_away(state: str | None) -> bool:
    """Whether the server never answered, hung up, or says it is starting, stopping or full up."""
    return state is None or state[:2] == "08" or state[:3] == "57P" or state == "53300"


def _is_nul(fault: BaseException) -> bool:
    return "NUL" in str(fault) and type(fault).__name__ == "DataError"


def constraint_of(fault: IntegrityError) -> str | None:
    """The name of the constraint that did not hold."""
    name: str | None = getattr(getattr(fault.orig, "diag", None), "constraint_name", None)
    return name
