"""The sums a case is financed from, when its amount changes: together they always make the amount (HX-06, HX-16)."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import FundLine
from engine.errors import InvalidInput
from engine.scoring import plain
from engine.store.base import table_of
from engine.store.figures import is_amount

_lines = table_of(FundLine).c
_SMALLEST = Decimal("0.000001")


class SplitRefused(InvalidInput):
    """Nobody said how an amount is split over several fund lines, or what was said does not make the amount."""

    code = "budget.split_refused"


def lines_of(session: Session, case_id: int) -> Sequence[Any]:
    """Number, name and amount (万元) of the fund lines of a case, by number."""
    asked = select(_lines.line_no, _lines.name, _lines.amount_wan).where(_lines.case_id == case_id)
    return session.execute(asked.order_by(_lines.line_no)).all()


def split(lines: Sequence[Any], amount_wan: Decimal, told: Mapping[int, Decimal] | None) -> dict[int, Decimal]:
    """What each line is at a new amount: the only one follows, several stay where they make the amount already.

    Else `told` has each of them by number; refuses one that is missing, is no amount, or is not there, and a sum that
    is another.
    """
    if not told and len(lines) <= 1:
        return {row.line_no: amount_wan for row in lines}
    if not told:
        told = {row.line_no: row.amount_wan for row in lines}
        if sum(told.values()) != amount_wan:
            raise SplitRefused(
                f"这份案卷有{len(lines)}笔资金，金额变了，没有写明各笔改为多少，没有办理。请逐笔填写，合计等于调整后的金额。"
            )
    _refuse_bad(lines, amount_wan, told)
    return dict(told)


def _refuse_bad(lines: Sequence[Any], amount_wan: Decimal, told: Mapping[int, Decimal]) -> None:
    names = {row.line_no: row.name for row in lines}
    for number in told.keys() - names.keys():
        raise SplitRefused(f"这份案卷没有第{number}笔资金，没有办理。请按案卷的资金明细填写。", line=number)
    for number, name in names.items():
        if number not in told:
            raise SplitRefused(f"“{name}”没有写明改为多少，没有办理。请逐笔填写。", line=number)
        if not is_amount(told[number]):
            raise SplitRefused(
                f"“{name}”的金额应是不小于0的万元数，最多六位小数，没有办理。请核对。", line=number
            )  # fmt: skip
    total = sum(told.values(), Decimal(0))
    if total != amount_wan:
        raise SplitRefused(
            f"各笔资金合计{plain(total)}万元，与金额{plain(amount_wan)}万元不一致，没有办理。请核对。",
            total_wan=str(total),
        )


def in_proportion(lines: Sequence[Any], amount_wan: Decimal) -> dict[int, Decimal]:
    """The lines of an adjustment asked for before anybody was asked how it is split; the last takes what is left."""
    before = sum((row.amount_wan for row in lines), Decimal(0))
    shares = {
        row.line_no: (amount_wan * row.amount_wan / before).quantize(_SMALLEST, ROUND_DOWN) if before else Decimal(0)
        for row in lines
    }
    if lines:
        shares[lines[-1].line_no] += amount_wan - sum(shares.values())
    return shares
