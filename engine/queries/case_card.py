"""一份案卷: where it stands and what it waits for, its papers, scores, days, effects and open faults, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from engine import process
from engine.audit import Entry, read_entry
from engine.audit.events.cases import CaseMigrated
from engine.audit.events.deadlines import DeadlineSet, DeadlinesExtended
from engine.cases import Case, CaseNotFound, FundLine, Incident
from engine.directory import Actor, Person, Unit
from engine.queries.case_days import OF_ONE_DAY, DayToKeep, WaitsFor, days_and_tasks_of
from engine.queries.case_papers import OF_LATENESS, Paper, papers_of
from engine.queries.scope import visible_to
from engine.queries.stage_strip import BEFORE, OF_THE_STRIP, Noted, StagePart, stage_strip
from engine.results.model import ResultEffect
from engine.stages import diagrams_of, library_of
from engine.store.archives import table_of_all
from engine.store.base import table_of
from engine.submissions import Attachment
from engine.words import CaseState, said_process

_cases, _journal = table_of(Case).c, table_of(Entry).c

_TOLD = (*OF_THE_STRIP, *BEFORE, *OF_LATENESS, CaseMigrated.name, *(kind.name for kind in OF_ONE_DAY))
"""The entries the card is told from."""

WAITED_FOR = {
    "spot_review.drawn": "等待自评复核抽样",
    "key_evaluation.planned": "等待年度重点评价计划",
}
"""Message → what is waited for, where it is not simply the launch of a stage."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a token stands in the diagram: a step, a message or a date waited for.

    `lane` says who does it, `number` is its place (from 1) among the steps of the process told as text.
    """

    process: str
    element: str
    name: str
    kind: str
    lane: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of the results on a budget; `rate` is a fraction, amounts are 万元."""

    budget_year: int
    effect: str
    rate: Decimal | None
    base_wan: Decimal | None
    cut_wan: Decimal | None
    note: str | None
    source: str
    status: str
    state: str
    exception_reason: str | None


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """A fault that was not put right yet."""

    id: int
    element: str | None
    message: str
    attempts: int
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class CaseCard:
    """The whole page. Amounts are 万元; `messages` says in words what is waited for that is nobody's task.

    `version` is what the next command is handed as `expected`. `just_migrated`: its migration is the last thing on
    record, so it can be taken back.
    """

    case_id: int
    code: str
    name: str
    object_kind: str
    fiscal_year: int
    unit_id: int
    unit: str
    department: str | None
    agency: str | None
    amount_wan: Decimal
    fund_lines: tuple[tuple[str, Decimal], ...]
    state: str
    stage: str | None
    version: int
    strip: tuple[StagePart, ...]
    tasks: tuple[WaitsFor, ...]
    messages: tuple[str, ...]
    positions: tuple[Position, ...]
    papers: tuple[Paper, ...]
    days: tuple[DayToKeep, ...]
    effects: tuple[Effect, ...]
    incidents: tuple[OpenIncident, ...]
    attachments: int
    just_migrated: bool

    @property
    def scores(self) -> dict[str, Paper]:
        """Kind → the latest paper so scored that was not sent back: 自评, 复核, 第三方 side by side."""
        counting = [p for p in self.papers if p.score_kind and p.state not in ("returned", "withdrawn")]
        return {paper.score_kind: paper for paper in counting if paper.score_kind}


def case_card(session: Session, actor: Actor, case_id: int) -> CaseCard:
    """One case as this actor may see it; refuses a case that is not there for them."""
    row = session.execute(_case(case_id, visible_to(actor))).one_or_none()
    if row is None:
        raise CaseNotFound("没有这份案卷，或者您无权查看。请核对编号。", case_id=case_id)
    case: Case = row.Case
    entries = session.execute(_entries(case)).all()
    policy = library_of(session).policy_version(session, case.policy_id)
    noted = [Noted(entry.at, read_entry(entry.type, None, entry.payload)) for entry in entries]
    over = case.state in (CaseState.CLOSED, CaseState.CANCELLED)
    days, open_tasks = days_and_tasks_of(session, case, entries)
    return CaseCard(
        case_id=case.id,
        code=case.code,
        name=case.name,
        object_kind=case.object_kind,
        fiscal_year=case.fiscal_year,
        unit_id=case.unit_id,
        unit=row.unit,
        department=row.department,
        agency=row.agency,
        amount_wan=case.amount_wan,
        fund_lines=tuple((line["name"], Decimal(line["amount_wan"])) for line in row.lines or ()),
        state=case.state,
        stage=case.stage,
        version=case.journal_seq,
        strip=stage_strip(case.object_kind, case.stage, over, noted, policy),
        tasks=open_tasks,
        messages=() if over else _messages(case),
        positions=positions_of(session, case),
        papers=papers_of(session, actor, case, noted),
        days=days,
        effects=tuple(_effect(told) for told in row.effects or ()),
        incidents=tuple(_incident(told) for told in row.incidents or ()),
        attachments=row.attachments,
        just_migrated=any(entry.type == CaseMigrated.name and entry.seq == case.journal_seq for entry in entries),
    )


def _case(case_id: int, visible: ColumnElement[bool]) -> Any:
    """The case with the names of its units and the few rows that hang on it, amounts and days as text."""
    department, agency, unit = aliased(Unit), aliased(Unit), aliased(Unit)
    lines, effects, incidents = table_of(FundLine).c, table_of(ResultEffect).c, table_of(Incident).c
    return (
        select(
            Case,
            unit.name.label("unit"),
            department.name.label("department"),
            agency.name.label("agency"),
            _listed(lines.line_no, lines.case_id, name=lines.name, amount_wan=lines.amount_wan).label("lines"),
            _listed(
                effects.id, effects.case_id, budget_year=effects.budget_year, effect=effects.effect, rate=effects.rate,
                base_wan=effects.base_wan, cut_wan=effects.cut_wan, note=effects.note, source=effects.source,
                status=effects.status, state=effects.state, exception_reason=effects.exception_reason,
            ).label("effects"),
            _listed(
                incidents.id, incidents.case_id, incidents.state == "open", id=incidents.id, element=incidents.element,
                message=incidents.message, attempts=incidents.attempts, raised_at=incidents.raised_at,
            ).label("incidents"),
            select(func.count())
            .where(Attachment.case_id == Case.id)
            .correlate(Case)
            .scalar_subquery()
            .label("attachments"),
        )
        .join(unit, unit.id == Case.unit_id)
        .outerjoin(department, department.id == Case.department_id)
        .outerjoin(agency, agency.id == Case.agency_id)
        .where(Case.id == case_id, visible)
    )  # fmt: skip


def _listed(order: Any, case_id: Any, *also: Any, **cells: Any) -> Any:
    """Rows of the case as a JSON list, every cell as text, in that order."""
    told = [part for name, cell in cells.items() for part in (text(f"'{name}'"), cast(cell, Text))]
    rows = func.jsonb_agg(aggregate_order_by(func.jsonb_build_object(*told), order))
    return select(rows).where(case_id == _cases.id, *also).correlate(Case).scalar_subquery()


def _effect(told: Mapping[str, Any]) -> Effect:
    """Cells come as text."""
    figures = {name: _figure(told[name]) for name in ("rate", "base_wan", "cut_wan")}
    return Effect(**{**told, **figures, "budget_year": int(told["budget_year"])})


def _incident(told: Mapping[str, Any]) -> OpenIncident:
    id_, attempts, raised_at = int(told["id"]), int(told["attempts"]), datetime.fromisoformat(told["raised_at"])
    return OpenIncident(id_, told["element"], told["message"], attempts, raised_at)


def _figure(text_of: str | None) -> Decimal | None:
    return None if text_of is None else Decimal(text_of)


def _entries(case: Case) -> Any:
    """The entries that say which stages applied, which days were moved and what came late, with who wrote them.

    Days of the whole year are moved in the jurisdiction's own chain; what such a day was before stands in the case's.
    """
    of_all = (
        select(table_of(Entry))
        .where(
            _journal.jurisdiction == case.jurisdiction,
            _journal.case_id == 0,
            _journal.type == DeadlinesExtended.name,
            _journal.payload["fiscal_year"].astext == str(case.fiscal_year),
        )
        .cte("of_all")
    )
    moved = select(of_all.c.payload["deadline"].astext)
    entries = table_of_all(Entry)
    own = select(*(entries.c[column.name] for column in table_of(Entry).columns)).where(
        entries.c.jurisdiction == case.jurisdiction,
        entries.c.case_id == case.id,
        or_(
            entries.c.type.in_(_TOLD),
            and_(entries.c.type == DeadlineSet.name, entries.c.payload["deadline"].astext.in_(moved)),
        ),
    )
    told = union_all(own, select(of_all)).subquery("told").c
    return (
        select(told.type, told.seq, told.at, told.payload, Person.name.label("by"))
        .outerjoin(Person, Person.id == told.by)
        .order_by(told.case_id.desc(), told.seq)
    )


def _messages(case: Case) -> tuple[str, ...]:
    """What is waited for in the middle of the flow; what may interrupt a step is not waited for."""
    waited = sorted(message for message, host in case.waits.values() if host is None)
    return tuple(WAITED_FOR.get(message) or _launch(message) for message in waited)


def _launch(message: str) -> str:
    stage, _, what = message.partition(".")
    return f"等待部署{said_process(stage)}" if what == "launched" else f"等待“{said_process(stage)}”"


def positions_of(session: Session, case: Case) -> tuple[Position, ...]:
    """Where the tokens stand, in the reading order of the diagrams told as text, each with who does the step.

    Nowhere when the case is over.
    """
    if case.state in (CaseState.CLOSED, CaseState.CANCELLED):
        return ()
    diagrams = diagrams_of(session, case.diagrams_id)
    step = process.look(diagrams, case.process_state)
    waiting: list[tuple[str, Any]] = [("task", task) for task in step.opened_tasks]
    waiting += [("message", catch) for catch in step.opened_catches if catch.host is None]
    waiting += [("timer", timer) for timer in step.opened_timers if timer.host is None]
    return tuple(
        Position(told.process_id, outlined.element_id, outlined.name, kind, outlined.lane, number)
        for kind, told in waiting
        for number, outlined in enumerate(diagrams.steps(told.process_id), start=1)
        if outlined.element_id == told.element_id
    )
