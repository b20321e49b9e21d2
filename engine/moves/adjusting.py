"""预算调整: what begins when the amount of a case, or only its target, is to change during the year (HX-06, GZ-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.audit.events.money import BudgetAdjusted
from engine.cases import Case, OpenAdjustment
from engine.errors import WrongState
from engine.moves.amounts import AmountRefused, refuse_no_amount, told_lines
from engine.moves.change import Change
from engine.moves.fund_lines import lines_of, split
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import Adjustment

MESSAGE = "case.budget_adjusted"
"""What the diagram of a case waits for to have its target declared anew."""


class AdjustmentOpen(WrongState):
    """An adjustment is under way, or the case cannot take one any more."""

    code = "budget.adjustment_open"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The amount that is to be (万元), how and why; `lines` says what each fund line becomes, by number."""

    amount_wan: Decimal
    kind: str
    reason: str
    lines: Mapping[int, Decimal] | None = None


def must_be_adjustable(case: Case, wanted: Wanted) -> None:
    """Refuse what is no adjustment, and a case that has no target yet or is being adjusted."""
    if is_blank(wanted.reason):
        raise ReasonMissing("预算调整要写明原因和依据，没有办理。请补充。", case_id=case.id)
    refuse_no_amount(wanted.amount_wan, "调整后的金额")
    if wanted.kind not in Adjustment.labels():
        labels = "、".join(Adjustment.labels().values())
        raise AmountRefused(f"预算调整的类型只能是：{labels}。请重新选择。", kind=wanted.kind)
    if wanted.kind == Adjustment.TARGET and wanted.amount_wan != case.amount_wan:
        raise AmountRefused("只调整目标的，金额不变，没有办理。金额要变的请选追加、调减或调剂。", kind=wanted.kind)
    if case.forms.target is None:
        raise AdjustmentOpen(
            "绩效目标还没有批复，不办调整。申报的金额请单位更正；审核以后要改的，请审核部门核定。", case_id=case.id
        )
    if case.forms.adjustment is not None:
        raise AdjustmentOpen("这份案卷已有一次预算调整在办，请先办结再作新的调整。", case_id=case.id)


def open_adjustment(change: Change, wanted: Wanted) -> None:
    """Put on record what the amount is to be; it counts once the new target is approved."""
    case, there = change.case, lines_of(change.session, change.case.id)
    shares = split(there, wanted.amount_wan, wanted.lines)
    change.forms = change.forms.with_adjustment(OpenAdjustment(wanted.amount_wan, case.amount_wan, shares))
    change.record(
        BudgetAdjusted(
            from_wan=case.amount_wan,
            to_wan=wanted.amount_wan,
            reason=wanted.reason,
            kind=wanted.kind,
            lines=told_lines(there, shares),
        )  # fmt: skip
    )
