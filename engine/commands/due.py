"""When something is due: the policy's row, counted in the office's working days."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of, end_of_day
from engine.deadlines import Plan, WorkingCalendar, plan_deadline, replanned
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
    plan = _plan(session, case, decision.outputs, day_of(at))
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


def _plan(session: Session, case: Case, outputs: Mapping[str, Any], start: date) -> Plan:
    """Counted from the end of the policy where the row says so and the case knows that day, else from today."""
    calendar = calendar_of(session)
    before_end, ends_on = outputs.get("days_before_end"), case.facts.get("policy_ends_on")
    if before_end is None or ends_on is None:
        return plan_deadline(start, outputs, case.fiscal_year, calendar)
    due = date.fromisoformat(ends_on) - timedelta(days=int(before_end))
    return replanned(start, due, outputs, calendar, remark=f"政策于{ends_on}到期，提前{before_end}天")


def calendar_of(session: Session) -> WorkingCalendar:
    """The working calendar wired into this session."""
    calendar = session.info["calendar"]
    assert isinstance(calendar, WorkingCalendar)
    return calendar
