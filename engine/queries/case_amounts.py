"""金额: how much was asked for, found right, approved and adjusted, each as it stands in a paper or in the journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, read_entry
from engine.audit.events.cases import CaseStarted
from engine.audit.events.money import AmountSettled, BudgetAdjusted, RequestCorrected
from engine.audit.events.papers import TargetFrozen
from engine.cases import Case
from engine.directory import Actor, Person
from engine.queries.scope import visible_case
from engine.scoring import reduction
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.words import SubmissionState

ASSESSMENT = "F01"
"""The form of 事前绩效评估: what was requested, and what was suggested."""
ASKED = ("申报", "更正")
_TOLD = tuple(each.name for each in (CaseStarted, RequestCorrected, AmountSettled, BudgetAdjusted, TargetFrozen))
_APPROVING = "approve_budget"
_COUNTING = tuple(state for state in SubmissionState if state.counts)


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure on the way: what it is, how much, who said so when, in which paper and why.

    `cut_wan` and `cut_percent` are what was left out of the figure before; `lines` tells of several fund lines what
    each became.
    """

    title: str
    wan: Decimal
    by: str | None
    at: datetime
    submission_id: UUID | None = None
    reason: str | None = None
    cut_wan: Decimal | None = None
    cut_percent: Decimal | None = None
    lines: tuple[str, ...] = ()


def case_amounts(session: Session, actor: Actor, case_id: int) -> tuple[Amount, ...]:
    """The figures of a case the actor may see, in their order; what was never said is not among them."""
    case = visible_case(session, actor, case_id)
    asked: list[Amount] = []
    found_right: list[Amount] = []
    for figure in _told(_entries(session, case)):
        (asked if figure.title in ASKED else found_right).append(figure)
    return (*asked, *_suggested(_assessment(session, case)), *found_right)


def _told(entries: Sequence[tuple[Any, Any]]) -> Iterator[Amount]:
    """What the journal has: 申报 and each 更正, 评审, 核定, 批复 with the first target in force, each 调整 after it."""
    amount, reason, is_approved = Decimal(0), None, False
    for row, event in entries:
        match event:
            case CaseStarted(amount_wan=started):
                amount = started
                yield Amount("申报", started, row.by, row.at)
            case RequestCorrected(amount_wan=corrected):
                amount = corrected
                yield Amount("更正", corrected, row.by, row.at, reason=event.reason, lines=event.shares)
            case AmountSettled(amount_wan=settled):
                amount = settled
                yield _settled(row, event)
            case BudgetAdjusted(reason=why):
                reason = why
            case TargetFrozen(amount_wan=adjusted, submission=paper):
                if is_approved and adjusted is not None:
                    yield Amount("调整", adjusted, row.by, row.at, paper, reason)
                elif not is_approved:
                    yield Amount("批复", amount if adjusted is None else adjusted, row.by, row.at, paper)
                is_approved = True


def _settled(row: Any, event: AmountSettled) -> Amount:
    """评审, or 核定 with the budget, and what it left out."""
    title = "核定" if event.step.endswith(f".{_APPROVING}") else "评审"
    cut = reduction(event.from_wan, event.amount_wan)
    return Amount(
        title, event.amount_wan, row.by, row.at, reason=event.reason, lines=event.shares,
        cut_wan=cut.amount_wan if cut else None, cut_percent=cut.rate if cut else None,
    )  # fmt: skip


def _suggested(paper: Any) -> Iterator[Amount]:
    """建议: what the assessment itself comes to, which decides nothing."""
    if paper is None:
        return
    content = paper.content
    suggested = _wan(content.get("suggested_wan"))
    if suggested is not None:
        yield Amount(
            "建议", suggested, paper.by, paper.filled_at, paper.id,
            cut_wan=_wan(content.get("reduction_wan")), cut_percent=_wan(content.get("reduction_rate")),
        )  # fmt: skip


def _wan(told: Any) -> Decimal | None:
    return Decimal(str(told)) if told not in (None, "") else None


def _entries(session: Session, case: Case) -> list[tuple[Any, Any]]:
    entry = all_of(Entry)
    rows = session.execute(
        select(entry.type, entry.version, entry.payload, entry.at, Person.name.label("by"))
        .outerjoin(Person, Person.id == entry.by)
        .where(entry.jurisdiction == case.jurisdiction, entry.case_id == case.id, entry.type.in_(_TOLD))
        .order_by(entry.seq)
    ).all()
    return [(row, read_entry(row.type, row.version, row.payload)) for row in rows]


def _assessment(session: Session, case: Case) -> Any:
    paper = all_of(Submission)
    return session.execute(
        select(paper.id, paper.content, paper.filled_at, Person.name.label("by"))
        .join(Person, Person.id == paper.filled_by)
        .where(paper.case_id == case.id, paper.form == ASSESSMENT, paper.state.in_(_COUNTING))
        .order_by(paper.version.desc())
        .limit(1)
    ).one_or_none()
