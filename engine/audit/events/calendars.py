"""What happens to 工作日历: a year is drafted and confirmed, and days that were counted with it move or are left."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from engine.audit.events.event import Digest, Event
from engine.audit.events.words import Words

_DEADLINE = UUID("a2545e51-7212-435d-b68d-c96d3fd18eaa")
_SOURCE = ("示例：国办发明电〔2021〕11号",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDrafted(Event):
    """Somebody wrote down the days of a year; `days` differ from plain weeks, `digest` is of all that was written."""

    name = "calendar.drafted"
    title = "起草放假安排"

    year: int
    edition: int
    source: tuple[str, ...]
    days: int
    digest: Digest

    def sentence(self, words: Words) -> str:
        """Which year, after which notice."""
        return f"起草{self.year}年放假安排（依据{'、'.join(self.source)}），{self.days}天与平常周末不同"

    @classmethod
    def sample(cls) -> Self:
        """A year as its notice has it."""
        return cls(year=2022, edition=3, source=_SOURCE, days=38, digest="Z4tIxFJxQfGZ2kQ1v0m3ew")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarConfirmed(Event):
    """A second person confirmed the days of a year; `calendar` is the version of the working calendar from then on.

    `redated` deadlines moved with it, `kept` kept the day they had by that person's choice, `dated` had waited for it.
    """

    name = "calendar.confirmed"
    title = "确认放假安排"

    year: int
    edition: int
    source: tuple[str, ...]
    drafted_by: int
    calendar: str
    redated: int
    kept: int
    dated: int = 0

    def sentence(self, words: Words) -> str:
        """Which year, who wrote it, and what became of the deadlines."""
        what = f"确认{self.year}年放假安排（依据{'、'.join(self.source)}，{words.person(self.drafted_by)}起草）"
        dated = f"，{self.dated}个待定的期限定日" if self.dated else ""
        return f"{what}，{self.redated}个未到期限改期，{self.kept}个保持原日{dated}"

    @classmethod
    def sample(cls) -> Self:
        """A year two people agree on."""
        return cls(
            year=2022, edition=3, source=_SOURCE, drafted_by=6, calendar="59e8d1173555", redated=14, kept=0
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRedated(Event):
    """A deadline moved because the days of a year were confirmed anew; `source` is the notice."""

    name = "deadline.redated"
    title = "随工作日历改期"

    id: UUID
    deadline: str
    before: date
    after: date
    year: int
    source: tuple[str, ...]

    def sentence(self, words: Words) -> str:
        """Which deadline, from which day to which, and by which notice."""
        what = f"期限“{words.deadline(self.deadline)}”由{self.before}改为{self.after}"
        return f"{what}：{self.year}年放假安排已确认（依据{'、'.join(self.source)}）"

    @classmethod
    def sample(cls) -> Self:
        """A weekend is worked."""
        before, after = date(2022, 10, 12), date(2022, 10, 11)
        return cls(id=_DEADLINE, deadline="target_filing.fill", before=before, after=after, year=2022, source=_SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineDayKept(Event):
    """A deadline kept its day although by the days of a year it would now be another; somebody chose so."""

    name = "deadline.day_kept"
    title = "不随工作日历改期"

    id: UUID
    deadline: str
    due_on: date
    would_be: date
    year: int
    source: tuple[str, ...]

    def sentence(self, words: Words) -> str:
        """Which deadline, which day it keeps, and which it would be."""
        what = f"期限“{words.deadline(self.deadline)}”保持{self.due_on}"
        return f"{what}：按{self.year}年放假安排（依据{'、'.join(self.source)}）应为{self.would_be}，经确认不改"

    @classmethod
    def sample(cls) -> Self:
        """One that was left."""
        due_on, would_be = date(2022, 10, 12), date(2022, 10, 11)
        return cls(
            id=_DEADLINE, deadline="target_filing.fill", due_on=due_on, would_be=would_be, year=2022, source=_SOURCE
        )  # fmt: skip
