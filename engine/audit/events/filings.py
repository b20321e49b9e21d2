"""What happens beside a filing: it came after its day, one asked to hand it in after all, it was shown to others."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because, of_item, of_version

_TASK = UUID("19d39c9e-39fc-4e0a-a44a-35e24e76fd21")
_PAPER = UUID("7f077b58-f63c-4241-9f66-4e61346b00c7")
_DEADLINE = UUID("4c5ce0a0-5f6b-4c53-9d53-1d7b3f3a2c11")


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
class LateFilingRequested(Event):
    """A unit asked to hand in after all what the deadline `deadline` (stage.step, number `id`) took away."""

    name = "late_filing.requested"
    title = "申请补报"

    id: UUID
    deadline: str
    due_on: date
    wanted_on: date
    reason: str
    task: UUID
    step: str

    def sentence(self, words: Words) -> str:
        """Which step, when it was due, until when it is wanted, and why."""
        days = f"（{self.due_on}截止）至{self.wanted_on}"
        return f"申请补报“{words.step(self.step)}”{days}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The clerk was ill when the budget was closed."""
        due_on, wanted_on = date(2021, 12, 15), date(2021, 12, 20)
        return cls(**_of_a_target(), due_on=due_on, wanted_on=wanted_on, reason="示例：经办人住院", task=_TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFilingGranted(Event):
    """Finance lets a unit hand in after all, until `until`; the step is opened again, the version counts as late."""

    name = "late_filing.granted"
    title = "准予补报"

    id: UUID
    deadline: str
    due_on: date
    until: date
    reason: str
    task: UUID
    step: str

    def sentence(self, words: Words) -> str:
        """Which step, when it was due, until when, and why."""
        return f"准予补报“{words.step(self.step)}”（{self.due_on}截止）至{self.until}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The project is a key one."""
        due_on, until = date(2021, 12, 15), date(2021, 12, 20)
        return cls(**_of_a_target(), due_on=due_on, until=until, reason="示例：重点项目", task=_TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFilingDeclined(Event):
    """Finance did not let a unit hand in what its deadline had taken away."""

    name = "late_filing.declined"
    title = "不予补报"

    id: UUID
    deadline: str
    wanted_on: date
    reason: str
    task: UUID
    step: str

    def sentence(self, words: Words) -> str:
        """Which step, until when it was wanted, and why not."""
        return f"不予补报“{words.step(self.step)}”（希望至{self.wanted_on}）{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The budget cannot wait."""
        return cls(
            **_of_a_target(), wanted_on=date(2021, 12, 20), reason="示例：预算编审不能再等", task=_TASK
        )  # fmt: skip


def _of_a_target() -> dict[str, Any]:
    return {"id": _DEADLINE, "deadline": "target_filing.budget_gate", "step": "target_filing.fill_target"}


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
