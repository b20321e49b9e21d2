"""随预决算公开的事项 of a year: targets and self-evaluation reports, with day, gate and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, true
from sqlalchemy.orm import Session, defer

from engine.cases import TO_PUBLISH, Case
from engine.directory import Actor, Unit
from engine.moves.permissions import permits
from engine.moves.publishing import (
    Duty,
    Passed,
    any_told,
    approved_on,
    documents,
    duty_of,
    last_told,
    passed_in,
    published_in,
)
from engine.queries import cursor
from engine.queries.named import of_words
from engine.queries.publication_gate import GateStep
from engine.queries.scope import visible_to
from engine.results.publication import steps_before_publication
from engine.stages import library_in_force, library_of
from engine.store.base import table_of
from engine.words import CaseState, DisclosureState, DocumentKind, PublicationStep, Role

_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One document: its `gate` with the `source` of that (None: 本区未规定), 应公开日 with the source of its time.

    `mine` says whether the actor puts on record what becomes of it, `of_unit` whether its unit does. `late_days` are
    calendar days after `due_on`.
    """

    case_id: int
    code: str
    name: str
    unit: str
    fiscal_year: int
    kind: DocumentKind
    since: date | None
    gate: tuple[GateStep, ...]
    source: str | None
    publishes: bool
    due_on: date | None
    period_source: str | None
    late_days: int
    published_on: date | None
    address: str | None
    withheld_reason: str | None
    state: DisclosureState
    of_unit: bool
    mine: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody has put on record yet what became of it."""
        return self.published_on is None and self.withheld_reason is None


def publication_duties(
    session: Session,
    actor: Actor,
    fiscal_year: int,
    *,
    on: date,
    settled: bool | None = False,
    text: str = "",
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[DutyLine]:
    """The documents of a year's cases the actor may see; `settled` False: those still open, None: all."""
    found = _documents(session, actor, _cases.fiscal_year == fiscal_year, on, settled, text)
    page = cursor.turn(
        session, found.statement, found.keys, lambda row: row, name="publication_duties",
        filters=(fiscal_year, settled, text), limit=limit, after=after, latest_first=False,
    )  # fmt: skip
    ids = [row[0] for row in page.lines]
    known = _Known(approved_on(session, ids), passed_in(session, actor.jurisdiction, fiscal_year, ids))
    return cursor.Page(tuple(_line(session, row, known, actor, on) for row in page.lines), page.next)


def duties_open(session: Session, actor: Actor, *, on: date) -> dict[int, int]:
    """Year → how many documents wait for this actor's unit to put on record what became of them, from last year's on.

    What waits in the whole place is not counted for 绩效股 at every look: it stands on the page of the duties.
    """
    if not permits("record_publication", actor) or Role.PERFORMANCE_OFFICE in actor.roles:
        return {}
    library = library_in_force(session)
    ways = published_in(library.policy_version(session, library.policy_ids[actor.jurisdiction]), on)
    of = documents(ways)
    with_budget = [kind for kind, steps in ways.items() if PublicationStep.WITH_BUDGET in steps]
    rows = session.execute(
        select(_cases.fiscal_year, func.count())
        .select_from(Case)
        .join(of, true())
        .where(visible_to(actor), _has_papers(_cases.fiscal_year >= on.year - 1), ~any_told(of))
        .where(of.c.kind.in_(with_budget))
        .group_by(_cases.fiscal_year)
        .order_by(_cases.fiscal_year)
    )
    return {row[0]: row[1] for row in rows}


def _has_papers(years: ColumnElement[bool]) -> ColumnElement[bool]:
    """Cases of these years with something to publish, along the index of just those."""
    return and_(years, literal_column(TO_PUBLISH), _cases.state != CaseState.CANCELLED)


@dataclass(frozen=True, slots=True)
class _Found:
    statement: Select[Any]
    keys: tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the cases of a page: when their targets were approved, and what was deliberated."""

    approved: Mapping[int, date]
    passed: Passed


def _documents(
    session: Session, actor: Actor, years: ColumnElement[bool], on: date, settled: bool | None, text: str = ""
) -> _Found:
    library = library_in_force(session)
    policy = library.policy_version(session, library.policy_ids[actor.jurisdiction])
    ways = published_in(policy, on)
    of = documents(ways)
    last = last_told(of)
    found = (
        select(
            _cases.id, of.c.kind, Case, Unit.name.label("unit"), last.c.published_on, last.c.address,
            last.c.withheld_reason,
        )
        .select_from(Case)
        .join(of, true())
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(last, true())
        .options(defer(Case.process_state), defer(Case.search))
        .where(visible_to(actor), _has_papers(years), *of_words(text))
    )  # fmt: skip
    if settled is not None:
        found = found.where(any_told(of) if settled else ~any_told(of))
    return _Found(found, (_cases.id, of.c.kind))


def _line(session: Session, row: Any, known: _Known, actor: Actor, on: date) -> DutyLine:
    found: Case = row.Case
    kind = DocumentKind(row.kind)
    policy = library_of(session).policy_version(session, found.policy_id)
    since = None if kind is DocumentKind.SELF_EVALUATION_REPORT else known.approved.get(found.id)
    duty = duty_of(found, policy, kind, known.passed, since, on)
    wanted = steps_before_publication(duty.steps)
    late = 0 if duty.due_on is None else max(0, ((row.published_on or on) - duty.due_on).days)
    office = Role.PERFORMANCE_OFFICE in actor.roles
    return DutyLine(
        case_id=found.id,
        code=found.code,
        name=found.name,
        unit=row.unit,
        fiscal_year=found.fiscal_year,
        kind=kind,
        since=since,
        gate=tuple(GateStep(PublicationStep(step), duty.passed.get(step)) for step in wanted),
        source=None if duty.gate.undefined else duty.gate.source,
        publishes=duty.publishes,
        due_on=duty.due_on,
        period_source=duty.period_source,
        late_days=0 if row.withheld_reason is not None else late,
        published_on=row.published_on,
        address=row.address,
        withheld_reason=row.withheld_reason,
        state=_state(row, duty),
        of_unit=duty.of_unit,
        mine=permits("record_publication", actor) and (office or duty.of_unit),
    )


def _state(row: Any, duty: Duty) -> DisclosureState:
    if row.published_on is not None:
        return DisclosureState.PUBLISHED
    if row.withheld_reason is not None:
        return DisclosureState.KEPT
    if not duty.publishes:
        return DisclosureState.TO_DECIDE
    return DisclosureState.MISSING if duty.missing else DisclosureState.WAITING
