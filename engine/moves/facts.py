"""What the tables are told about a case, and the door through which a diagram asks them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.cases import Case
from engine.policies import DECISIONS, Decision, Policy

OWN_FACTS = frozenset({"object_kind", "fiscal_year", "amount_wan"})
"""What the tables are told from the case itself, whatever else is known of its object."""


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


class Decider:
    """The tables as a diagram asks them: answers in the plain values a process keeps (amounts and scores as text).

    They answer as they stood on the day `on`; `rows` remembers which row gave each answer, for the journal.
    """

    def __init__(self, case: Case, policy: Policy, on: date) -> None:
        self.rows: dict[str, str | None] = {}
        self.on = on
        self._case, self._policy = case, policy

    def __call__(self, decision: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = decide_for(self._case, self._policy, decision, variables, self.on)
        self.rows[decision] = answer.row
        return {"undefined": answer.undefined, **{name: _plain(value) for name, value in answer.outputs.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return value
