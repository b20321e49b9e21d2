"""What happens beside a filing: that it came after its day, and why."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because, of_item

_TASK = UUID("19d39c9e-39fc-4e0a-a44a-35e24e76fd21")
_PAPER = UUID("7f077b58-f63c-4241-9f66-4e61346b00c7")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFiledLate(Event):
    """A paper was handed in after `due_on`, for a stated reason; told beside the event of handing it in."""

    name = "submission.filed_late"
    title = "逾期报送"

    task: UUID
    step: str
    due_on: date
    reason: str
    item: str | None = None
    submission: UUID | None = None

    def sentence(self, words: Words) -> str:
        """Which step, which day it was due on, and why it was late."""
        return f"逾期报送“{words.step(self.step)}”{of_item(self.item)}（{self.due_on}截止）{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The clerk was ill."""
        step, due_on = "target_filing.fill_target", date(2021, 10, 29)
        return cls(task=_TASK, step=step, due_on=due_on, reason="示例：经办人住院", submission=_PAPER)
