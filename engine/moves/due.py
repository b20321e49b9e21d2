"""When something is due: the policy's row, counted in the office's working days."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of, end_of_day
from engine.deadlines import WorkingCalendar, plan_before_end
from engine.deadlines.model import DeadlineState
from engine.policies import Policy


def deadline_row(session: Session, case: Case, policy: Policy, name: str, at: datetime) -> dict[str, Any] | None:
    """A row for `deadlines` (without id, task and timer), or None where the jurisdiction lays down no length.

    The row of the table and the day count are not stored: the case's policy version and `deadlines.explain` give them
    again. `name` is `stage.step`. Refuses a date in a year whose working days are not confirmed.
    """
    stage, _, step = name.partition(".")
    decision = policy.decide("deadline", {"stage": stage, "step": step}, on=day_of(at))
    if decision.undefined:
        return None
    plan = plan_before_end(day_of(at), decision.outputs, case.fiscal_year, calendar_of(session), case.facts)
    due_on = max(plan.due_on, plan.started_on)
    return {
        "jurisdiction": case.jurisdiction,
        "case_id": case.id,
        "name": name,
        "started_on": plan.started_on,
        "due_on": due_on,
        "due_at": end_of_day(due_on),
        "plan": {"reminders": [reminder.on.isoformat() for reminder in plan.reminders]},
        "consequence": plan.consequence.value,
        "state": DeadlineState.PENDING.value,
    }


def calendar_of(session: Session) -> WorkingCalendar:
    """The working calendar wired into this session."""
    calendar = session.info["calendar"]
    assert isinstance(calendar, WorkingCalendar)
    return calendar
