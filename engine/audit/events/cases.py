"""What happens to a case as a whole: it begins, changes its stage, stands still, ends; rules answer, steps fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

from engine.audit.events.event import Digest, Event, Wan
from engine.audit.events.words import Words, because
from engine.words import CaseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStarted(Event):
    """The object's year begins with this amount; `lines` is the digest over its fund lines.

    `predecessor` is the number of the case of this object and year that ended without a result before. Of a unit that
    is its own department `own_department` is the office in it that does what a department has to do.
    """

    name = "case.started"
    title = "案卷建立"

    object_kind: str
    code: str
    amount_wan: Wan
    lines: Digest | None = None
    predecessor: int | None = None
    own_department: str | None = None

    def sentence(self, words: Words) -> str:
        """Which kind, code and amount, after which case, and who does the steps of a department that is not there."""
        after = f"，接续没有结果的第{self.predecessor}号案卷" if self.predecessor is not None else ""
        told = f"编码{self.code}，资金{self.payload()['amount_wan']}万元"
        own = (
            f"；单位没有主管部门，主管部门的步骤由本单位的{words.office(self.own_department)}办理"
            if self.own_department
            else ""
        )
        return f"建立{CaseKind(self.object_kind).label}案卷，{told}{after}{own}"

    @classmethod
    def sample(cls) -> Self:
        """A project of 180 万元."""
        return cls(object_kind="project", code="示例-2021-001", amount_wan=Decimal(180), lines="Nq3lq7u2Wf0m1Pz0b0y3rA")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(Event):
    """The case stands still: by a person, or `since` the day after a deadline by the table."""

    name = "case.suspended"
    title = "案卷暂停"

    reason: str
    since: date | None = None

    def sentence(self, words: Words) -> str:
        """Why it stands still."""
        return "暂停办理" + because(self.reason)

    @classmethod
    def sample(cls) -> Self:
        """An office checks the money."""
        return cls(reason="示例：核对资金来源")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(Event):
    """The case goes on."""

    name = "case.resumed"
    title = "案卷恢复"

    reason: str

    def sentence(self, words: Words) -> str:
        """Why it goes on."""
        return "恢复办理" + because(self.reason)

    @classmethod
    def sample(cls) -> Self:
        """The check is over."""
        return cls(reason="示例：核对无误")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancelled(Event):
    """The case ends without a result; all its open tasks are taken back."""

    name = "case.cancelled"
    title = "案卷取消"

    reason: str

    def sentence(self, words: Words) -> str:
        """Why it ends."""
        return "取消案卷" + because(self.reason)

    @classmethod
    def sample(cls) -> Self:
        """The project was given up."""
        return cls(reason="示例：项目取消")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(Event):
    """The diagrams of the case came to their end; `ends` names the end events, process.element."""

    name = "case.closed"
    title = "案卷归档"

    ends: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """It is over."""
        return "办结归档"

    @classmethod
    def sample(cls) -> Self:
        """The usual end."""
        return cls(ends=("case.case_archived",))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMigrated(Event):
    """The case goes over to other diagrams and tables; `before` and `after` have `diagrams` and `policy` (ids).

    `agreed_by` is the second person, of whom entries before their time say nothing.
    """

    name = "case.migrated"
    title = "案卷换用新版流程"

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    agreed_by: int | None = None

    def sentence(self, words: Words) -> str:
        """Why it goes over."""
        agreed = "" if self.agreed_by is None else "，经第二人同意"
        return f"换用新版流程和规则{agreed}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """New diagrams, the same tables."""
        before, after = {"diagrams": 1, "policy": 5}, {"diagrams": 7, "policy": 5}
        return cls(before=before, after=after, reason="示例：流程修订")


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationUndone(Event):
    """The case goes back to the versions it was on; `before` and `after` as in `CaseMigrated`."""

    name = "case.migration_undone"
    title = "撤回换用新版流程"

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str

    def sentence(self, words: Words) -> str:
        """Why it goes back."""
        return "换回原来的流程和规则" + because(self.reason)

    @classmethod
    def sample(cls) -> Self:
        """The diagrams before."""
        before, after = {"diagrams": 7, "policy": 5}, {"diagrams": 1, "policy": 5}
        return cls(before=before, after=after, reason="示例：迁移有误")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCorrected(Event):
    """An operator moved the case to another step (process.element and its name); a second person agreed."""

    name = "case.corrected"
    title = "运维更正"

    step: str
    step_name: str = field(metadata={"key": "name"})
    reason: str
    agreed_by: int
    stage: str | None = None

    def sentence(self, words: Words) -> str:
        """Whereto and why."""
        return f"移动到“{self.step_name}”，经第二人同意{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Back to the spot review."""
        return cls(step="case.call_spot_review", step_name="自评复核", reason="示例：从这一步开始", agreed_by=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(Event):
    """The case came into a stage."""

    name = "stage.entered"
    title = "进入阶段"

    stage: str

    def sentence(self, words: Words) -> str:
        """Which stage."""
        return f"进入“{words.stage(self.stage)}”"

    @classmethod
    def sample(cls) -> Self:
        """Monitoring begins."""
        return cls(stage="monitoring")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLaunched(Event):
    """A stage was opened for the cases of a year; in the jurisdiction's chain with the `scope` (empty: all).

    `due_on` is the day finance gave, instead of that of the table, for a stated `reason`.
    """

    name = "stage.launched"
    title = "工作部署"

    stage: str
    fiscal_year: int
    scope: Mapping[str, Any] = field(default_factory=dict)
    due_on: date | None = None
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """Which stage of which year, and the day given."""
        due = f"，{self.due_on}前办结{because(self.reason)}" if self.due_on else ""
        return f"部署{self.fiscal_year}年度“{words.stage(self.stage)}”{due}"

    @classmethod
    def sample(cls) -> Self:
        """Monitoring of all projects."""
        return cls(stage="monitoring", fiscal_year=2021, scope={"object_kinds": ["project"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFinished(Event):
    """A launch that went on in the background has reached everybody; in the jurisdiction's chain.

    Of `total` cases `failed` wait to be tried again; `person` of `unit` began it.
    """

    name = "stage.launch_finished"
    title = "部署办完"

    launch: int
    stage: str
    fiscal_year: int
    person: int
    unit: int
    total: int
    failed: int

    def sentence(self, words: Words) -> str:
        """Which launch, and how it went."""
        failed = f"，{self.failed}件待重试" if self.failed else ""
        return f"部署{self.fiscal_year}年度“{words.stage(self.stage)}”在后台办完，共{self.total}件{failed}"

    @classmethod
    def sample(cls) -> Self:
        """Monitoring of all projects."""
        return cls(launch=1, stage="monitoring", fiscal_year=2021, person=6, unit=1, total=96, failed=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearActFinished(Event):
    """A step that was taken for many cases at once, and went on in the background, is over; in the jurisdiction's
    chain.

    Of `total` cases `undone` were left as they were; `person` of `unit`, in that `office`, began it. `called` is the
    name of the step then.
    """

    name = "year_act.finished"
    title = "批量办完"

    act: int
    step: str
    called: str
    fiscal_year: int
    person: int
    unit: int
    office: str
    total: int
    undone: int

    def sentence(self, words: Words) -> str:
        """Which step of which year, and how it went."""
        undone = f"，{self.undone}件没有办成" if self.undone else ""
        return f"{self.fiscal_year}年度“{self.called}”批量办完，共{self.total}件{undone}"

    @classmethod
    def sample(cls) -> Self:
        """The targets that come with a budget."""
        return cls(
            act=1, step="target_filing.approve_budget", called="随预算批复目标", fiscal_year=2021, person=5, unit=1,
            office="finance_division", total=96, undone=1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Event):
    """Tables were asked: decision → its outputs and the `row` they come from, or None where no row answers.

    `missing`: decision → the inputs that were not known and on which the answer depends (资料不全); of others without
    an answer nothing is laid down (本区未规定).
    """

    name = "decision.made"
    title = "规则判定"

    answers: Mapping[str, Any]
    missing: Mapping[str, Any] | None = None

    def told(self, decision: str) -> Mapping[str, Any] | None:
        """One answer as it is put into words: its outputs and row, what is `missing`, or None for 本区未规定."""
        missing = (self.missing or {}).get(decision)
        answer: Mapping[str, Any] | None = self.answers[decision]
        return {"missing": list(missing)} if missing else answer

    def sentence(self, words: Words) -> str:
        """Every answer in the words of its table."""
        return "按规则判定 " + "；".join(words.ruling(name, self.told(name)) for name in self.answers)

    @classmethod
    def sample(cls) -> Self:
        """A grade by its row, and a cut nobody laid down."""
        return cls(answers={"grade": {"grade": "良", "row": "grade_good"}, "quota_cut": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictReopened(Event):
    """What a person decided where no table says anything is to be decided anew; `step` is where it was decided."""

    name = "verdict.reopened"
    title = "重新认定"

    step: str
    reason: str

    def sentence(self, words: Words) -> str:
        """Which verdict, and why."""
        return f"重新办理“{words.step(self.step)}”{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Problems were overlooked."""
        return cls(step="feedback.decide_rectification_required", reason="示例：漏看了一个问题")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised(Event):
    """An automatic step failed; the case stands as it did before."""

    name = "incident.raised"
    title = "自动步骤异常"

    incident: int
    command: str
    element: str | None = None
    reason: str

    def sentence(self, words: Words) -> str:
        """Its number and what was wrong."""
        return f"自动步骤异常（第{self.incident}号）{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """A gateway without a way."""
        return cls(incident=1, command="complete_task", element="result_use.publication_route", reason="没有可走的分支")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Event):
    """A failed step was put right."""

    name = "incident.resolved"
    title = "异常消除"

    incident: int
    how: str

    def sentence(self, words: Words) -> str:
        """Its number and what helped."""
        return f"异常消除（第{self.incident}号，{self.how}）"

    @classmethod
    def sample(cls) -> Self:
        """Trying again helped."""
        return cls(incident=1, how="重试")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecorded(Event):
    """Something worth reading later."""

    name = "note.recorded"
    title = "备注"

    text: str = "备注"

    def sentence(self, words: Words) -> str:
        """The note."""
        return self.text

    @classmethod
    def sample(cls) -> Self:
        """A policy is about to end."""
        return cls(text="政策将到期，请主管部门启动再评估")
