"""When what follows from a result is used: in this year's adjusted budget, in the next one, on which year's list.

The table `effect_occasion` says it, counted from the fiscal year of the case; of a policy that expires from the year in
which it ends. Nobody assumes a year where the table says nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.audit.events.money import ResultProposed
from engine.clock import day_of
from engine.errors import DefinitionError
from engine.moves.change import Change
from engine.moves.facts import decide_for
from engine.results.model import ResultEffect
from engine.stages import library_of
from engine.words import Occasion, ResultOf

DECISION = "effect_occasion"
ENDS_ON = "policy_ends_on"


class OccasionNotLaidDown(DefinitionError):
    """No row says in which year what follows is used."""

    code = "results.occasion_not_laid_down"


@dataclass(frozen=True, slots=True)
class Use:
    """One budget an effect is for."""

    occasion: Occasion
    budget_year: int


def uses_of(change: Change, result_of: ResultOf) -> tuple[Use, ...]:
    """Every budget that what follows from such a result is for, this year's first; refuses where none is laid down."""
    told = _laid_down(change, result_of)
    after = {Occasion.IN_YEAR: told.get("in_year"), Occasion.NEXT_BUDGET: told.get("next_budget")}
    found = tuple(Use(use, _year(change, result_of, years)) for use, years in after.items() if years is not None)
    if not found:
        raise _not_laid_down(result_of)
    return found


def listed_for(change: Change) -> int:
    """The year on whose list for key evaluation something comes that monitoring found."""
    years = _laid_down(change, ResultOf.MONITORING).get("listed")
    if years is None:
        raise _not_laid_down(ResultOf.MONITORING)
    return _year(change, ResultOf.MONITORING, years)


def put_forward(change: Change, result_of: ResultOf, effects: Iterable[Mapping[str, Any]]) -> None:
    """Propose these effects for every budget they are for, and tell each."""
    uses = uses_of(change, result_of)
    for effect in effects:
        for use in uses:
            change.add(ResultEffect, budget_year=use.budget_year, occasion=use.occasion, **effect)
            change.record(
                ResultProposed(
                    effect=effect["effect"],
                    source=effect["source"],
                    occasion=use.occasion,
                    budget_year=use.budget_year,
                )
            )


def _laid_down(change: Change, result_of: ResultOf) -> Mapping[str, Any]:
    """The row; a case on tables of an earlier release, which have none for this, goes by those in force."""
    policy = change.policy
    if DECISION not in policy.tables:
        policy = library_of(change.session).policies.of(change.case.jurisdiction)
    answer = decide_for(change.case, policy, DECISION, {"result_of": result_of}, day_of(change.at))
    return {} if answer.undefined else answer.outputs


def _year(change: Change, result_of: ResultOf, years: Decimal) -> int:
    case = change.case
    ends_on = case.facts.get(ENDS_ON) if result_of is ResultOf.POLICY_EXPIRY else None
    first = case.fiscal_year if ends_on is None else date.fromisoformat(ends_on).year
    return first + int(years)


def _not_laid_down(result_of: ResultOf) -> OccasionNotLaidDown:
    return OccasionNotLaidDown(
        f"{result_of.label}用于哪一年的预算，本区没有规定，没有办理。请在决策表“结果应用环节与年度”中补上这一行。",
        decision=DECISION,
        result_of=result_of.value,
    )
