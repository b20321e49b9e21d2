"""补报: a step its deadline took away, whether one may ask for it back, and what became of what was asked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.errors import EngineError
from engine.moves.asking import refusal_of
from engine.moves.late_filing import Closed, must_lead_back, taken_away
from engine.moves.permissions import must_be_permitted, must_stand
from engine.moves.reading import standing
from engine.queries.drafts import DraftUnknown, KeptDraft, draft_of
from engine.queries.extensions import Extension, extensions
from engine.queries.scope import visible_case
from engine.tasks import Task
from engine.words import ExtensionState


@dataclass(frozen=True, slots=True)
class LateFilingCard:
    """The step and the day it was due on; `rule` is what the table says (None: 本区未规定), with source and status.

    `refusal` is why nobody can ask now, None where one can; `asked` are the requests about it, the latest first;
    `draft` what one's own office had typed. `version` is handed in as `expected`.
    """

    task_id: UUID
    step: str
    case_id: int
    code: str
    name: str
    unit: str
    deadline_id: UUID
    deadline: str
    due_on: date
    rule: str | None
    source: str | None
    status: str | None
    refusal: EngineError | None
    asked: tuple[Extension, ...]
    draft: KeptDraft | None
    version: int

    @property
    def waiting(self) -> Extension | None:
        """The request that has no answer yet."""
        return next((each for each in self.asked if each.state is ExtensionState.ASKED), None)

    @property
    def can_be_asked(self) -> bool:
        """Whether one may ask now."""
        return self.refusal is None and self.waiting is None


def late_filing_card(session: Session, actor: Actor, task_id: UUID) -> LateFilingCard:
    """One task of the actor's unit that a deadline took away; refuses others."""
    task = standing(session, task_id).task
    case = visible_case(session, actor, task.case_id)
    task.must_lie_in_unit_of(actor)
    closed = taken_away(session, case, task)
    deadline, rule = closed.deadline, closed.rule
    lines = extensions(session, actor, case_id=case.id).lines
    return LateFilingCard(
        task_id=task.id,
        step=closed.step,
        case_id=case.id,
        code=case.code,
        name=case.name,
        unit=session.scalars(select(Unit.name).where(Unit.id == case.unit_id)).one(),
        deadline_id=deadline.id,
        deadline=deadline.name,
        due_on=deadline.day,
        rule=closed.rule_told,
        source=rule.source if rule is not None else None,
        status=rule.status if rule is not None else None,
        refusal=refusal_of(lambda: _must_be_askable(actor, case, task, closed)),
        asked=tuple(each for each in lines if each.task_id == task.id),
        draft=_draft(session, actor, task.id),
        version=case.journal_seq,
    )


def _must_be_askable(actor: Actor, case: Case, task: Task, closed: Closed) -> None:
    must_be_permitted("request_late_filing", actor)
    must_stand("request_late_filing", case)
    must_lead_back(case, task, closed)


def _draft(session: Session, actor: Actor, task_id: UUID) -> KeptDraft | None:
    try:
        return draft_of(session, actor, task_id)
    except DraftUnknown:
        return None
