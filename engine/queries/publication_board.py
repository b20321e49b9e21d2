"""公开事项 of a year, a result a line: what stands before publication, what is on record, and the three checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select, true
from sqlalchemy.orm import Session, defer

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.moves.gate import gate_of
from engine.moves.lookahead import PUBLISHING
from engine.moves.sittings import STEPS
from engine.queries import cursor
from engine.queries.counting import counting_score
from engine.queries.named import of_words
from engine.queries.open_steps import OpenStep, open_steps
from engine.queries.publication_gate import OF_DIAGRAM, GateStep
from engine.queries.scope import visible_to
from engine.results.model import Deliberation, Disclosure
from engine.results.publication import Checks, checks_of, document_kind
from engine.stages import library_of
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms.disclosure_items import KINDS
from engine.words import (
    DELIBERATIONS,
    CaseKind,
    CaseState,
    DisclosureState,
    DocumentKind,
    PublicationStep,
    ScoreKind,
    Stage,
)

_cases, _items, _sittings = table_of(Case).c, table_of(Disclosure).c, table_of(Deliberation).c
LIST = "F14"
SETTLED = (DisclosureState.PUBLISHED, DisclosureState.WITHHELD)
"""States the database can be asked for; the others follow from the tables of the case."""


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """Which results: of a kind of document, published, withheld or neither (`settled` False), found by those words."""

    document_kind: str | None = None
    state: str | None = None
    settled: bool | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One result: `gate` are the steps the jurisdiction puts first, `source` their row (None: 本区未规定).

    `publishes` says whether the table leads to publication. `due_on` is 应公开日, with the deadline it is counted by
    while that runs. `state` is a word of DisclosureState.
    """

    case_id: int
    code: str
    name: str
    unit: str
    fiscal_year: int
    score: Decimal
    grade: str | None
    document_kind: str
    document: str
    gate: tuple[GateStep, ...]
    source: str | None
    publishes: bool
    due_on: date | None
    deadline_id: UUID | None
    published_on: date | None
    address: str | None
    withheld_reason: str | None
    checks: Checks
    state: str
    steps: tuple[OpenStep, ...]

    @property
    def missing(self) -> tuple[GateStep, ...]:
        """The steps that are not on record yet."""
        return tuple(step for step in self.gate if step.held_on is None)

    def step_recording(self, body: PublicationStep) -> OpenStep | None:
        """The open step in which a sitting of that body is put on record."""
        return next((step for step in self.steps if body in STEPS.get(step.element, ())), None)

    def why_not_recorded_now(self, body: PublicationStep) -> str | None:
        """Why a sitting of that body on this result cannot be put on record now; None where it can."""
        held = next((step.held_on for step in self.gate if step.body == body and step.held_on is not None), None)
        step = self.step_recording(body)
        if step is not None:
            return None if step.mine else f"这一步在{step.office}，须由其办理。"
        if held is not None:
            return f"{body.label}已于 {held:%Y-%m-%d} 登记，不必再登记。"
        if body not in [step.body for step in self.gate]:
            return f"本区规定的前置程序里没有“{body.label}”，不登记。"
        if body not in OF_DIAGRAM:
            return None
        now = "、".join(step.step for step in self.steps) or "没有待办的步骤"
        return f"还没有走到登记审议这一步，现在是：{now}。"


EVERY_RESULT = BoardFilters()


def publication_board(
    session: Session,
    actor: Actor,
    fiscal_year: int,
    *,
    on: date,
    filters: BoardFilters = EVERY_RESULT,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[BoardLine]:
    """The results of a year that are used or were, of cases the actor may see, the latest first; `on` is today."""
    page = cursor.turn(
        session, _results(actor, fiscal_year, filters), (_cases.id,), lambda row: row,
        name="publication_board", filters=(fiscal_year, filters), limit=limit, after=after,
    )  # fmt: skip
    ids = [row[0] for row in page.lines]
    passed, papers, steps = (
        _passed(session, actor, fiscal_year, ids),
        _papers(session, ids),
        open_steps(session, actor, ids),
    )
    lines = [_line(session, row, passed, papers.get(row[0]), steps.get(row[0], ()), on) for row in page.lines]
    return cursor.Page(tuple(lines), page.next)


def _results(actor: Actor, fiscal_year: int, filters: BoardFilters) -> Any:
    """The case with its score, and what was last put on record of its result."""
    counting = counting_score(_cases.id)
    kind = _document_kind(counting.c.kind)
    last = (
        select(_items.published_on, _items.address, _items.withheld_reason)
        .where(_items.case_id == _cases.id, _items.document_kind == kind)
        .order_by(_items.id.desc())
        .limit(1)
        .lateral("last")
    )
    settled = or_(last.c.published_on.is_not(None), last.c.withheld_reason.is_not(None))
    found = (
        select(
            _cases.id, Case, Unit.name.label("unit"), counting.c.total, counting.c.grade, kind.label("document_kind"),
            last.c.published_on, last.c.address, last.c.withheld_reason,
        )
        .select_from(Case)
        .join(Unit, Unit.id == _cases.unit_id)
        .join(counting, true())
        .outerjoin(last, true())
        .options(defer(Case.process_state), defer(Case.search))
        .where(
            visible_to(actor),
            _cases.fiscal_year == fiscal_year,
            or_(_cases.stage == Stage.RESULT_USE, settled),
            *of_words(filters.text),
        )
    )  # fmt: skip
    if filters.document_kind is not None:
        found = found.where(kind == filters.document_kind)
    if filters.settled is not None:
        found = found.where(settled if filters.settled else ~settled)
    if filters.state == DisclosureState.PUBLISHED:
        found = found.where(last.c.published_on.is_not(None))
    if filters.state == DisclosureState.WITHHELD:
        found = found.where(last.c.withheld_reason.is_not(None))
    return found


def _document_kind(score_kind: Any) -> Any:
    """As what a result of that kind of score is published, as `document_kind` says."""
    ways = [
        ((_cases.object_kind == kind) & (score_kind == score), named.value)
        for kind in CaseKind
        for score in ScoreKind
        if (named := document_kind(kind, score.evaluation)) is not None
    ]
    return case(*ways)


def _passed(session: Session, actor: Actor, fiscal_year: int, ids: Sequence[int]) -> Mapping[tuple[Any, ...], date]:
    """The latest day each body passed: by kind of document, body, and case (None: for all of the kind)."""
    rows = session.execute(
        select(_sittings.document_kind, _sittings.body, _sittings.case_id, _sittings.held_on)
        .where(
            _sittings.jurisdiction == actor.jurisdiction,
            _sittings.fiscal_year == fiscal_year,
            _sittings.passed.is_(True),
            or_(_sittings.case_id.is_(None), _sittings.case_id.in_(ids)),
        )
        .order_by(_sittings.held_on)
    )
    return {(row.document_kind, row.body, row.case_id): row.held_on for row in rows}


def _papers(session: Session, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """The latest F14 of each case."""
    paper = all_of(Submission)
    rows = session.execute(
        select(paper.case_id, paper.content)
        .where(paper.case_id.in_(ids), paper.form == LIST)
        .order_by(paper.case_id, paper.version)
    )
    return {row.case_id: row.content for row in rows}


def _line(
    session: Session,
    row: Any,
    passed: Mapping[tuple[Any, ...], date],
    paper: Mapping[str, Any] | None,
    steps: tuple[OpenStep, ...],
    on: date,
) -> BoardLine:
    found: Case = row.Case
    kind = row.document_kind
    gate = gate_of(found, library_of(session).policy_version(session, found.policy_id), kind, on)
    wanted = [PublicationStep(step) for step in gate.outputs.get("steps") or ()]
    before = tuple(
        GateStep(step, _latest(passed.get((kind, step, found.id)), passed.get((kind, step, None))))
        for step in wanted
        if step in DELIBERATIONS
    )
    item: Mapping[str, Any] = next((each for each in (paper or {}).get("items") or () if each.get("kind") == kind), {})
    publishing = next((step for step in steps if step.element == PUBLISHING), None)
    due_on = date.fromisoformat(item["due_on"]) if item.get("due_on") else publishing.due_on if publishing else None
    return BoardLine(
        case_id=found.id,
        code=found.code,
        name=found.name,
        unit=row.unit,
        fiscal_year=found.fiscal_year,
        score=row.total,
        grade=row.grade,
        document_kind=kind,
        document=DocumentKind.said(kind),
        gate=before,
        source=None if gate.undefined else gate.source,
        publishes=gate.undefined or PublicationStep.PUBLISH in wanted,
        due_on=due_on,
        deadline_id=publishing.deadline_id if publishing and not item else None,
        published_on=row.published_on,
        address=row.address,
        withheld_reason=row.withheld_reason,
        checks=checks_of(item, KINDS[kind]["contents"], due_on, row.published_on, on),
        state=_state(row, before, publishing),
        steps=steps,
    )


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _state(row: Any, gate: Sequence[GateStep], publishing: OpenStep | None) -> DisclosureState:
    if row.published_on is not None:
        return DisclosureState.PUBLISHED
    if row.withheld_reason is not None:
        return DisclosureState.WITHHELD
    if row.Case.state in (CaseState.CLOSED, CaseState.CANCELLED):
        return DisclosureState.KEPT
    if publishing is not None and all(step.held_on is not None for step in gate):
        return DisclosureState.READY
    return DisclosureState.MISSING if any(step.held_on is None for step in gate) else DisclosureState.AHEAD
