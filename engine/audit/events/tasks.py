"""What happens to work items: opened for an office, taken, handed on, done, taken back, late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from uuid import UUID

from engine.audit.events.event import Digest, Event
from engine.audit.events.words import Words, answered, because, of_item, of_version

_TASK = UUID("d6ca58b5-00c7-4c1d-b63e-c337c27ebcd3")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Event):
    """A step (process.element) waits for an office of a unit, until the end of `due_on` where a day is laid down."""

    name = "task.opened"
    title = "任务下达"

    task: UUID
    step: str
    role: str
    unit: int
    round: int = 1
    due_on: date | None = None
    item: str | None = None

    def sentence(self, words: Words) -> str:
        """Which step, whose, until when."""
        again = f"（第{self.round}轮）" if self.round > 1 else ""
        due = f"，{self.due_on}前办结" if self.due_on else ""
        return f"“{words.step(self.step)}”{of_item(self.item)}{again}交{words.office(self.role)}办理{due}"

    @classmethod
    def sample(cls) -> Self:
        """A returned target to be mended."""
        step = "target_filing.fill_targets"
        return cls(task=_TASK, step=step, role="unit_clerk", unit=12, round=2, due_on=date(2021, 10, 19))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStoodInFor(Event):
    """An operator did the step for `person`, who could not; `agreed_by` is the second person who agreed to it."""

    name = "task.stood_in_for"
    title = "代办"

    task: UUID
    step: str
    person: int
    reason: str
    agreed_by: int
    item: str | None = None

    @property
    def people(self) -> tuple[int, int]:
        """For whom, and who agreed."""
        return self.person, self.agreed_by

    def sentence(self, words: Words) -> str:
        """Which step, for whom, why, and who agreed."""
        what = f"代{words.person(self.person)}办理“{words.step(self.step)}”{of_item(self.item)}"
        return f"{what}{because(self.reason)}，{words.person(self.agreed_by)}同意"

    @classmethod
    def sample(cls) -> Self:
        """The clerk has left."""
        step = "target_filing.fill_targets"
        return cls(task=_TASK, step=step, person=6, reason="示例：经办人离岗，无人接办", agreed_by=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """A step was done that is no filing and no judgement; `opinion` was written with it, the paper `filed` filed."""

    name = "task.completed"
    title = "任务办结"

    task: UUID
    step: str
    outcome: str
    item: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    paper_version: int | None = field(default=None, metadata={"key": "version"})
    submission: UUID | None = None
    opinion: UUID | None = None
    opinion_digest: Digest | None = None
    filed: UUID | None = None
    filed_digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Which step, and what was answered."""
        what = f"“{words.step(self.step)}”{of_item(self.item)}{of_version(self.paper_version)}"
        return f"办结{what}{answered(self.answers, words)}"

    @classmethod
    def sample(cls) -> Self:
        """An office decides what no table says."""
        step = "ex_ante_assessment.decide_ex_ante_required"
        return cls(
            task=_TASK, step=step, outcome="decided", answers={"ex_ante_verdict": "needed"},
            opinion=UUID("0a6f5b3c-64c2-4d13-8a5e-9b1f8c2d7e4f"), opinion_digest="Hk2m9ZbV1cXq7s0dT4uYwA",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReminded(Event):
    """Somebody was asked to do a task; `person` held it, or None when it lay in the pool. `head`: told as well."""

    name = "task.reminded"
    title = "人工催办"

    task: UUID
    step: str
    number: int = field(metadata={"key": "reminder"})
    text: str
    person: int | None = None
    head: bool = False

    def sentence(self, words: Words) -> str:
        """Which time, which step, who was told, in which words."""
        whom = words.person(self.person) if self.person else "待签收岗位"
        also = "和单位负责人" if self.head else ""
        return f"第{self.number}次催办“{words.step(self.step)}”（{whom}{also}）：{self.text}"

    @classmethod
    def sample(cls) -> Self:
        """The third time, so the head hears of it."""
        text = "请于2021-10-19前办结。"
        return cls(task=_TASK, step="target_filing.fill_targets", number=3, text=text, person=7, head=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed(Event):
    """A person took a task out of the office's pool."""

    name = "task.claimed"
    title = "任务签收"

    task: UUID
    step: str | None = None

    def sentence(self, words: Words) -> str:
        """Which step, where it is known."""
        return f"签收“{words.step(self.step)}”" if self.step else "签收任务"

    @classmethod
    def sample(cls) -> Self:
        """A reviewer takes a target."""
        return cls(task=_TASK, step="target_filing.review_target")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTransferred(Event):
    """A task went to a colleague (`to`, a person) of the same unit and office."""

    name = "task.transferred"
    title = "任务转办"

    task: UUID
    to: int
    reason: str
    step: str | None = None

    def sentence(self, words: Words) -> str:
        """Which step, to whom, and why."""
        what = f"“{words.step(self.step)}”" if self.step else "任务"
        return f"转办{what}给{words.person(self.to)}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The reviewer is on leave."""
        return cls(task=_TASK, to=7, reason="示例：休假", step="target_filing.review_target")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTakeoverRequested(Event):
    """A colleague of the office, or `person` through them, would like the task that `holder` has in hand."""

    name = "task.takeover_requested"
    title = "请求接手"

    task: UUID
    step: str
    person: int
    holder: int
    reason: str = ""

    def sentence(self, words: Words) -> str:
        """Which step, who has it, and why."""
        return f"请求接手“{words.step(self.step)}”（现由{words.person(self.holder)}办理）{because(self.reason)}"

    @property
    def people(self) -> tuple[int, int]:
        """Who would have it, and who has it."""
        return self.person, self.holder

    @classmethod
    def sample(cls) -> Self:
        """A colleague knows the project."""
        return cls(task=_TASK, step="target_filing.fill_targets", person=6, holder=7, reason="示例：项目由我联系")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTakeoverDeclined(Event):
    """Whoever has the task keeps it; `person` had asked for it."""

    name = "task.takeover_declined"
    title = "不转"

    task: UUID
    step: str
    person: int
    reason: str

    @property
    def people(self) -> tuple[int]:
        """Who had asked."""
        return (self.person,)

    def sentence(self, words: Words) -> str:
        """Which step, who had asked, and why not."""
        return f"“{words.step(self.step)}”不转给{words.person(self.person)}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """It is nearly done."""
        return cls(task=_TASK, step="target_filing.fill_targets", person=6, reason="示例：今天就报送")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGivenBack(Event):
    """A task lies in its office's pool again, because `holder` (a person) left the office or comes in no more."""

    name = "task.given_back"
    title = "任务放回待签收"

    task: UUID
    holder: int
    step: str

    def sentence(self, words: Words) -> str:
        """Which step, and who held it."""
        return f"“{words.step(self.step)}”由{words.person(self.holder)}放回待签收"

    @classmethod
    def sample(cls) -> Self:
        """The clerk left."""
        return cls(task=_TASK, holder=7, step="target_filing.fill_targets")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(Event):
    """The flow took a task back before anybody did it. Those of a cancelled case are not told one by one."""

    name = "task.closed"
    title = "任务收回"

    task: UUID
    step: str | None = None

    def sentence(self, words: Words) -> str:
        """Which step, where it is known."""
        return f"收回“{words.step(self.step)}”" if self.step else "收回任务"

    @classmethod
    def sample(cls) -> Self:
        """The budget gate closed."""
        return cls(task=_TASK, step="target_filing.fill_targets")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOverdue(Event):
    """A step was not done by its day: named by its deadline, or by the `step` of the diagram that notes it."""

    name = "task.overdue"
    title = "任务逾期"

    deadline: str | None = None
    task: UUID | None = None
    step: str | None = None
    item: str | None = None

    def sentence(self, words: Words) -> str:
        """What is late."""
        return _late(self.deadline, self.step, self.item, words) + "逾期"

    @classmethod
    def sample(cls) -> Self:
        """A sheet was not filed."""
        return cls(deadline="monitoring.fill", task=_TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEscalated(Event):
    """A late step went to the next higher office; `subject` is the deadline a diagram escalates for."""

    name = "task.escalated"
    title = "逾期上报"

    deadline: str | None = None
    task: UUID | None = None
    step: str | None = None
    item: str | None = None
    subject: str | None = None

    def sentence(self, words: Words) -> str:
        """What is late, and that it was passed on."""
        return _late(self.deadline, self.step, self.item, words) + "逾期，提请上级督办"

    @classmethod
    def sample(cls) -> Self:
        """A rectification is late."""
        return cls(step="rectification_item.escalate_rectification", item="q1", subject="rectification.rectify")


def _late(deadline: str | None, step: str | None, item: str | None, words: Words) -> str:
    if step is not None:
        return f"“{words.step(step)}”{of_item(item)}"
    return f"期限“{words.deadline(deadline or '')}”已过，"
