"""What is spent through the year, and what it means for more money."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from engine.audit.digests import digest_of
from engine.audit.events.event import Digest, Event, Wan
from engine.audit.events.words import Words, day


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionReported(Event):
    """What is spent of the case as of a day was put on record; `older` says that a later day was known already."""

    name = "execution.reported"
    title = "登记执行数"

    figure: UUID
    figure_digest: Digest
    figure_version: int
    as_of: date
    executed_wan: Wan
    source: str
    older: bool = False

    def sentence(self, words: Words) -> str:
        """How much by when, from where."""
        kept = "，早于已登记的截至日，只留作一版" if self.older else ""
        told = self.payload()
        which = f"（第{self.figure_version}版，来源：{self.source}）"
        return f"登记截至{day(self.as_of)}的执行数{told['executed_wan']}万元{which}{kept}"

    @classmethod
    def sample(cls) -> Self:
        """The end of September out of a ledger."""
        return cls(
            figure=UUID(int=7), figure_digest=digest_of({"示例": "执行数"}), figure_version=2, as_of=date(2021, 9, 30),
            executed_wan=Decimal("120.5"), source="示例：国库集中支付系统",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementWeighed(Event):
    """The progress of the whole department by the newest figures, when more money was asked for (HC-08).

    Without rates it could not be told: `without` of its `projects` have no figure, or no method says how far the year
    is gone. The figures are of the days from `first_on` to `last_on`, the time is that of the request: `outdated` of
    them are of a time that was over then.
    """

    name = "supplement.weighed"
    title = "追加前看支出进度"

    department: int
    projects: int
    without: int = 0
    executed_wan: Wan | None = None
    of_wan: Wan | None = None
    execution_rate: Decimal | None = None
    time_progress: Decimal | None = None
    first_on: date | None = None
    last_on: date | None = None
    outdated: int = 0

    def sentence(self, words: Words) -> str:
        """Spent so much of so much, against so much of the year."""
        if self.execution_rate is None or self.time_progress is None:
            why = f"有{self.without}个还没有执行数" if self.without else "算不出序时进度"
            return f"部门{self.projects}个在办对象中{why}，支出进度不能判断" if self.projects else "部门没有执行数"
        told = self.payload()
        spent, gone = (f"{share * 100:.2f}%" for share in (self.execution_rate, self.time_progress))
        amounts = f"{told['executed_wan']}÷{told['of_wan']}万元{self._days()}"
        open_ = self.outdated and self.execution_rate < self.time_progress
        unsure = f"；其中{self.outdated}个执行数不是现在的，不能判断" if open_ else ""
        return f"部门支出进度{spent}（{amounts}），序时进度{gone}{unsure}"

    def _days(self) -> str:
        """Of which days the figures are; entries of earlier releases do not say it."""
        if self.first_on is None or self.last_on is None:
            return ""
        return f"，截至{day(self.first_on)}" + (f"至{day(self.last_on)}" if self.last_on != self.first_on else "")

    @classmethod
    def sample(cls) -> Self:
        """A department behind time."""
        return cls(
            department=3, projects=2, executed_wan=Decimal(100), of_wan=Decimal(180),
            execution_rate=Decimal("0.555556"), time_progress=Decimal("0.583333"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionsImported(Event):
    """The figures of a file were put on record, each in its case too."""

    name = "executions.imported"
    title = "导入执行数"

    file: int
    file_name: str
    digest: str
    figures: int
    left_out: int = 0

    def sentence(self, words: Words) -> str:
        """How many of which file."""
        left = f"，{self.left_out}行有错没有写入" if self.left_out else ""
        return f"导入“{self.file_name}”：登记执行数{self.figures}个{left}"

    @classmethod
    def sample(cls) -> Self:
        """A month of payments."""
        return cls(file=3, file_name="示例执行数.xlsx", digest="0" * 64, figures=41, left_out=3)
