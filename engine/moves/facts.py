"""What the tables are told about a case, and the door through which a diagram asks them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.cases import Case
from engine.deadlines import WorkingCalendar, plan_before_end
from engine.policies import DECISIONS, Decision, Policy
from engine.words import Stage

OWN_FACTS = frozenset({"object_kind", "fiscal_year", "amount_wan"})
"""What the tables are told from the case itself, whatever else is known of its object."""

DAYS_LEFT = "days_left"
LAST_DAYS: Mapping[str, str] = {Stage.TARGET_FILING: "budget_gate", Stage.POLICY_EXPIRY: "expiry"}
"""Stage → the day by which the whole of it has to be done: what begins is asked how long that is away."""


def facts_of(case: Case) -> dict[str, Any]:
    """The object as the decision tables know it: kind, year, amount in force, and its own facts."""
    return {
        "object_kind": case.object_kind,
        "fiscal_year": case.fiscal_year,
        "amount_wan": case.amount_wan,
        **case.facts,
    }


def decide_for(case: Case, policy: Policy, decision: str, variables: Mapping[str, Any], on: date) -> Decision:
    """The table's answer for this case; of everything known it is told only what its inputs name."""
    known = facts_of(case) | dict(variables)
    asked = {name: known[name] for name in DECISIONS[decision].inputs if known.get(name) is not None}
    return policy.decide(decision, asked, on=on)


def days_left(
    case: Case, policy: Policy, stage: str, on: date, calendar: Callable[[], WorkingCalendar]
) -> int | None:  # fmt: skip
    """Calendar days from `on` to the last day of a stage, negative when it is over; None: none is laid down."""
    step = LAST_DAYS.get(stage)
    day = None if step is None else planned_day(case, policy, f"{stage}.{step}", on, calendar)
    return None if day is None else (day - on).days


def planned_day(
    case: Case, policy: Policy, name: str, on: date, calendar: Callable[[], WorkingCalendar]
) -> date | None:  # fmt: skip
    """The day of a deadline that begins on `on`, be it over; None: none is laid down, or it waits for a year."""
    stage, _, step = name.partition(".")
    row = policy.decide("deadline", {"stage": stage, "step": step}, on=on)
    if row.undefined:
        return None
    ends_on = {"policy_ends_on": case.facts.get("policy_ends_on")}
    plan = plan_before_end(on, row.outputs, case.fiscal_year, calendar(), ends_on)
    return plan.due_on or plan.wanted


@lru_cache(maxsize=4096)
def counts_back(policy: Policy, name: str, on: date) -> bool:
    """Whether a deadline is counted back from an end that lies fast, as that of a policy, whatever else takes time."""
    stage, _, step = name.partition(".")
    outputs = policy.decide("deadline", {"stage": stage, "step": step}, on=on).outputs
    return outputs["days_before_end"] is not None


class Decider:
    """The tables as a diagram asks them: answers in the plain values a process keeps (amounts and scores as text).

    They answer as they stood on the day `on`; `rows` remembers which row gave each answer, for the journal. Tables of
    earlier releases that have none for a decision say nothing.
    """

    def __init__(self, case: Case, policy: Policy, on: date, calendar: Callable[[], WorkingCalendar]) -> None:
        self.rows: dict[str, str | None] = {}
        self.on = on
        self._case, self._policy, self._calendar = case, policy, calendar

    def __call__(self, decision: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        asked = DECISIONS[decision]
        if decision not in self._policy.tables:
            self.rows[decision] = None
            return {"undefined": True, **dict.fromkeys(asked.outputs)}
        if DAYS_LEFT in asked.inputs:
            left = days_left(self._case, self._policy, variables["stage"], self.on, self._calendar)
            variables = {**variables, DAYS_LEFT: left}
        answer = decide_for(self._case, self._policy, decision, variables, self.on)
        self.rows[decision] = answer.row
        return {"undefined": answer.undefined, **{name: _plain(value) for name, value in answer.outputs.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return value
