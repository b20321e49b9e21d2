"""What happens to money: budgets adjusted, disposals after monitoring, what a result does to the next budget."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self
from uuid import UUID

from engine.audit.events.event import Digest, Event, Wan
from engine.audit.events.words import Words, because
from engine.words import Adjustment, Advice, Disposal, EffectKind, EffectState, Occasion


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCorrected(Event):
    """The unit asks for another amount than before, in force at once, with the digest over the fund lines.

    `shares` tells of several fund lines what each becomes.
    """

    name = "request.corrected"
    title = "更正申报金额"

    from_wan: Wan
    amount_wan: Wan
    reason: str
    shares: tuple[str, ...] = ()
    lines: Digest | None = None

    def sentence(self, words: Words) -> str:
        """From which amount to which, each fund line where there are several, and why."""
        told = self.payload()
        shares = f"（{'，'.join(self.shares)}）" if self.shares else ""
        return f"申报金额更正：{told['from_wan']}万元→{told['amount_wan']}万元{shares}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """A sum was counted twice."""
        reason, lines = "示例：设备费重复计算", "Nq3lq7u2Wf0m1Pz0b0y3rA"
        return cls(from_wan=Decimal(180), amount_wan=Decimal(150), reason=reason, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountSettled(Event):
    """Somebody who reviews finds this amount right, in force at once, with the digest over the fund lines.

    It may be the one asked for. `shares` tells of several fund lines what each becomes.
    """

    name = "amount.settled"
    title = "核定金额"

    task: UUID
    step: str
    from_wan: Wan
    amount_wan: Wan
    reason: str | None = None
    shares: tuple[str, ...] = ()
    lines: Digest | None = None

    def sentence(self, words: Words) -> str:
        """At which step, from which amount to which, each fund line where there are several, and why."""
        told = self.payload()
        shares = f"（{'，'.join(self.shares)}）" if self.shares else ""
        amounts = f"{told['from_wan']}万元→{told['amount_wan']}万元{shares}"
        return f"“{words.step(self.step)}”核定金额：{amounts}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """An assessment leaves something out."""
        task, step = UUID("19d39c9e-39fc-4e0a-a44a-35e24e76fd21"), "ex_ante_assessment.conclude_ex_ante"
        why, lines = "示例：压减设备费", "Nq3lq7u2Wf0m1Pz0b0y3rA"
        return cls(task=task, step=step, from_wan=Decimal(1000), amount_wan=Decimal(600), reason=why, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetAdjusted(Event):
    """Re-declaring the target at another amount began; it counts once the new target is approved.

    `lines` tells of several fund lines what each becomes.
    """

    name = "budget.adjusted"
    title = "预算调整"

    from_wan: Wan
    to_wan: Wan
    reason: str
    kind: str | None = None
    lines: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """From which amount to which, each fund line where there are several, and why."""
        told, kind = self.payload(), Adjustment.said(self.kind or "调整")
        if self.kind == Adjustment.TARGET:
            return f"{kind}，金额{told['to_wan']}万元不变，须重报绩效目标{because(self.reason)}"
        lines = f"（{'，'.join(self.lines)}）" if self.lines else ""
        return f"预算{kind}：{told['from_wan']}万元→{told['to_wan']}万元{lines}{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Less money in mid-year."""
        return cls(from_wan=Decimal(100), to_wan=Decimal(80), reason="示例：年中压减", kind="cut")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringDisposed(Event):
    """What the office decided after monitoring, where money is cut to which amount, and what the two lights suggest."""

    name = "monitoring.disposed"
    title = "监控处置"

    disposal: str | None = None
    reduced_wan: Wan | None = None
    advice: str | None = None
    unit: int | None = None

    def sentence(self, words: Words) -> str:
        """The decision, and on what ground."""
        cut = f"，调减为{self.payload()['reduced_wan']}万元" if self.reduced_wan is not None else ""
        advised = f"（亮灯建议：{Advice.said(self.advice)}）" if self.advice else ""
        return f"监控处置：{Disposal.said(self.disposal or '已落实')}{cut}{advised}"

    @classmethod
    def sample(cls) -> Self:
        """The project is stopped."""
        return cls(disposal="stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateAdded(Event):
    """The object is on the list for key evaluation of a later year."""

    name = "candidate.added"
    title = "列入重点评价备选"

    for_year: int

    def sentence(self, words: Words) -> str:
        """Of which year."""
        return f"列入{self.for_year}年度重点评价备选"

    @classmethod
    def sample(cls) -> Self:
        """Next year's list."""
        return cls(for_year=2022)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultProposed(Event):
    """An effect on the budget follows from the result, by the row of `source`, to be used there in that budget."""

    name = "result.proposed"
    title = "结果应用建议"

    effect: str
    source: str | None = None
    occasion: str | None = None
    budget_year: int | None = None

    def sentence(self, words: Words) -> str:
        """Which effect, in which budget, and on what ground."""
        use = f"（{self.budget_year}年{Occasion.said(self.occasion)}）" if self.occasion else ""
        return f"建议{EffectKind.said(self.effect)}{use}，依据{self.source}"

    @classmethod
    def sample(cls) -> Self:
        """A good result."""
        return cls(effect="guarantee", source="CH-20")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDecided(Event):
    """The list of effects was decided; `exceptions` are rules not followed, each with its reason.

    `still_open` are the proposed effects that no row of the list settles.
    """

    name = "result.decided"
    title = "结果应用决定"

    effects: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    still_open: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """What is done, and what is not."""
        effects = "、".join(map(words.effect, self.effects)) or "不调整"
        exceptions = f"；例外：{'；'.join(self.exceptions)}" if self.exceptions else ""
        still_open = f"；待审定：{'、'.join(map(words.effect, self.still_open))}" if self.still_open else ""
        return f"审定结果应用：{effects}{exceptions}{still_open}"

    @classmethod
    def sample(cls) -> Self:
        """Normal funding against a rule."""
        return cls(effects=("normal",), exceptions=("示例规则：示例：压减专项",))


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSettled(Event):
    """A row of the list settled one proposed effect; `instead` is another effect carried out in its place."""

    name = "effect.settled"
    title = "逐条审定"

    effect: str
    state: str
    instead: str | None = None
    reason: str | None = None
    approved_by: str | None = None

    def sentence(self, words: Words) -> str:
        """What was proposed, what becomes of it, and of an exception why and who approved it."""
        instead = f"（{words.effect(self.instead)}）" if self.instead else ""
        approved = f"（批准：{self.approved_by}）" if self.approved_by else ""
        told = f"“{words.effect(self.effect)}”{EffectState.said(self.state)}{instead}"
        return f"建议{told}{because(self.reason)}{approved}"

    @classmethod
    def sample(cls) -> Self:
        """Normal funding instead of less."""
        why, who = "示例：在建工程不宜中断", "示例局领导"
        return cls(effect="cut", state="waived", instead="normal", reason=why, approved_by=who)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStopProposed(Event):
    """A rectification item is late: payment is to be stopped or cut."""

    name = "payment.stop_proposed"
    title = "提出停止拨款"

    item: str | None = None

    def sentence(self, words: Words) -> str:
        """Which item."""
        return f"整改事项{self.item or ''}逾期，提请停止拨款或调减"

    @classmethod
    def sample(cls) -> Self:
        """The first problem of a letter."""
        return cls(item="q1")
