"""预算调整: the amount changes, so the target is declared anew, wherever the case stands (HX-06, GZ-02)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from engine.audit.events.execution import SupplementWeighed
from engine.audit.events.money import BudgetAdjusted
from engine.cases import Case, OpenAdjustment
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.amounts import AmountRefused, refuse_no_amount, told_lines
from engine.moves.consequences import must_not_be_blocked
from engine.moves.fund_lines import lines_of, split
from engine.moves.move import Move, wait_for
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.spending import department_progress
from engine.reviews import ReasonMissing
from engine.scoring.numbers import text_of
from engine.texts import is_blank
from engine.words import Adjustment

MESSAGE = "case.budget_adjusted"


class AdjustmentOpen(WrongState):
    """An adjustment is under way, or the case cannot take one any more."""

    code = "budget.adjustment_open"


def adjust_budget(
    session: Session,
    case_id: int,
    amount_wan: Decimal,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    kind: str = "transfer",
    lines: Mapping[int, Decimal] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Start re-declaring the target at the new amount (万元, not negative); the case goes on meanwhile.

    `kind` is supplement, cut or transfer; a supplement is first held against the progress of the department (HC-08).
    `lines` says what each fund line becomes, by number (万元), together the amount; the only line of a case follows by
    itself (HX-16). The amount in force changes when the new target version is approved. One adjustment at a time.
    """
    told = {} if lines is None else {"lines": sorted(lines.items())}
    content = {"case": case_id, "amount_wan": amount_wan, "kind": kind, "reason": reason, **told}
    asked = Asked("adjust_budget", by, at, key, expected, content)
    return on_case(session, asked, case_id, lambda case: _adjust(session, case, asked, amount_wan, kind, reason, lines))


def _adjust(
    session: Session, case: Case, asked: Asked, amount_wan: Decimal, kind: str, reason: str,
    lines: Mapping[int, Decimal] | None,
) -> None:  # fmt: skip
    if is_blank(reason):
        raise ReasonMissing("预算调整要写明原因和依据，没有办理。请补充。", case_id=case.id)
    refuse_no_amount(amount_wan, "调整后的金额")
    if kind not in Adjustment.labels():
        raise AmountRefused(f"预算调整的类型只能是：{'、'.join(Adjustment.labels().values())}。请重新选择。", kind=kind)
    if case.forms.target is None:
        raise AdjustmentOpen(
            "绩效目标还没有批复，不办调整。申报的金额请单位更正；审核以后要改的，请审核部门核定。", case_id=case.id
        )
    if case.forms.adjustment is not None:
        raise AdjustmentOpen("这份案卷已有一次预算调整在办，请先办结再作新的调整。", case_id=case.id)
    if kind == Adjustment.SUPPLEMENT:
        must_not_be_blocked(session, case.id)
    catch = wait_for(case.waits, MESSAGE)
    if catch is None:
        raise AdjustmentOpen("案卷已过结果应用阶段，不能再调整本年预算。请在下一年度案卷中办理。", case_id=case.id)
    there = lines_of(session, case.id)
    shares = split(there, amount_wan, lines)
    move = Move(session, case, asked.by, asked.at)
    move.forms = move.forms.with_adjustment(OpenAdjustment(amount_wan, case.amount_wan, shares))
    move.record(
        BudgetAdjusted(
            from_wan=case.amount_wan,
            to_wan=amount_wan,
            reason=reason,
            kind=kind,
            lines=told_lines(there, shares),
        )  # fmt: skip
    )
    progress = _weighed(move) if kind == Adjustment.SUPPLEMENT else {}
    move.deliver(catch, {"adjustment_kind": kind, **progress})
    move.write()


def _weighed(move: Move) -> dict[str, str]:
    """The progress of the department by the newest figures, put on record with them; what is not known is left out."""
    progress = department_progress(move.session, move.case, day_of(move.at))
    move.record(
        SupplementWeighed(
            department=progress.department_id,
            projects=progress.projects,
            without=progress.without,
            executed_wan=progress.executed_wan,
            of_wan=progress.of_wan,
            execution_rate=progress.execution_rate,
            time_progress=progress.time_progress,
        )  # fmt: skip
    )
    rates = {"execution_rate": progress.execution_rate, "time_progress": progress.time_progress}
    return {name: text_of(share) for name, share in rates.items() if share is not None}
