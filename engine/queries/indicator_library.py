"""指标库: the entries that can be taken into a target, found by a few letters, and one entry with all its changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Text, bindparam, column, func, literal, or_, select, true
from sqlalchemy.orm import Session

from engine.directory import Actor, Person, Unit
from engine.indicators import COLUMNS, Indicator, IndicatorChange, IndicatorUse, IndicatorWord, LibraryFile, may_keep
from engine.moves.indicators import DIRECTION_LABELS, CheckedLine, indicator_by_id, library_file, lines_in
from engine.moves.permissions import READS
from engine.queries import cursor
from engine.queries.desks import searched
from engine.store.base import table_of
from engine.words import IndicatorScope, IndicatorState, Role

NAME = "indicators"
MOST_INDUSTRIES = 300
MOST_TYPED = 50
COUNTED = 200
"""So far the entries that have two characters are counted; behind it, they are many."""
_library, _words = table_of(Indicator).c, table_of(IndicatorWord).c
_uses, _units = table_of(IndicatorUse).c, table_of(Unit).c


@dataclass(frozen=True, slots=True)
class IndicatorFilters:
    """Which entries; `text` is looked for in codes, names and pinyin initials, `own` leaves those of one's house."""

    text: str = ""
    industry: str | None = None
    level2: str | None = None
    scope: IndicatorScope | None = None
    own: bool = False
    state: IndicatorState | None = None


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One entry as a line; `used` counts the cases in which a version with it was filed, `owner` is who keeps it."""

    id: int
    code: str
    name: str
    level1: str
    level2: str
    industry: str
    direction: str
    unit: str
    calculation: str
    scope: IndicatorScope
    owner_id: int
    owner: str
    state: IndicatorState
    version: int
    used: int

    @property
    def direction_label(self) -> str:
        """The direction as people read it."""
        return DIRECTION_LABELS.get(self.direction, self.direction)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of an entry: what stood in each cell, and what stands there since."""

    version: int
    cells: tuple[tuple[str, str, str], ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """One entry, the latest change first, and whether this actor keeps it."""

    line: IndicatorLine
    changes: tuple[ChangeLine, ...]
    kept_by_me: bool


@dataclass(frozen=True, slots=True)
class FileCheck:
    """核对: a file that was brought and, until it is written, its rows as they would be."""

    file: LibraryFile
    rows: tuple[CheckedLine, ...]


EVERY_ENTRY = IndicatorFilters()


def indicator_library(
    session: Session,
    actor: Actor,
    *,
    filters: IndicatorFilters = EVERY_ENTRY,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[IndicatorLine]:
    """The entries of the jurisdiction in order of their codes; everybody who fills in or judges targets sees all."""
    _must_see(actor)
    place = cursor.read(after, NAME, filters)
    limit = cursor.within(limit)
    found = _codes(session, actor, filters)
    code = found.selected_columns.code
    if place is not None:
        found = found.where(code > place[0])
    codes = found.order_by(code).limit(limit + 1).subquery("found")
    asked = _lines(actor).join(codes, codes.c.code == _library.code).order_by(_library.code)
    rows = session.execute(asked, searched(filters.text)).all()
    shown, leads_on = cursor.page(NAME, filters, rows, limit, lambda row: (row.code,))
    return cursor.Page(tuple(_line(row) for row in shown), leads_on)


def indicator_card(session: Session, actor: Actor, indicator_id: int) -> IndicatorCard:
    """One entry with what it said before. Refuses a number none has here."""
    _must_see(actor)
    indicator = indicator_by_id(session, indicator_id)
    row = session.execute(_lines(actor).where(_library.id == indicator_id)).one()
    changes = session.execute(
        select(IndicatorChange, Person.name)
        .join(Person, Person.id == IndicatorChange.changed_by)
        .where(IndicatorChange.indicator_id == indicator_id)
        .order_by(IndicatorChange.version.desc())
        .limit(cursor.MOST_LINES)
    )
    told = tuple(
        ChangeLine(change.version, _cells(change.cells), change.reason, who, change.changed_at)
        for change, who in changes
    )
    return IndicatorCard(_line(row), told, may_keep(actor, indicator))


def entries_by_code(session: Session, actor: Actor, codes: Iterable[str]) -> Mapping[str, IndicatorLine]:
    """Code → entry of those there are, retired ones too."""
    _must_see(actor)
    wanted = sorted(set(codes))
    rows = session.execute(_lines(actor).where(_library.code.in_(wanted))) if wanted else ()
    return {row.code: _line(row) for row in rows}


def industries(session: Session, actor: Actor) -> Sequence[str]:
    """The industries entries name, each once; found by leaping along the index, however many entries there are."""
    _must_see(actor)
    here = _library.jurisdiction == actor.jurisdiction
    first = select(func.min(_library.industry).label("industry")).where(here, _library.industry > "")
    leap = first.cte("leap", recursive=True)
    further = select(func.min(_library.industry)).where(here, _library.industry > leap.c.industry).scalar_subquery()
    leap = leap.union_all(select(further).where(leap.c.industry.is_not(None)))
    found = select(leap.c.industry).where(leap.c.industry.is_not(None)).limit(MOST_INDUSTRIES)
    return [industry for (industry,) in session.execute(found)]


def keeps_any(session: Session, actor: Actor) -> bool:
    """Whether the actor's own unit has an entry of its own in the library."""
    _must_see(actor)
    return session.scalar(select(_library.id).where(_library.owner_id == actor.unit_id).limit(1)) is not None


def file_check(session: Session, actor: Actor, file_id: int) -> FileCheck:
    """A file this person brought, its rows checked against the library as it is now."""
    _must_see(actor)
    kept = library_file(session, actor, file_id)
    return FileCheck(kept, lines_in(session, actor, kept) if kept.written_at is None else ())


def files_brought(session: Session, actor: Actor) -> Sequence[LibraryFile]:
    """The files this person brought, the latest first."""
    _must_see(actor)
    mine = LibraryFile.brought_by == actor.person_id, LibraryFile.owner_id == actor.unit_id
    return session.scalars(select(LibraryFile).where(*mine).order_by(LibraryFile.id.desc()).limit(20)).all()


def _must_see(actor: Actor) -> None:
    actor.must_hold(*(role for role in Role if role in READS["see_indicators"].offices))


def _codes(session: Session, actor: Actor, filters: IndicatorFilters) -> Select[Any]:
    """The codes of the entries meant. Words are looked up by the rarest two characters of theirs, in order of code.

    The lateral join with its limit keeps PostgreSQL from reading all that have the word before it sorts them.
    """
    wanted = [_library.jurisdiction == actor.jurisdiction, *_conditions(actor, filters)]
    word = _rarest(session, actor, filters.text)
    if word is None:
        return select(_library.code).where(*wanted)
    hit = select(true().label("hit")).where(*wanted, _library.code == _words.code).limit(1).lateral("hit")
    return (
        select(_words.code)
        .select_from(table_of(IndicatorWord).join(hit, true()))
        .where(_words.jurisdiction == actor.jurisdiction, _words.word == word)
    )


def _rarest(session: Session, actor: Actor, text: str) -> str | None:
    """Of the neighbouring characters of a text the two that fewest entries have; None for a single character."""
    typed = text.strip()[:MOST_TYPED].lower()
    words = sorted({pair for at in range(len(typed) - 1) if " " not in (pair := typed[at : at + 2])})
    if len(words) < 2:
        return words[0] if words else None
    some = (
        select(literal(1))
        .where(_words.jurisdiction == actor.jurisdiction, _words.word == column("typed"))
        .limit(COUNTED)
        .subquery()
    )
    typed_words = func.unnest(bindparam("words", words, type_=ARRAY(Text()))).table_valued(column("typed", Text()))
    named = typed_words.render_derived(name="typed_words")
    many = select(func.count()).select_from(some).scalar_subquery()
    return session.scalar(select(named.c.typed).order_by(many, named.c.typed).limit(1))


def _conditions(actor: Actor, filters: IndicatorFilters) -> list[ColumnElement[bool]]:
    equal = {
        _library.industry: filters.industry,
        _library.level2: filters.level2,
        _library.scope: filters.scope,
        _library.state: filters.state,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if filters.own:
        found.append(_library.owner_id.in_(_department_of(actor)))
    if filters.text.strip():
        found.append(_library.search.like(bindparam("like", type_=Text()), escape="/"))
    return found


def _department_of(actor: Actor) -> Select[Any]:
    """The actor's unit, its department and the units below it."""
    above = select(_units.department_id).where(_units.id == actor.unit_id).scalar_subquery()
    return select(_units.id).where(
        or_(_units.id == actor.unit_id, _units.id == above, _units.department_id == actor.unit_id)
    )


def _lines(actor: Actor) -> Select[Any]:
    used = select(func.count()).where(_uses.jurisdiction == actor.jurisdiction, _uses.code == _library.code)
    return (
        select(
            _library.id, *(_library[column] for column in COLUMNS), _library.scope, _library.owner_id, _library.state,
            _library.version, _units.name.label("owner"), used.scalar_subquery().label("used"),
        )
        .select_from(table_of(Indicator).join(table_of(Unit), _units.id == _library.owner_id))
        .where(_library.jurisdiction == actor.jurisdiction)
    )  # fmt: skip


def _line(row: Any) -> IndicatorLine:
    return IndicatorLine(**row._mapping)


def _cells(cells: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Label, before and after of every cell that changed, as people read them."""
    labels = {**COLUMNS, "state": "状态"}
    return tuple(
        (labels.get(column, column), _said(column, before), _said(column, after))
        for column, (before, after) in cells.items()
    )


def _said(column: str, value: str) -> str:
    if column == "state":
        return IndicatorState.said(value)
    return DIRECTION_LABELS.get(value, value) if column == "direction" else value
