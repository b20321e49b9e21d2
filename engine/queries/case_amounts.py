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
from engine.audit.events.money import BudgetAdjusted
from engine.audit.events.papers import TargetFrozen
from engine.cases import Case
from engine.directory import Actor, Person
from engine.queries.scope import visible_case
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.words import SubmissionState

ASSESSMENT = "F01"
"""The form of 事前绩效评估: what was requested, and what was suggested."""
_TOLD = (CaseStarted.name, BudgetAdjusted.name, TargetFrozen.name)
_COUNTING = tuple(state for state in SubmissionState if state.counts)


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure on the way: what it is, how much, who said so when, in which paper and why.

    `cut_wan` and `cut_percent` are what an assessment left out of what was asked for.
    """

    title: str
    wan: Decimal
    by: str | None
    at: datetime
    submission_id: UUID | None = None
    reason: str | None = None
    cut_wan: Decimal | None = None
    cut_percent: Decimal | None = None


def case_amounts(session: Session, actor: Actor, case_id: int) -> tuple[Amount, ...]:
    """The figures of a case the actor may see, in their order; what was never said is not among them."""
    case = visible_case(session, actor, case_id)
    entries = _entries(session, case)
    assessed = tuple(_assessed(_assessment(session, case)))
    asked = assessed[:1] or tuple(
        Amount("申报", event.amount_wan, row.by, row.at) for row, event in entries if isinstance(event, CaseStarted)
    )
    return (*asked, *assessed[1:], *_approved(entries))


def _approved(entries: Sequence[tuple[Any, Any]]) -> Iterator[Amount]:
    """批复 with the first target in force, 调整 with each that brought another amount."""
    amount, reason, is_approved = Decimal(0), None, False
    for row, event in entries:
        match event:
            case CaseStarted(amount_wan=started):
                amount = started
            case BudgetAdjusted(reason=why):
                reason = why
            case TargetFrozen(amount_wan=adjusted, submission=paper):
                if is_approved and adjusted is not None:
                    yield Amount("调整", adjusted, row.by, row.at, paper, reason)
                elif not is_approved:
                    yield Amount("批复", amount if adjusted is None else adjusted, row.by, row.at, paper)
                is_approved = True


def _assessed(paper: Any) -> Iterator[Amount]:
    """申报 and 评审 as the assessment has them."""
    if paper is None:
        return
    content = paper.content
    requested, suggested = _wan(content.get("requested", {}).get("total_wan")), _wan(content.get("suggested_wan"))
    if requested is None or suggested is None:
        return
    yield Amount("申报", requested, paper.by, paper.filled_at, paper.id)
    yield Amount(
        "评审", suggested, paper.by, paper.filled_at, paper.id,
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
