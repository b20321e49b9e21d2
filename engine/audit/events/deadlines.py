"""What happens to days: set by a table, called to mind, moved, passed."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because
from engine.words import Consequence, waits_words

_DEADLINE = UUID("a2545e51-7212-435d-b68d-c96d3fd18eaa")
_TASK = UUID("d6ca58b5-00c7-4c1d-b63e-c337c27ebcd3")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet(Event):
    """A day was laid down: `deadline` is stage.step of the table, `task` the task that has to keep it.

    `row` is the row of the table (only the jurisdiction whose table it is, where the row is named after the deadline),
    `calendar` the version of the working calendar the days were counted with.
    """

    name = "deadline.set"
    title = "设定期限"

    id: UUID
    deadline: str
    due_on: date
    task: UUID | None = None
    row: str | None = None
    calendar: str | None = None

    def sentence(self, words: Words) -> str:
        """Which deadline, which day."""
        return f"期限“{words.deadline(self.deadline)}”定为{self.due_on}"

    @classmethod
    def sample(cls) -> Self:
        """Ten working days to file a target."""
        name, calendar = "target_filing.fill", "59e8d1173555"
        return cls(id=_DEADLINE, deadline=name, due_on=date(2021, 10, 29), task=_TASK, row="huaxi", calendar=calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineAwaitsCalendar(Event):
    """A day was laid down that cannot be counted before the days of `year` are confirmed.

    It is so many `working_days` after it began, or `wanted_on` by the rule of its row for days off. `before` is the day
    it had until now, if it had one.
    """

    name = "deadline.awaits_calendar"
    title = "期限待放假安排确认"

    id: UUID
    deadline: str
    year: int
    working_days: int | None = None
    wanted_on: date | None = None
    before: date | None = None
    task: UUID | None = None
    row: str | None = None

    def sentence(self, words: Words) -> str:
        """Which deadline, how long, and what it waits for."""
        was = f"原为{self.before}，改为" if self.before else "为"
        return f"期限“{words.deadline(self.deadline)}”{was}{waits_words(self.working_days, self.wanted_on, self.year)}"

    @classmethod
    def sample(cls) -> Self:
        """Twenty working days from December on."""
        return cls(
            id=_DEADLINE, deadline="target_filing.fill", year=2027, working_days=20, task=_TASK, row="national"
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineDated(Event):
    """A day that waited for the days of a year got its date, because they are confirmed."""

    name = "deadline.dated"
    title = "期限定日"

    id: UUID
    deadline: str
    due_on: date
    year: int
    calendar: str

    def sentence(self, words: Words) -> str:
        """Which deadline, which day."""
        return f"期限“{words.deadline(self.deadline)}”定为{self.due_on}：{self.year}年放假安排已确认"

    @classmethod
    def sample(cls) -> Self:
        """The notice came in December."""
        name, calendar = "target_filing.fill", "59e8d1173555"
        return cls(id=_DEADLINE, deadline=name, due_on=date(2027, 1, 11), year=2027, calendar=calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineReminded(Event):
    """Whoever has to keep a day was reminded of it; `on` is the day named for that, the last of several."""

    name = "deadline.reminded"
    title = "催办"

    id: UUID
    deadline: str
    due_on: date
    task: UUID | None = None
    on: date | None = None

    def sentence(self, words: Words) -> str:
        """Which deadline, which day, and whether it has passed."""
        stands = f"已于{self.due_on}届满，请尽快办结" if self.on and self.on > self.due_on else f"{self.due_on}届满"
        return f"催办：期限“{words.deadline(self.deadline)}”{stands}"

    @classmethod
    def sample(cls) -> Self:
        """Three days before the end."""
        return cls(id=_DEADLINE, deadline="target_filing.fill", due_on=date(2021, 10, 29), task=_TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended(Event):
    """One deadline moved to a later day."""

    name = "deadline.extended"
    title = "期限延长"

    deadline: str
    after: date
    before: date | None = None
    reason: str
    id: UUID | None = None

    def sentence(self, words: Words) -> str:
        """From which day to which, and why."""
        before = f"由{self.before}" if self.before else ""
        return f"期限“{words.deadline(self.deadline)}”{before}延长至{self.after}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The system was down."""
        name, before, after = "target_filing.fill", date(2021, 10, 29), date(2021, 11, 5)
        return cls(id=_DEADLINE, deadline=name, before=before, after=after, reason="示例：系统维护")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesExtended(Event):
    """All pending deadlines of one name in a year moved to a later day; told in the jurisdiction's own chain."""

    name = "deadlines.extended"
    title = "统一延长期限"

    deadline: str
    fiscal_year: int
    after: date
    count: int
    reason: str

    def sentence(self, words: Words) -> str:
        """Which deadline, to which day, and why."""
        return f"期限“{words.deadline(self.deadline)}”延长至{self.after}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """A holiday was announced late."""
        reason = "示例：系统维护"
        return cls(deadline="self_evaluation.fill", fiscal_year=2021, after=date(2022, 3, 31), count=96, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineGivenBack(Event):
    """A day was put off by the working days its case stood still, when the case went on."""

    name = "deadline.given_back"
    title = "补回暂停的天数"

    id: UUID
    deadline: str
    before: date
    after: date
    days: int | None = None

    def sentence(self, words: Words) -> str:
        """From which day to which, and how many working days."""
        what = f"期限“{words.deadline(self.deadline)}”由{self.before}改为{self.after}"
        return f"{what}：{self.why}"

    @property
    def why(self) -> str:
        """What was given back; where the calendar of a year between is not confirmed, without a number."""
        return "补回暂停的天数" if self.days is None else f"补回暂停的{self.days}个工作日"

    @classmethod
    def sample(cls) -> Self:
        """A case stood still for a week."""
        return cls(
            id=_DEADLINE, deadline="target_filing.fill", before=date(2021, 10, 29), after=date(2021, 11, 5), days=5
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Event):
    """A unit asked for a later day of one deadline."""

    name = "deadline.extension_requested"
    title = "申请延期"

    id: UUID
    deadline: str
    due_on: date
    wanted_on: date
    reason: str

    def sentence(self, words: Words) -> str:
        """Which deadline, from which day to which, and why."""
        return f"申请将期限“{words.deadline(self.deadline)}”由{self.due_on}延至{self.wanted_on}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The clerk is ill."""
        name, due, wanted = "target_filing.fill", date(2021, 10, 29), date(2021, 11, 5)
        return cls(id=_DEADLINE, deadline=name, due_on=due, wanted_on=wanted, reason="示例：经办人住院")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDeclined(Event):
    """Finance did not grant a later day; one that is granted is told as `deadline.extended`."""

    name = "deadline.extension_declined"
    title = "不予延期"

    id: UUID
    deadline: str
    wanted_on: date
    reason: str

    def sentence(self, words: Words) -> str:
        """Which deadline, which day was asked for, and why not."""
        return f"不同意将期限“{words.deadline(self.deadline)}”延至{self.wanted_on}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The budget cannot wait."""
        name, wanted = "target_filing.fill", date(2021, 11, 5)
        return cls(id=_DEADLINE, deadline=name, wanted_on=wanted, reason="示例：预算编审不能再等")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFired(Event):
    """A day has passed; `consequence` is the table's word for what follows, empty for a clock of the diagram.

    What happened then is told by the events after it.
    """

    name = "deadline.fired"
    title = "期限届满"

    deadline: str
    due_on: date
    consequence: str
    task: UUID | None = None
    id: UUID | None = None

    def sentence(self, words: Words) -> str:
        """Which deadline, which day, and what follows."""
        what = f"，{Consequence.said(self.consequence)}" if self.consequence else ""
        return f"期限“{words.deadline(self.deadline)}”（{self.due_on}）届满{what}"

    @classmethod
    def sample(cls) -> Self:
        """The budget gate closes, as entries of earlier releases have it."""
        name = "target_filing.budget_gate"
        return cls(id=_DEADLINE, deadline=name, due_on=date(2022, 10, 12), consequence="close", task=_TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementBlocked(Event):
    """Nothing is added to the budget of the case as long as this step of it is late."""

    name = "supplement.blocked"
    title = "不予追加预算"

    id: UUID
    deadline: str
    task: UUID | None = None

    def sentence(self, words: Words) -> str:
        """Until when."""
        return f"期限“{words.deadline(self.deadline)}”所定的步骤办结以前，不予追加预算"

    @classmethod
    def sample(cls) -> Self:
        """The monitoring form is late."""
        return cls(id=_DEADLINE, deadline="monitoring.fill", task=_TASK)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineOver(Event):
    """Work began only after the `day` of a clock around it, which is not set any more."""

    name = "deadline.over_before"
    title = "期限已过不再计"

    deadline: str
    day: date

    def sentence(self, words: Words) -> str:
        """Which deadline, which day."""
        return f"期限“{words.deadline(self.deadline)}”应在{self.day}，开始办理时已过，不再计"

    @classmethod
    def sample(cls) -> Self:
        """A policy is evaluated after its end."""
        return cls(deadline="policy_expiry.expiry", day=date(2020, 7, 21))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineNotLaidDown(Event):
    """A step has no day, because the jurisdiction's table has no row for it."""

    name = "deadline.not_laid_down"
    title = "期限本区未规定"

    deadline: str

    def sentence(self, words: Words) -> str:
        """Which deadline."""
        return f"期限“{words.deadline(self.deadline)}”本区未规定，不设截止日"

    @classmethod
    def sample(cls) -> Self:
        """Nobody said by when an agency is appraised."""
        return cls(deadline="key_evaluation.appraise")
