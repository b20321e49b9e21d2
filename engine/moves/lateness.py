"""逾期报送: who hands something in after its day says why.

This is the product's rule and no jurisdiction's: which day it was, and what follows from missing it, is in the tables.
"""

from datetime import datetime
from uuid import UUID

from engine.audit.events.filings import SubmissionFiledLate
from engine.clock import day_of
from engine.moves.outcome import Outcome
from engine.process import Element, StepKind
from engine.reviews import ReasonMissing
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import OutcomeWord, Role

HANDING_IN = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT, Role.AGENCY})
"""Offices that hand in to finance; what finance writes itself is not 报送."""


def hands_in_late(task: Task, element: Element, word: str, at: datetime) -> bool:
    """Whether ending the step with that word hands something in after the day it was due on; that day is on time."""
    hands_in = element.step.kind in (StepKind.FILL, StepKind.CONFIRM) and not OutcomeWord(word).sends_back
    return hands_in and Role(task.role) in HANDING_IN and task.due_on is not None and task.due_on < day_of(at)


def must_say_why_late(task: Task, element: Element, outcome: Outcome, at: datetime) -> bool:
    """Whether it is handed in late; refuses who does so without a reason."""
    late = hands_in_late(task, element, outcome.word, at)
    if late and is_blank(outcome.reason):
        assert task.due_on is not None
        raise ReasonMissing(
            f"“{element.name}”已于{task.due_on:%m月%d日}截止，现在报送记为逾期，需要写明原因，没有报送。请写明逾期原因后再报送。",
            outcome=outcome.word, due_on=task.due_on.isoformat(), field="reason",
        )  # fmt: skip
    return late


def filed_late(task: Task, outcome: Outcome, submission: UUID | None) -> SubmissionFiledLate:
    """What the journal keeps of it."""
    assert task.due_on is not None
    assert outcome.reason is not None
    return SubmissionFiledLate(
        task=task.id, step=task.step, due_on=task.due_on, reason=outcome.reason.strip(), item=task.item,
        submission=submission,
    )  # fmt: skip
