"""审计记录, 查阅记录: who came in, who did what, who read what; for the 审计管理员 alone, and only to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from engine.accounts.model import AccessEntry
from engine.audit import EVENTS, Entry, read_entry
from engine.audit.events import Words
from engine.cases import Case
from engine.clock import first_late, start_of_day
from engine.directory import Actor, Person
from engine.moves.permissions import must_be_let_in
from engine.queries import cursor
from engine.queries.telling import words_for
from engine.stages import library_in_force, step_names
from engine.store.base import table_of
from engine.words import Access

_access, _journal = table_of(AccessEntry).c, table_of(Entry).c
READINGS = (Access.READ,)
_PEOPLE = frozenset({"to", "person", "absent", "substitute", "holder", "agreed_by", "drafted_by"})
"""Facts of events that are numbers of people."""


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """Which lines: of a person whose name or login has the text, of one kind, of one day in China."""

    text: str = ""
    kind: str | None = None
    day: date | None = None


EVERYTHING = RecordFilters()


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of the access log: `person` is empty where no account was meant; `by` is the administrator who did it.

    `facts` are what the log keeps besides, `case` the name of the case that was read.
    """

    id: int
    at: datetime
    person: str
    login: str
    what: Access
    from_address: str
    by: str | None
    case: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One entry of the journal: `case` is None for what belongs to no case, `by` is empty for the system."""

    id: int
    at: datetime
    seq: int
    case_id: int
    case: str | None
    by: str
    acting_for: str | None
    title: str
    sentence: str


def access_lines(
    session: Session,
    actor: Actor,
    *,
    readings: bool = False,
    filters: RecordFilters = EVERYTHING,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[AccessLine]:
    """登录与账号, or (`readings`) what observers have read and which cases were taken away; latest first."""
    must_be_let_in("see_audit", actor)
    which = _access.what.in_(READINGS) if readings else _access.what.not_in(READINGS)
    who, doer = aliased(Person), aliased(Person)
    found = (
        select(
            _access.id, _access.at, who.name, _access.login, _access.what, _access.from_address, doer.name.label("by"),
            _cases_name(), _access.facts,
        )
        .outerjoin(who, who.id == _access.person_id)
        .outerjoin(doer, doer.id == _access.facts["by"].as_integer())
        .where(_access.jurisdiction == actor.jurisdiction, which, *_on(_access.at, filters.day))
    )  # fmt: skip
    if filters.kind is not None:
        found = found.where(_access.what == filters.kind)
    if filters.text:
        found = found.where(
            who.name.contains(filters.text, autoescape=True) | _access.login.contains(filters.text, autoescape=True)
        )
    return cursor.turn(
        session, found, (_access.id,), _access_line,
        name="readings" if readings else "access", filters=filters, limit=limit, after=after,
    )  # fmt: skip


def journal_lines(
    session: Session, actor: Actor, *, filters: RecordFilters = EVERYTHING, limit: int = 50, after: str | None = None
) -> cursor.Page[JournalLine]:
    """办理记录 of all cases that are not packed away, and of the jurisdiction itself; the latest first."""
    must_be_let_in("see_audit", actor)
    doer, absent = aliased(Person), aliased(Person)
    found = (
        select(
            _journal.id, _journal.at, _journal.seq, _journal.case_id, Case.name.label("case"), doer.name.label("by"),
            absent.name.label("acting_for"), _journal.type, _journal.version, _journal.payload,
        )
        .outerjoin(Case, Case.id == _journal.case_id)
        .outerjoin(doer, doer.id == _journal.by)
        .outerjoin(absent, absent.id == _journal.acting_for)
        .where(_journal.jurisdiction == actor.jurisdiction, *_on(_journal.at, filters.day))
    )  # fmt: skip
    if filters.kind is not None:
        found = found.where(_journal.type == filters.kind)
    if filters.text:
        found = found.where(doer.name.contains(filters.text, autoescape=True))
    rows = cursor.turn(
        session, found, (_journal.id,), lambda row: row, name="journal", filters=filters, limit=limit, after=after
    )
    words = _words(session, rows.lines)
    return cursor.Page(tuple(_journal_line(row, words) for row in rows.lines), rows.next)


def last_check(session: Session, actor: Actor) -> AccessLine | None:
    """When the journal was verified last on these pages, by whom and with what result; None where it never was."""
    must_be_let_in("verify_audit", actor)
    who = aliased(Person)
    row = session.execute(
        select(AccessEntry, who.name)
        .outerjoin(who, who.id == AccessEntry.person_id)
        .where(AccessEntry.what == Access.VERIFIED, AccessEntry.jurisdiction == actor.jurisdiction)
        .order_by(AccessEntry.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    entry, name = row
    return AccessLine(
        entry.id, entry.at, name or "", entry.login, entry.what, entry.from_address, None, None, entry.facts
    )


def kinds_of_events() -> dict[str, str]:
    """Every kind of event by its name on the wire → what it is called."""
    return {name: kind.title for name, kind in sorted(EVENTS.items(), key=lambda each: each[1].title)}


def _cases_name() -> Any:
    number = _access.facts["case"].as_integer()
    return select(Case.name).where(Case.id == number).correlate(table_of(AccessEntry)).scalar_subquery().label("case")


def _on(column: ColumnElement[datetime], day: date | None) -> tuple[ColumnElement[bool], ...]:
    if day is None:
        return ()
    return column >= start_of_day(day), column < first_late(day)


def _access_line(row: Any) -> AccessLine:
    return AccessLine(
        row.id, row.at, row.name or "", row.login, row.what, row.from_address, row.by, row.case, row.facts
    )


def _words(session: Session, rows: Sequence[Any]) -> Words:
    """How steps and people are called in sentences about these rows."""
    told = {value for row in rows for name, value in row.payload.items() if name in _PEOPLE and isinstance(value, int)}
    people = session.execute(select(Person.id, Person.name).where(Person.id.in_(told))).all() if told else ()
    number = library_in_force(session).diagrams_id or 0
    return words_for(step_names(session, number), {row.id: row.name for row in people})


def _journal_line(row: Any, words: Words) -> JournalLine:
    event = read_entry(row.type, row.version, row.payload)
    return JournalLine(
        row.id, row.at, row.seq, row.case_id, row.case, row.by or "", row.acting_for, event.title,
        event.sentence(words),
    )  # fmt: skip
