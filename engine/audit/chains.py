"""Reading the journal chain by chain: the entries that lie in rows, and before them those packed with their case."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import JSON, Select, bindparam, column, func, select, true
from sqlalchemy.orm import Session

from engine.audit.model import Entry
from engine.store.archives import CaseArchive
from engine.store.base import table_of

Chain = tuple[int, list[Mapping[str, Any]]]
"""The number of a case and its entries in order."""

_journal, _archives = table_of(Entry), table_of(CaseArchive)
_NAMES = ("seq", "type", "payload", "by", "acting_for", "at", "hash", "version", "stage")
_packed = func.unnest(_archives.c.journal).table_valued(
    *(column(name, JSON() if name == "payload" else _journal.c[name].type) for name in _NAMES), name="packed"
)
_IN_ROWS = (
    select(_journal.c.jurisdiction, _journal.c.case_id, *(_journal.c[name] for name in _NAMES))
    .where(_journal.c.jurisdiction == bindparam("jurisdiction"))
    .order_by(_journal.c.case_id, _journal.c.seq)
)
_PACKED = (
    select(_archives.c.jurisdiction, _archives.c.case_id, *(_packed.c[name] for name in _NAMES))
    .select_from(_archives.join(_packed, true()))
    .where(_archives.c.jurisdiction == bindparam("jurisdiction"))
    .order_by(_archives.c.case_id)
)
_ENDS = select(_archives.c.case_id, _archives.c.last_seq, _archives.c.last_at, _archives.c.head).where(
    _archives.c.jurisdiction == bindparam("jurisdiction")
)


class PackedEnd(NamedTuple):
    """How an archive says its part of the chain ends: sequence of the last entry, latest instant, last hash."""

    case_id: int
    seq: int
    at: datetime | None
    head: bytes | None


def chains_of(session: Session, jurisdiction: str) -> Iterator[Chain]:
    """Each chain of the jurisdiction with its entries in order, read in portions."""
    told = {"jurisdiction": jurisdiction}
    rows: tuple[Any, ...] = tuple(session.execute(_in_portions(part), told) for part in (_PACKED, _IN_ROWS))
    for case_id, chain in groupby(merge(*rows, key=attrgetter("case_id")), key=attrgetter("case_id")):
        yield case_id, sorted((dict(row._mapping) for row in chain), key=itemgetter("seq"))


def packed_ends(session: Session, jurisdiction: str) -> list[PackedEnd]:
    """What every archive of the jurisdiction says of its end."""
    return [PackedEnd(*row) for row in session.execute(_ENDS, {"jurisdiction": jurisdiction})]


def packed_until(session: Session, jurisdiction: str, until: datetime) -> list[PackedEnd]:
    """The archives in which nothing is later than `until`; what they say of their end stands for their entries."""
    rows = session.execute(_ENDS.where(_archives.c.last_at <= until), {"jurisdiction": jurisdiction})
    return [PackedEnd(*row) for row in rows]


def entries_until(session: Session, jurisdiction: str, until: datetime) -> Iterator[Mapping[str, Any]]:
    """All other entries up to `until`, each with case_id, seq, at and hash; those of a case in their order."""
    for part in (
        _PACKED.where(_archives.c.last_at > until, _packed.c.at <= until).order_by(_packed.c.seq),
        _IN_ROWS.where(_journal.c.at <= until),
    ):
        lean = part.with_only_columns(*(part.selected_columns[name] for name in ("case_id", "seq", "at", "hash")))
        for row in session.execute(_in_portions(lean), {"jurisdiction": jurisdiction}):
            yield dict(row._mapping)


def _in_portions(statement: Select[Any]) -> Select[Any]:
    return statement.execution_options(yield_per=2000)
