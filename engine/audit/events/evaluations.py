"""Who is chosen for review or evaluation, which agency evaluates, and what became of its report.

Draws and plans are told twice: in the jurisdiction's own chain with frame and result, and in every case of the frame
with what it means for that case.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because
from engine.words import Organizer, SeedSide

_FRAME_HASH = "16ad2b75003abc71992b519c73b566079bfca57b160e89957af2b7489e6ceb0d"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDrawn(Event):
    """A draw: out of how many, which cases; `frame_hash` (hexadecimal) is what both sides noted down before."""

    name = "sample.drawn"
    title = "抽样"

    number: int = field(metadata={"key": "sample"})
    purpose: str
    fiscal_year: int
    frame: int
    candidates: int
    frame_hash: str
    chosen: tuple[int, ...] = ()
    witness: str
    reason: str | None = None
    sampling: int | None = None

    def sentence(self, words: Words) -> str:
        """How many out of how many, and who watched."""
        drawn = f"从{self.candidates}个备选中抽取{len(self.chosen)}个"
        return f"第{self.number}号抽样：{drawn}，见证人{self.witness}"

    @classmethod
    def sample(cls) -> Self:
        """Two of five."""
        return cls(
            number=3, purpose="spot_review", fiscal_year=2021, frame=5, candidates=5, frame_hash=_FRAME_HASH,
            chosen=(1, 2), witness="示例代表（区人大）",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingOpened(Event):
    """A draw by two people begins: frame, size and purpose stand, and no seed is known yet."""

    name = "sampling.opened"
    title = "抽样冻结"

    number: int = field(metadata={"key": "sampling"})
    purpose: str
    fiscal_year: int
    frame: int
    candidates: int
    frame_hash: str
    size: int
    reason: str | None = None
    always: tuple[int, ...] = ()
    never: tuple[int, ...] = ()

    def sentence(self, words: Words) -> str:
        """Out of how many, who is in or out without being drawn, and the hash of the frame."""
        settled = "".join(
            f"，{word}{len(cases)}个" for word, cases in (("必抽", self.always), ("回避", self.never)) if cases
        )
        frame = f"从{self.candidates}个备选中抽{self.size}个{settled}，名单指纹{self.frame_hash[:12]}"
        return f"冻结第{self.number}次抽样的名单：{frame}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Two of five."""
        return cls(
            number=2, purpose="spot_review", fiscal_year=2021, frame=5, candidates=5, frame_hash=_FRAME_HASH, size=2,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedGiven(Event):
    """One of the two sealed a seed; the seed itself is told with the draw only."""

    name = "sampling.seed_given"
    title = "抽样种子"

    number: int = field(metadata={"key": "sampling"})
    side: str

    def sentence(self, words: Words) -> str:
        """Which of the two."""
        return f"第{self.number}次抽样：{SeedSide.said(self.side)}已填种子"

    @classmethod
    def sample(cls) -> Self:
        """The one who watches."""
        return cls(number=2, side="supervisor")


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingVoided(Event):
    """A draw that was prepared is given up before anything was drawn, for a stated reason."""

    name = "sampling.voided"
    title = "抽样作废"

    number: int = field(metadata={"key": "sampling"})
    reason: str

    def sentence(self, words: Words) -> str:
        """Why."""
        return f"第{self.number}次抽样作废{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The frame changed."""
        return cls(number=2, reason="示例：名单有变动")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSkipped(Event):
    """Nobody is drawn this year, for a stated reason."""

    name = "sample.skipped"
    title = "本年不抽"

    number: int = field(metadata={"key": "sample"})
    purpose: str
    fiscal_year: int
    frame: int
    candidates: int
    frame_hash: str
    chosen: tuple[int, ...] = ()
    reason: str

    def sentence(self, words: Words) -> str:
        """Why not."""
        return f"第{self.number}号：本年不抽{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """No spot review this year."""
        return cls(
            number=4, purpose="spot_review", fiscal_year=2021, frame=5, candidates=5, frame_hash=_FRAME_HASH,
            reason="示例：本区不做自评复核",
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPlanned(Event):
    """The plan of the year: which cases are evaluated, chosen directly."""

    name = "evaluation.planned"
    title = "评价计划"

    number: int = field(metadata={"key": "sample"})
    purpose: str
    fiscal_year: int
    frame: int
    candidates: int
    frame_hash: str
    chosen: tuple[int, ...] = ()
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """How many out of how many."""
        return f"确定{self.fiscal_year}年度评价计划：{self.candidates}个备选，列入{len(self.chosen)}个"

    @classmethod
    def sample(cls) -> Self:
        """Two of three."""
        return cls(
            number=5, purpose="key_evaluation", fiscal_year=2021, frame=3, candidates=2, frame_hash=_FRAME_HASH,
            chosen=(1, 2),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSampled(Event):
    """Whether a draw took this case: `sampled` for a spot review, `selected` for an evaluation with its organizer."""

    name = "case.sampled"
    title = "抽样结果"

    number: int = field(metadata={"key": "sample"})
    purpose: str
    sampled: bool | None = None
    selected: bool | None = None
    organizer: str | None = None

    def sentence(self, words: Words) -> str:
        """Drawn or not."""
        return f"第{self.number}号抽样：{'抽中' if self.sampled or self.selected else '未抽中'}"

    @classmethod
    def sample(cls) -> Self:
        """Drawn for a spot review."""
        return cls(number=3, purpose="spot_review", sampled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlanned(Event):
    """Whether this case is in the plan of evaluations, and who leads (finance or the department)."""

    name = "case.planned"
    title = "评价计划结果"

    number: int = field(metadata={"key": "sample"})
    purpose: str
    sampled: bool | None = None
    selected: bool | None = None
    organizer: str | None = None

    def sentence(self, words: Words) -> str:
        """In the plan or not."""
        if not self.selected:
            return "未列入年度评价计划"
        return f"列入年度评价计划，{Organizer(self.organizer or Organizer.FINANCE).label}"

    @classmethod
    def sample(cls) -> Self:
        """Led by finance."""
        return cls(number=5, purpose="key_evaluation", selected=True, organizer="finance")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNotDrawn(Event):
    """Nobody is drawn this year, so this case goes on without."""

    name = "case.not_drawn"
    title = "不经抽样"

    number: int = field(metadata={"key": "sample"})
    purpose: str
    sampled: bool | None = None
    selected: bool | None = None

    def sentence(self, words: Words) -> str:
        """By which decision."""
        return f"第{self.number}号：本年不抽"

    @classmethod
    def sample(cls) -> Self:
        """No spot review this year."""
        return cls(number=4, purpose="spot_review", sampled=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAssigned(Event):
    """An agency works on the case from now on, under a contract, with somebody who signs for it."""

    name = "agency.assigned"
    title = "委托第三方"

    stage: str
    agency: str
    agency_id: int
    lead_evaluator: str
    contract: str | None = None

    def sentence(self, words: Words) -> str:
        """Which agency, for what, and who signs."""
        return f"委托{self.agency}办理“{words.stage(self.stage)}”，主评人{self.lead_evaluator}"

    @classmethod
    def sample(cls) -> Self:
        """For a key evaluation."""
        contract = "示例-合-001"
        return cls(stage="key_evaluation", agency="示例机构", agency_id=4, lead_evaluator="孙主评", contract=contract)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviserNamed(Event):
    """An agency advised the unit of the case this year; it evaluates none of the unit's objects of that year."""

    name = "agency.adviser_named"
    title = "登记咨询机构"

    agency: str
    agency_id: int
    reason: str

    def sentence(self, words: Words) -> str:
        """Which agency, and on what."""
        return f"登记{self.agency}本年度为被评价单位提供咨询，评价时回避{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The unit's own preparation."""
        return cls(agency="示例机构", agency_id=4, reason="示例：代编绩效自评材料")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationAccepted(Event):
    """Finance took the agency's report; `score` and `grade` are the report's."""

    name = "evaluation.accepted"
    title = "评价报告验收"

    paper_version: int = field(metadata={"key": "version"})
    reason: str | None = None
    score: Decimal | None = None
    grade: str | None = None

    def sentence(self, words: Words) -> str:
        """Which version, with which result."""
        return f"评价报告第{self.paper_version}稿验收通过{_result(self)}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """The second version."""
        return cls(paper_version=2, score=Decimal("87.75"), grade="良")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReturned(Event):
    """Finance sent the agency's report back."""

    name = "evaluation.returned"
    title = "评价报告退回"

    paper_version: int = field(metadata={"key": "version"})
    reason: str | None = None
    score: Decimal | None = None
    grade: str | None = None

    def sentence(self, words: Words) -> str:
        """Which version, with which result, and why."""
        return f"评价报告第{self.paper_version}稿退回机构{_result(self)}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Points taken off without evidence."""
        return cls(paper_version=1, reason="示例：扣分没有证据", score=Decimal("89.75"), grade="良")


def _result(event: EvaluationAccepted | EvaluationReturned) -> str:
    return f"，得分{event.score}，等级{event.grade or '待认定'}" if event.score is not None else ""
