"""示例资金: the money tables of the forms, all of it from this year's fiscal appropriation."""

from decimal import Decimal
from typing import Any

from engine.scoring.numbers import text_of

Content = dict[str, Any]

ZERO = Decimal(0)


def by_source(amount: Decimal) -> Content:
    """An amount and where it comes from."""
    return {
        "total_wan": text_of(amount),
        "fiscal_wan": text_of(amount),
        "carry_over_wan": "0",
        "other_wan": "0",
    }


def line(budget: Decimal, spent: Decimal) -> Content:
    """Budget and execution of one source."""
    return {
        "initial_budget_wan": text_of(budget),
        "annual_budget_wan": text_of(budget),
        "executed_amount_wan": text_of(spent),
    }


def execution(budget: Decimal, spent: Decimal) -> Content:
    """Budget and execution by source."""
    whole, nothing = line(budget, spent), line(ZERO, ZERO)
    return {"total": whole, "fiscal": whole, "carry_over": nothing, "other": nothing}
