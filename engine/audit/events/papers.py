"""What happens to papers: filed, handed in, judged, taken back, scored, put in force, with files and remarks.

`submission` is the paper an event is about, `digest` is over it; `filed` is a paper of the office's own that came with
its judgement (an opinion sheet, a score sheet), with its `filed_digest`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from engine.audit.events.event import Digest, Event, Wan
from engine.audit.events.words import Words, answered, because, of_item, of_version
from engine.words import GradeGround, RemarkState, RowStatus, ScoreKind

_TASK = UUID("19d39c9e-39fc-4e0a-a44a-35e24e76fd21")
_PAPER = UUID("7f077b58-f63c-4241-9f66-4e61346b00c7")
_OPINION = UUID("0a6f5b3c-64c2-4d13-8a5e-9b1f8c2d7e4f")
_PAPER_DIGEST = "mB3vJ5sY0eQ2kXz8aT1uWg"
_OPINION_DIGEST = "Hk2m9ZbV1cXq7s0dT4uYwA"


def _done(verb: str, event: "SubmissionSubmitted | _Judged", words: Words) -> str:
    what = f"“{words.step(event.step)}”{of_item(event.item)}{of_version(event.paper_version)}"
    return f"{verb}{what}{answered(event.answers, words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFilled(Event):
    """A step filed a new version of its form; `digest` is over the content as it was kept."""

    name = "submission.filled"
    title = "填报"

    task: UUID
    step: str
    outcome: str = "submitted"
    item: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    form: str | None = None
    paper_version: int | None = field(default=None, metadata={"key": "version"})
    submission: UUID | None = None
    digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Which step, and what was answered with it."""
        return f"填报“{words.step(self.step)}”{of_item(self.item)}{answered(self.answers, words)}"

    @classmethod
    def sample(cls) -> Self:
        """A first version of a target."""
        step = "target_filing.fill_targets"
        return cls(task=_TASK, step=step, form="F02", paper_version=1, submission=_PAPER, digest=_PAPER_DIGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSubmitted(Event):
    """The head of the unit stands for a version and hands it in."""

    name = "submission.submitted"
    title = "报送"

    task: UUID
    step: str
    outcome: str = "submitted"
    item: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    paper_version: int | None = field(default=None, metadata={"key": "version"})
    submission: UUID | None = None
    digest: Digest | None = None
    filed: UUID | None = None
    filed_digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Which step and version."""
        return _done("报送", self, words)

    @classmethod
    def sample(cls) -> Self:
        """The target goes out."""
        return cls(task=_TASK, step="target_filing.confirm_targets", paper_version=1, submission=_PAPER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReturned(Event):
    """An office sent a version back; the reason is the opinion's."""

    name = "submission.returned"
    title = "退回"

    task: UUID
    step: str
    outcome: str = "returned"
    item: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    paper_version: int | None = field(default=None, metadata={"key": "version"})
    submission: UUID | None = None
    digest: Digest | None = None
    opinion: UUID | None = None
    opinion_digest: Digest | None = None
    filed: UUID | None = None
    filed_digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Which step and version."""
        return _done("退回", self, words)

    @classmethod
    def sample(cls) -> Self:
        """A target lacks its evidence."""
        step = "target_filing.review_target"
        return cls(
            task=_TASK, step=step, paper_version=1, submission=_PAPER, opinion=_OPINION, opinion_digest=_OPINION_DIGEST
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionApproved(Event):
    """An office let a version pass."""

    name = "submission.approved"
    title = "通过"

    task: UUID
    step: str
    outcome: str = "approved"
    item: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    paper_version: int | None = field(default=None, metadata={"key": "version"})
    submission: UUID | None = None
    digest: Digest | None = None
    opinion: UUID | None = None
    opinion_digest: Digest | None = None
    filed: UUID | None = None
    filed_digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Which step and version."""
        return _done("通过", self, words)

    @classmethod
    def sample(cls) -> Self:
        """The second version is sound."""
        step = "target_filing.review_target"
        return cls(
            task=_TASK, step=step, paper_version=2, submission=_PAPER, opinion=_OPINION, opinion_digest=_OPINION_DIGEST
        )


_Judged = SubmissionReturned | SubmissionApproved


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionWithdrawn(Event):
    """The unit took a version back before the next office decided."""

    name = "submission.withdrawn"
    title = "撤回"

    form: str
    paper_version: int = field(metadata={"key": "version"})
    reason: str = ""
    submission: UUID | None = None
    digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Which paper and version, and why."""
        return f"撤回{words.form(self.form)}第{self.paper_version}稿{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """An amount was wrong."""
        return cls(form="F02", paper_version=1, reason="示例：金额有误", submission=_PAPER)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkAnswered(Event):
    """The unit says what it did about a remark on one field: unchanged, changed or explained (`text`).

    `submission` is the version that says so; without a `path` the remark was about the whole paper.
    """

    name = "remark.answered"
    title = "答复审核意见"

    task: UUID
    submission: UUID
    path: str
    state: str
    text: str | None = None

    def sentence(self, words: Words) -> str:
        """Which field, and what was done."""
        where = f"“{self.path}”" if self.path else "全文"
        return f"对{where}的审核意见：{RemarkState.said(self.state)}{because(self.text)}"

    @classmethod
    def sample(cls) -> Self:
        """A target value was given its basis."""
        return cls(task=_TASK, submission=_PAPER, path="indicators.2.target_value", state="changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentAdded(Event):
    """A file was put with a task; `slot` names the paper, `sha256` (hexadecimal) is over its bytes."""

    name = "attachment.added"
    title = "上传附件"

    task: UUID
    slot: str
    file_name: str = field(metadata={"key": "name"})
    sha256: str

    def sentence(self, words: Words) -> str:
        """Which file, as what."""
        return f"上传附件“{self.file_name}”（{self.slot}）"

    @classmethod
    def sample(cls) -> Self:
        """Evidence of a delivery."""
        sha256 = "49c28c332031c5be46a9f1cc28754ba850448ac9d4ffcc1cbb169f779b66b273"
        return cls(task=_TASK, slot="佐证材料", file_name="验收单.pdf", sha256=sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentInfected(Event):
    """A virus was `found` in a file that was taken before; it is handed out no more."""

    name = "attachment.infected"
    title = "附件带病毒"

    slot: str
    file_name: str = field(metadata={"key": "name"})
    sha256: str
    found: str

    def sentence(self, words: Words) -> str:
        """Which file, as what, and the virus."""
        return f"附件“{self.file_name}”（{self.slot}）查出病毒（{self.found}），不再提供下载"

    @classmethod
    def sample(cls) -> Self:
        """Evidence from a machine that was ill."""
        sha256 = "49c28c332031c5be46a9f1cc28754ba850448ac9d4ffcc1cbb169f779b66b273"
        return cls(slot="佐证材料", file_name="验收单.pdf", sha256=sha256, found="Eicar-Test-Signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreGiven(Event):
    """A version was scored; `digest` is over kind, total, grade, method and basis. Without grade: 本区未规定."""

    name = "score.given"
    title = "评分"

    kind: str
    total: Decimal
    grade: str | None = None
    method: str | None = None
    submission: UUID | None = None
    digest: Digest | None = None

    def sentence(self, words: Words) -> str:
        """Whose score, and its grade."""
        return f"{ScoreKind(self.kind).label}得分{self.total}，等级{self.grade or RowStatus.UNDEFINED.label}"

    @classmethod
    def sample(cls) -> Self:
        """An agency's total."""
        method, digest = "f09.sum_of_rows@1", "c0Zr7uTq2xW9dLk5nE8sHg"
        return cls(
            kind="third_party", total=Decimal("87.75"), grade="良", method=method, submission=_PAPER, digest=digest
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSettled(Event):
    """The grade of a score is this one from now on, whatever the table gave; `digest` is over the score with it.

    `before` is the digest over the score as it stood, `instead_of` its grade then (None: 本区未规定).
    """

    name = "grade.settled"
    title = "等级认定"

    grade: str
    ground: str
    reason: str | None = None
    instead_of: str | None = None
    submission: UUID
    before: Digest
    digest: Digest

    def sentence(self, words: Words) -> str:
        """Which grade, in place of which, on what ground and why."""
        former = f"（等级表为{self.instead_of}）" if self.instead_of else f"（{RowStatus.UNDEFINED.label}）"
        return f"等级定为{self.grade}{former}，{GradeGround(self.ground).label}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """A score below all rows of the table."""
        before, digest = "c0Zr7uTq2xW9dLk5nE8sHg", "Nq3lq7u2Wf0m1Pz0b0y3rA"
        return cls(
            grade="中", ground="person", reason="示例：参照全国分段", submission=_PAPER, before=before, digest=digest
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFrozen(Event):
    """An approved target is in force from now on; an adjusted amount with it, and the digest over its fund lines."""

    name = "target.frozen"
    title = "目标定稿"

    form: str
    paper_version: int = field(metadata={"key": "version"})
    amount_wan: Wan | None = None
    lines: Digest | None = None
    submission: UUID | None = None

    def sentence(self, words: Words) -> str:
        """Which version, and the amount if it changed."""
        amount = f"，资金调整为{self.payload()['amount_wan']}万元" if self.amount_wan is not None else ""
        return f"{words.form(self.form)}第{self.paper_version}稿批复生效{amount}"

    @classmethod
    def sample(cls) -> Self:
        """A target at a lower amount."""
        lines = "Nq3lq7u2Wf0m1Pz0b0y3rA"
        return cls(form="F02", paper_version=2, amount_wan=Decimal(80), lines=lines, submission=_PAPER)
