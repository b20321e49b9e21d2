"""Amounts and points as the example papers write them."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.submissions.forms import FormContext

HUNDRED = Decimal(100)
SPENT = Decimal("0.85")
"""How much of its budget an example project spends; it makes the worked example of F06 come out at 92.66."""

Content = dict[str, Any]


def amount_of(context: FormContext) -> Decimal:
    assert context.amount_wan is not None
    return context.amount_wan


def grade_for(context: FormContext, score: Decimal) -> str:
    """What the table gives; where it is silent somebody must write something, and a person decides later."""
    answer = context.ask("grade", score=score, object_kind=context.object_kind)
    return "中" if answer.undefined else str(answer.outputs["grade"])


def all_fiscal(amount: Decimal) -> Content:
    return {"total_wan": str(amount), "fiscal_wan": str(amount), "carry_over_wan": "0", "other_wan": "0"}


def line(initial: Decimal, budget: Decimal, executed: Decimal) -> Content:
    return {"initial_budget_wan": str(initial), "annual_budget_wan": str(budget), "executed_amount_wan": str(executed)}


def spending(budget: Decimal, executed: Decimal) -> Content:
    nothing = line(Decimal(0), Decimal(0), Decimal(0))
    whole = line(budget, budget, executed)
    return {"total": whole, "fiscal": whole, "carry_over": nothing, "other": nothing}


def money(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def points_text(score: Decimal) -> str:
    return str(score.quantize(Decimal("0.01"), ROUND_HALF_UP))


def plain(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize(), "f")
