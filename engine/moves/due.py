"""When something is due: the policy's row, counted in the office's working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineAwaitsCalendar, DeadlineSet
from engine.cases import Case
from engine.clock import day_of, first_late
from engine.deadlines import Plan, WorkingCalendar, plan_before_end, replanned
from engine.deadlines.editions import confirmed_here
from engine.deadlines.reminding import kept_days, next_reminder
from engine.policies import Policy
from engine.store.database import part, part_in_force, tenant_of
from engine.words import DeadlineState


class Ground(NamedTuple):
    """What a day was counted from: the row of the deadline table and the version of the working calendar.

    A row named after its deadline is told by the jurisdiction alone whose table it stands in.
    """

    row: str | None
    calendar: str


def deadline_row(
    session: Session, case: Case, policy: Policy, name: str, at: datetime, given: date | None = None
) -> tuple[dict[str, Any], Ground] | None:
    """A row for `deadlines` (without id, task and timer) and its ground, or None where no length is laid down.

    `given` is a day a person gave instead: it holds also where nothing is laid down, until it has passed.

    The day count is not stored: the row of the table and the calendar version it rests on give it again. `name` is
    `stage.step`. What would have to be counted in a year nobody confirmed is left open: the day (None), or reminders.
    """
    calendar, today = calendar_of(session), day_of(at)
    if given is not None and given >= today:
        plan: _Planned | None = _as_given(policy, name, today, given, calendar)
    else:
        plan = _planned(policy, name, today, case.fiscal_year, calendar, case.facts.get("policy_ends_on"))
    if plan is None:
        return None
    row = {"jurisdiction": case.jurisdiction, "case_id": case.id, "name": name, **plan.cells}
    return row, plan.ground


def row_on(
    session: Session, case: Case, policy: Policy, name: str, at: datetime, day: date
) -> tuple[dict[str, Any], Ground]:
    """The same for a day that stands elsewhere, as in the ledger of problems, be it over; the rest is the table's."""
    today = day_of(at)
    plan = _as_given(policy, name, today, day, calendar_of(session))
    cells = {**plan.cells, **day_cells(plan.cells["plan"], day, today), "laid_down_on": day}
    return {"jurisdiction": case.jurisdiction, "case_id": case.id, "name": name, **cells}, plan.ground


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is the same for every case in which a deadline of that name opens on that day."""

    cells: dict[str, Any]
    ground: Ground


@lru_cache(maxsize=4096)
def _planned(
    policy: Policy, name: str, today: date, fiscal_year: int, calendar: WorkingCalendar, policy_ends_on: str | None
) -> _Planned | None:
    stage, _, step = name.partition(".")
    decision = policy.decide("deadline", {"stage": stage, "step": step}, on=today)
    if decision.undefined:
        return None
    plan = plan_before_end(today, decision.outputs, fiscal_year, calendar, {"policy_ends_on": policy_ends_on})
    return _kept(plan, _short(decision.row, stage, step))


@lru_cache(maxsize=4096)
def _as_given(policy: Policy, name: str, today: date, given: date, calendar: WorkingCalendar) -> _Planned:
    """The day somebody gave; reminders and consequence are still the table's, where it has any."""
    stage, _, step = name.partition(".")
    decision = policy.decide("deadline", {"stage": stage, "step": step}, on=today)
    outputs = {} if decision.undefined else decision.outputs
    return _kept(replanned(today, given, outputs, calendar, remark=""), None)


def _kept(plan: Plan, row: str | None) -> _Planned:
    """What a row of `deadlines` says of a plan: with `row` None it is a day somebody gave."""
    due_on = plan.due_on and max(plan.due_on, plan.started_on)
    cells = {
        "started_on": plan.started_on,
        **planned_cells(plan, due_on, plan.started_on),
        "consequence": plan.consequence,
        "state": DeadlineState.PENDING,
        "row_id": row,
        "calendar": plan.calendar_version,
        "laid_down_on": due_on or plan.wanted,
        "working_days": plan.working_days,
        **_FOR_OTHERS,
    }
    return _Planned(cells, Ground(row, plan.calendar_version))


def planned_cells(plan: Plan, due_on: date | None, after: date) -> dict[str, Any]:
    """What the row of a deadline due on that day says of it; of the reminder days of its plan those `after` come."""
    kept: dict[str, Any] = {"reminders": kept_days(reminder.on for reminder in plan.reminders)}
    if plan.daily and plan.awaits_year is None:  # every day comes after the last one named
        kept["daily"] = True
    return day_cells(kept, due_on, after) | {"awaits_year": plan.awaits_year}


def day_cells(kept: Mapping[str, Any], due_on: date | None, after: date) -> dict[str, Any]:
    """The same of a plan as the row keeps it."""
    return {
        "due_on": due_on,
        "due_at": due_on and first_late(due_on),
        "remind_at": due_on and next_reminder(kept, after, due_on),
        "plan": kept,
    }


def day_told(row: Mapping[str, Any], ground: Ground) -> DeadlineSet | DeadlineAwaitsCalendar:
    """A new row of `deadlines` as the journal tells it."""
    told = {"id": row["id"], "deadline": row["name"], "task": row["task_id"], "row": ground.row}
    if row["due_on"] is not None:
        return DeadlineSet(due_on=row["due_on"], calendar=ground.calendar, **told)
    return DeadlineAwaitsCalendar(
        working_days=row["working_days"], wanted_on=row["laid_down_on"], year=row["awaits_year"], **told
    )


_FOR_OTHERS = {"interrupting": None, "rectification_id": None}
"""Cells that a day out of the table alone leaves empty."""


def _short(row: str | None, stage: str, step: str) -> str | None:
    """The id of a row without what the deadline's name says already.

    >>> _short("national_deadline_target_filing_fill", "target_filing", "fill"), _short("pool", "spot_review", "score")
    ('national', 'pool')
    """
    return row and row.removesuffix(f"_deadline_{stage}_{step}")


def laid_down(
    policy: Policy, name: str, started_on: date, fiscal_year: int, calendar: WorkingCalendar, policy_ends_on: str | None
) -> dict[str, Any] | None:
    """The cells of a deadline that began on `started_on` by the table and this calendar; None: nothing is laid down."""
    plan = _planned(policy, name, started_on, fiscal_year, calendar, policy_ends_on)
    return None if plan is None else plan.cells


def calendar_of(session: Session) -> WorkingCalendar:
    """The working calendar of the session's tenant: what came with the program, and over it the years it confirmed.

    Within a transaction it stays the same.
    """
    if "calendar" not in session.info:
        session.info["calendar"] = _calendar_of(session)
    calendar = session.info["calendar"]
    assert isinstance(calendar, WorkingCalendar)
    return calendar


def _calendar_of(session: Session) -> WorkingCalendar:
    shared: WorkingCalendar = part_in_force(session, "calendar")
    of_tenants: dict[str, WorkingCalendar] = part(session, "calendars")
    tenant = tenant_of(session)
    if tenant is None:
        return shared
    if tenant not in of_tenants:
        of_tenants[tenant] = shared.with_years(confirmed_here(session, tenant))
    return of_tenants[tenant]
