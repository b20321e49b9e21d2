"""结果应用清单, an object a line: what the tables propose for its budget, what finance decided, what the unit said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, true
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.queries import cursor
from engine.queries.counting import counting_score
from engine.queries.heard_on_use import Heard, heard_on_use
from engine.queries.named import of_words
from engine.queries.scope import of_visible_case, visible_to
from engine.results.model import ResultEffect
from engine.scoring.numbers import exact, rounded, share_of, shown
from engine.scoring.reductions import reduction
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.submissions.forms.proposals import strictness
from engine.tasks import Task
from engine.words import ApplicationState, EffectKind, EffectState, TaskState

_cases, _effects, _tasks = table_of(Case).c, table_of(ResultEffect).c, table_of(Task).c
_earlier = table_of(ResultEffect).alias("earlier").c
LIST = "F12"
DECIDING = "decide_result_use"
CONFIRMING = "confirm_result_use"
RULING, CORRECTING = "review_use_objection", "correct_result_use"
"""The steps of the diagram in which finance settles the effects, in which the unit is asked about them, in which a
bureau leader rules on its objection, and in which the list is corrected after that."""
DISPUTING = (DECIDING, RULING, CORRECTING)
OF_EFFECTS = frozenset({"decide_budget_linkage", "decide_quota_cut", CONFIRMING, *DISPUTING})
"""Every step about the effects; the others of the stage are about publication."""


@dataclass(frozen=True, slots=True)
class ApplicationFilters:
    """Which objects: with an effect of that kind, in that state (a word of ApplicationState), found by those words."""

    effect: str | None = None
    state: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One effect the tables propose, or a person where they are silent: `rate` is a fraction, amounts are 万元.

    `source` and `status` are the rule's; `state` is a word of EffectState, `settled_as` what is done instead.
    """

    effect: str
    rate: Decimal | None
    base_wan: Decimal | None
    cut_wan: Decimal | None
    note: str | None
    source: str
    status: str
    exception_reason: str | None
    occasion: str | None
    state: str
    settled_as: str | None
    approved_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether no row of F12 has settled it yet."""
        return self.state == EffectState.PROPOSED

    @property
    def is_laid_down(self) -> bool:
        """Whether a row of the jurisdiction's tables says so."""
        return self.status != "undefined"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of F12, of whichever budget year: rates are percent, amounts 万元, None where they do not apply.

    `standing` is a word of EffectState, what the row made of the proposal it names; `milder` names the effects listed
    beside it for the same budget that are less strict and not carried out.
    """

    occasion: str | None
    budget_year: int | None
    rule: str | None
    rule_version: str | None
    effect: str | None
    applied: bool | None
    base_wan: Decimal | None
    rate: Decimal | None
    requested_wan: Decimal | None
    approved_wan: Decimal | None
    reduction_wan: Decimal | None
    reduction_rate: Decimal | None
    recovered_wan: Decimal | None
    exception_reason: str | None
    approved_by: str | None
    standing: str | None
    milder: tuple[str, ...]

    @property
    def working(self) -> str | None:
        """The sum behind the approved amount; None where the effect has no amount."""
        before = self.requested_wan if self.requested_wan is not None else self.base_wan
        if before is None or self.approved_wan is None:
            return None
        if self.rate is None or self.base_wan is None:
            return f"{_sum(before)} − {_sum(self.approved_wan)} = {_sum(before - self.approved_wan)}"
        cut = share_of(self.base_wan, self.rate)
        taken = f"{_sum(self.base_wan)} × {shown(self.rate)} % = {_sum(cut)}"
        return f"{taken}；{_sum(self.base_wan)} − {_sum(cut)} = {_sum(self.base_wan - cut)}"


@dataclass(frozen=True, slots=True)
class Application:
    """One object: its result, what is proposed and decided for the budget year, what its unit said, and how far it is.

    `state` is a word of ApplicationState; `paper` the F12 it was decided with; `heard` what the unit answered when
    asked, and how its objection was ruled on.
    """

    case_id: int
    code: str
    name: str
    object_kind: str
    unit: str
    fiscal_year: int
    score: Decimal | None
    score_kind: str | None
    grade: str | None
    proposals: tuple[Proposal, ...]
    decisions: tuple[Decision, ...]
    paper: UUID | None
    unit_opinion: str | None
    confirmed: bool | None
    state: str
    heard: tuple[Heard, ...]

    @property
    def still_open(self) -> tuple[Proposal, ...]:
        """The proposed effects nobody has settled."""
        return tuple(each for each in self.proposals if each.is_open)


EVERY_OBJECT = ApplicationFilters()


def result_applications(
    session: Session,
    actor: Actor,
    budget_year: int,
    *,
    filters: ApplicationFilters = EVERY_OBJECT,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[Application]:
    """The objects whose results have an effect on that budget year, of cases the actor may see, the latest first."""
    found = _objects(actor, budget_year, filters)
    page = cursor.turn(
        session, found, (_effects.id,), lambda row: row,
        name="result_applications", filters=(budget_year, filters), limit=limit, after=after,
    )  # fmt: skip
    ids = [row.case_id for row in page.lines]
    proposals, papers = _proposals(session, actor, budget_year, ids), _papers(session, ids)
    heard = heard_on_use(session, actor.jurisdiction, ids)
    lines = tuple(
        _application(row, budget_year, proposals[row.case_id], papers.get(row.case_id), heard.get(row.case_id, ()))
        for row in page.lines
    )
    return cursor.Page(lines, page.next)


def _objects(actor: Actor, budget_year: int, filters: ApplicationFilters) -> Any:
    """A row an object: that of its first effect on the year."""
    counting, state = counting_score(_effects.case_id), _state()
    earlier = (
        select(func.count())
        .where(
            _earlier.case_id == _effects.case_id,
            _earlier.budget_year == _effects.budget_year,
            _earlier.id < _effects.id,
        )
        .scalar_subquery()
    )
    found = (
        select(
            _effects.id, _effects.case_id, _cases.code, _cases.name, _cases.object_kind, Unit.name.label("unit"),
            _cases.fiscal_year, counting.c.kind.label("score_kind"), counting.c.total, counting.c.grade,
            state.label("state"),
        )
        .join(Case, _cases.id == _effects.case_id)
        .join(Unit, Unit.id == _cases.unit_id)
        .outerjoin(counting, true())
        .where(
            of_visible_case(_effects.case_id, actor),
            _effects.jurisdiction == actor.jurisdiction,
            _effects.budget_year == budget_year,
            earlier == 0,
            *of_words(filters.text),
        )
    )  # fmt: skip
    if filters.effect is not None:
        same = table_of(ResultEffect).alias("same").c
        found = found.where(
            select(same.id)
            .where(
                same.case_id == _effects.case_id,
                same.budget_year == budget_year,
                same.effect == filters.effect,
            )
            .exists()
        )
    return found if filters.state is None else found.where(state == filters.state)


def _state() -> Any:
    """Where the case stands between proposing and settling, as its open steps and the effects on the year say."""
    waiting = (
        select(func.max(_tasks.element))
        .where(
            _tasks.case_id == _effects.case_id,
            _tasks.state == TaskState.OPEN,
            _tasks.element.in_((CONFIRMING, *DISPUTING)),
        )
        .scalar_subquery()
    )
    same = table_of(ResultEffect).alias("beside").c
    beside = same.case_id == _effects.case_id, same.budget_year == _effects.budget_year
    some_settled = select(same.id).where(*beside, same.state != EffectState.PROPOSED).exists()
    some_open = select(same.id).where(*beside, same.state == EffectState.PROPOSED).exists()
    return case(
        (waiting == CONFIRMING, ApplicationState.CONSULTED.value),
        (~some_settled, ApplicationState.PROPOSED.value),
        (waiting.in_(DISPUTING), ApplicationState.DISPUTED.value),
        (some_open, ApplicationState.PARTLY.value),
        else_=ApplicationState.FINAL.value,
    )


def _proposals(session: Session, actor: Actor, budget_year: int, ids: Sequence[int]) -> dict[int, tuple[Proposal, ...]]:
    rows = session.execute(
        select(
            _effects.case_id, _effects.effect, _effects.rate, _effects.base_wan, _effects.cut_wan, _effects.note,
            _effects.source, _effects.status, _effects.exception_reason, _effects.occasion, _effects.state,
            _effects.settled_as, _effects.approved_by,
        )
        .join(Case, _cases.id == _effects.case_id)
        .where(_effects.case_id.in_(ids), _effects.budget_year == budget_year, visible_to(actor))
        .order_by(_effects.id)
    )  # fmt: skip
    found: dict[int, tuple[Proposal, ...]] = {}
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), Proposal(*tuple(row)[1:]))
    return found


def _papers(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    """The latest F12 of each case."""
    paper = all_of(Submission)
    rows = session.execute(
        select(paper.case_id, paper.id, paper.content)
        .where(paper.case_id.in_(ids), paper.form == LIST)
        .order_by(paper.case_id, paper.version)
    )
    return {row.case_id: row for row in rows}


def _application(
    row: Any, budget_year: int, proposals: tuple[Proposal, ...], paper: Any, heard: tuple[Heard, ...]
) -> Application:
    """The object with what is proposed and what was decided for that budget; a row without a year is for each."""
    content: Mapping[str, Any] = paper.content if paper is not None else {}
    rows = [each for each in content.get("effects") or () if each.get("budget_year") in (None, budget_year)]
    return Application(
        case_id=row.case_id,
        code=row.code,
        name=row.name,
        object_kind=row.object_kind,
        unit=row.unit,
        fiscal_year=row.fiscal_year,
        score=row.total,
        score_kind=row.score_kind,
        grade=row.grade,
        proposals=proposals,
        decisions=tuple(_decision(each, rows) for each in rows),
        paper=paper.id if paper is not None else None,
        unit_opinion=content.get("unit_opinion"),
        confirmed=content.get("confirmed"),
        state=row.state,
        heard=heard,
    )


def _decision(row: Mapping[str, Any], beside: Sequence[Mapping[str, Any]]) -> Decision:
    figures = {
        name: _figure(row.get(name)) for name in ("base_wan", "rate", "requested_wan", "approved_wan", "recovered_wan")
    }
    before = figures["requested_wan"] if figures["requested_wan"] is not None else figures["base_wan"]
    cut = reduction(before, figures["approved_wan"])
    return Decision(
        occasion=row.get("occasion"),
        budget_year=row.get("budget_year"),
        rule=row.get("rule"),
        rule_version=row.get("rule_version"),
        effect=row.get("effect"),
        applied=row.get("applied"),
        **figures,
        reduction_wan=None if cut is None else cut.amount_wan,
        reduction_rate=None if cut is None else cut.rate,
        exception_reason=row.get("exception_reason"),
        approved_by=row.get("approved_by"),
        standing=row.get("standing"),
        milder=tuple(_milder(row, beside)),
    )


def _milder(row: Mapping[str, Any], beside: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of the effects on the same money that also apply by a rule, are no stricter and are not carried out."""
    if not row.get("applied") or not row.get("effect"):
        return []
    return [
        EffectKind(other["effect"]).label
        for other in beside
        if other is not row
        and other.get("effect")
        and not other.get("applied")
        and (other.get("occasion"), other.get("budget_year")) == (row.get("occasion"), row.get("budget_year"))
        and strictness(other["effect"]) <= strictness(row["effect"])
    ]


def _sum(amount_wan: Decimal) -> str:
    """With two decimals, with more where it has more."""
    two = rounded(amount_wan)
    return shown(two if two == amount_wan else amount_wan)


def _figure(told: Any) -> Decimal | None:
    return None if told is None else exact(told, LIST)
