"""逾期报送: who hands something in after its day says why, once: what the clerk said, the head need not say again.

This is the product's rule and no jurisdiction's: which day it was, and what follows from missing it, is in the tables.
What a granted 补报 is handed in for is late too; why, the unit said when it asked.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from engine.audit.events.filings import SubmissionFiledLate
from engine.cases import Case
from engine.clock import day_of
from engine.moves.outcome import Outcome
from engine.process import Element, StepKind
from engine.reviews import ReasonMissing
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import OutcomeWord, Role

HANDING_IN = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT, Role.AGENCY})
"""Offices that hand in to finance; what finance writes itself is not 报送."""
FILES = (StepKind.FILL, StepKind.CONFIRM)


@dataclass(frozen=True, slots=True)
class Lateness:
    """The day something was due on, and why it comes after it; `granted`: finance let it be handed in after all."""

    due_on: date
    reason: str
    granted: bool = False


def hands_in_late(task: Task, case: Case, element: Element, word: str, at: datetime) -> bool:
    """Whether ending the step with that word hands something in after the day it was due on; that day is on time."""
    if task.due_on is None or task.due_on >= day_of(at) or Role(task.role) not in HANDING_IN:
        return False
    return element.step.kind in FILES and not OutcomeWord(word).sends_back and not _excused(task, case, element)


def _excused(task: Task, case: Case, element: Element) -> bool:
    """Whether a version that is only to be confirmed says already why it is late."""
    paper = case.forms.of(element.step.judges_for(case.object_kind) or "", task.item)
    return element.step.kind is StepKind.CONFIRM and paper is not None and paper.excused


def lateness(task: Task, case: Case, element: Element, outcome: Outcome, at: datetime) -> Lateness | None:
    """How late the step ends, None in time; refuses who hands in late without a reason."""
    if hands_in_late(task, case, element, outcome.word, at):
        assert task.due_on is not None
        if is_blank(outcome.reason):
            raise ReasonMissing(
                f"“{element.name}”已于{task.due_on:%m月%d日}截止，现在报送记为逾期，需要写明原因，没有报送。请写明逾期原因后再报送。",
                outcome=outcome.word, due_on=task.due_on.isoformat(), field="reason",
            )  # fmt: skip
        return Lateness(task.due_on, (outcome.reason or "").strip())
    granted = case.forms.late(task.id)
    if granted is None or OutcomeWord(outcome.word).sends_back:
        return None
    return Lateness(granted.due_on, granted.reason, granted=True)


def filed_late(task: Task, late: Lateness, submission: UUID | None) -> SubmissionFiledLate:
    """What the journal keeps of it."""
    return SubmissionFiledLate(
        task=task.id, step=task.step, due_on=late.due_on, reason=late.reason, item=task.item, submission=submission,
    )  # fmt: skip
