"""Where a list goes on: an opaque word that names the last line shown, good for the same list with the same filters."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

from engine.errors import InvalidInput

MOST_LINES = 200
LONGEST = 2000
_T = TypeVar("_T")


class CursorRefused(InvalidInput):
    """The word is none of ours, was altered, or belongs to another list or other filters."""

    code = "list.cursor_refused"


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """Some lines of a list; `next` leads to the following ones and is None on the last page."""

    lines: tuple[_T, ...]
    next: str | None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "UUID": UUID,
    "int": int,
    "str": str,
    "bool": bool,
    "NoneType": lambda value: None,
}


def written(name: str, filters: Any, place: Sequence[Any]) -> str:
    """The word for a place in the list `name` under these filters; a place is days, instants, numbers, keys, texts."""
    cells = [[type(value).__name__, _plain(value)] for value in place]
    body = json.dumps([name, _print_of(filters), cells], ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(_check(body) + body).decode().rstrip("=")


def read(word: str | None, name: str, filters: Any) -> tuple[Any, ...] | None:
    """The place a word stands for, None for the beginning; refuses what `written` did not write for this list."""
    if word is None:
        return None
    try:
        raw = urlsafe_b64decode(word[:LONGEST].encode() + b"=" * (-len(word) % 4))
        body = raw[8:]
        if raw[:8] != _check(body):
            raise ValueError
        its_name, its_print, cells = json.loads(body)
        place = tuple(_READERS[kind](value) for kind, value in cells)
    except (ValueError, KeyError, TypeError, NotBase64) as reason:
        raise CursorRefused("翻页标记不完整或被改动过，没有翻页。请回到第一页重新查看。") from reason
    if (its_name, its_print) != (name, _print_of(filters)):
        raise CursorRefused("翻页标记属于另一个列表或另一组条件，没有翻页。请回到第一页重新查看。")
    return place


def page(name: str, filters: Any, rows: Sequence[Any], limit: int, place: Callable[[Any], Sequence[Any]]) -> Any:
    """The first `limit` of `rows` (asked for with one more) and the word that leads on, as (rows, next)."""
    shown = rows[:limit]
    return shown, written(name, filters, place(shown[-1])) if len(rows) > limit else None


def turn(
    session: Session,
    statement: Select[Any],
    keys: Sequence[Any],
    line: Callable[[Any], _T],
    *,
    name: str,
    filters: Any = None,
    limit: int = 50,
    after: str | None = None,
    latest_first: bool = True,
) -> Page[_T]:
    """A page of the list `name`, ordered by `keys`, which are the first columns of `statement` and name one row."""
    place = read(after, name, filters)
    limit = within(limit)
    if place is not None:
        here, there = tuple_(*keys), tuple_(*place)
        statement = statement.where(here < there if latest_first else here > there)
    order = [key.desc() if latest_first else key for key in keys]
    rows = session.execute(statement.order_by(*order).limit(limit + 1)).all()
    shown, leads_on = page(name, filters, rows, limit, lambda row: row[: len(keys)])
    return Page(tuple(line(row) for row in shown), leads_on)


def within(limit: int) -> int:
    """A page has between one line and `MOST_LINES`."""
    return max(1, min(limit, MOST_LINES))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value


def _print_of(filters: Any) -> str:
    return hashlib.sha256(repr(filters).encode()).hexdigest()[:12]


def _check(body: bytes) -> bytes:
    return hashlib.sha256(b"cursor" + body).digest()[:8]
