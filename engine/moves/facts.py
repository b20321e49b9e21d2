"""What the tables are told about a case, and the door through which a diagram asks them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.deadlines import WorkingCalendar, plan_before_end
from engine.moves.due import calendar_of
from engine.policies import DECISIONS, Decision, Policy
from engine.rectifications import Rectification
from engine.words import Stage

KEPT_OF_OBJECTS = frozenset({"project_nature", "spending_frequency"})
"""Facts of an object that a process of an earlier release carries too; the case is asked, as it may be corrected."""

OWN_FACTS = frozenset({"object_kind", "fiscal_year", "amount_wan"})
"""What the tables are told from the case itself, whatever else is known of its object."""

QUOTA = "public_expense_quota_wan"
"""Fact of a whole department: its 在职人员公用经费综合定额, the base of a cut by score (CH-21)."""

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
    """The table's answer for this case; of everything known it is told only what its inputs name.

    Tables of earlier releases that have none for a decision say nothing.
    """
    if decision not in policy.tables:
        return policy.silent_about(decision)
    known = facts_of(case) | dict(variables)
    asked = {name: known[name] for name in DECISIONS[decision].inputs if known.get(name) is not None}
    return policy.decide_about(case.object_kind, decision, asked, on)


def days_left(case: Case, policy: Policy, stage: str, on: date, calendar: WorkingCalendar) -> int | None:
    """Calendar days from `on` to the last day of a stage, negative when it is over; None: none is laid down."""
    step = LAST_DAYS.get(stage)
    day = None if step is None else planned_day(case, policy, f"{stage}.{step}", on, calendar)
    return None if day is None else (day - on).days


def planned_day(case: Case, policy: Policy, name: str, on: date, calendar: WorkingCalendar) -> date | None:
    """The day of a deadline that begins on `on`, be it over; None: none is laid down, or it waits for a year."""
    stage, _, step = name.partition(".")
    row = policy.decide("deadline", {"stage": stage, "step": step}, on=on)
    if row.undefined:
        return None
    ends_on = {"policy_ends_on": case.facts.get("policy_ends_on")}
    plan = plan_before_end(on, row.outputs, case.fiscal_year, calendar, ends_on)
    return plan.due_on or plan.wanted


@lru_cache(maxsize=4096)
def counts_back(policy: Policy, name: str, on: date) -> bool:
    """Whether a deadline is counted back from an end that lies fast, as that of a policy, whatever else takes time."""
    stage, _, step = name.partition(".")
    outputs = policy.decide("deadline", {"stage": stage, "step": step}, on=on).outputs
    return outputs["days_before_end"] is not None


class Decider:
    """The tables as a diagram asks them: answers in the plain values a process keeps (amounts and scores as text).

    They answer as they stood on the day `on`; `rows` remembers which row gave each answer, and `missing` which unknown
    facts an answer depends on, for the journal; `amount_wan` is the amount the case takes on in the same move. Tables
    of earlier releases that have none for a decision say nothing.
    """

    def __init__(self, case: Case, policy: Policy, on: date, session: Session) -> None:
        self.rows: dict[str, str | None] = {}
        self.missing: dict[str, tuple[str, ...]] = {}
        self.on = on
        self.amount_wan: Decimal | None = None
        self._case, self._policy, self._session = case, policy, session

    def __call__(self, decision: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        asked = DECISIONS[decision]
        if decision not in self._policy.tables:
            self.rows[decision] = None
            return {"undefined": True, **dict.fromkeys(asked.outputs)}
        variables = {name: value for name, value in variables.items() if name not in KEPT_OF_OBJECTS}
        if self.amount_wan is not None:
            variables["amount_wan"] = self.amount_wan
        for name in LOOKED_UP.keys() & asked.inputs.keys():
            variables |= LOOKED_UP[name](self, variables)
        answer = decide_for(self._case, self._policy, decision, variables, self.on)
        self.rows[decision], self.missing[decision] = answer.row, answer.missing
        return {"undefined": answer.undefined, **{name: _plain(value) for name, value in answer.outputs.items()}}

    def time_left(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """How far off the last day of the stage that asks is."""
        calendar = calendar_of(self._session)
        return {"days_left": days_left(self._case, self._policy, variables["stage"], self.on, calendar)}

    def standing_of_the_problem(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """How often others were asked to see to the problem that is put right, and whether its day is over."""
        found = select(Rectification).where(
            Rectification.case_id == self._case.id, Rectification.item == variables.get("rectification_item_id")
        )
        problem = self._session.scalars(found.execution_options(populate_existing=True)).one_or_none()
        if problem is None:  # a later letter put it in other words
            return {"over": True}
        overdue = problem.due_on is None or problem.due_on < self.on
        return {"over": problem.is_over, "overdue": overdue, "escalations": problem.escalations}


Look = Callable[[Decider, Mapping[str, Any]], dict[str, Any]]
LOOKED_UP: Mapping[str, Look] = {
    "days_left": Decider.time_left,
    "escalations": Decider.standing_of_the_problem,
}
"""Inputs nobody keeps, each with what finds it when a table asks for it."""


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return value
