"""What happens beside a filing: that it came after its day, and why; that it was shown to others."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because, of_item, of_version

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCopied(Event):
    """A version of a paper was shown to colleagues (`to`, people), who have nothing to do about it."""

    name = "submission.copied"
    title = "抄送"

    submission: UUID
    form: str
    to: tuple[int, ...]
    paper_version: int | None = field(default=None, metadata={"key": "version"})
    note: str = ""

    def sentence(self, words: Words) -> str:
        """Which paper, to whom, with which word."""
        whom = "、".join(map(words.person, self.to))
        return f"抄送“{words.form(self.form)}”{of_version(self.paper_version)}给{whom}{because(self.note)}"

    @classmethod
    def sample(cls) -> Self:
        """The division is to know of a target."""
        return cls(submission=_PAPER, form="F02", paper_version=1, to=(7, 12), note="示例：请知悉")
