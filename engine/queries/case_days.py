"""The days one case has to keep, how they were moved, and whose turn it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, union_all
from sqlalchemy.orm import Session, aliased

from engine.audit import read_entry
from engine.audit.events import Event
from engine.audit.events.calendars import DeadlineDayKept, DeadlineRedated
from engine.audit.events.deadlines import (
    DeadlineAwaitsCalendar,
    DeadlineDated,
    DeadlineExtended,
    DeadlineGivenBack,
    DeadlineSet,
    DeadlinesExtended,
)
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import NOT_OVER, OVER, Deadline
from engine.directory import Person
from engine.stages import step_name
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import DeadlineState, Role, TaskState, waits_words

OF_ONE_DAY = (
    DeadlineExtended, DeadlineRedated, DeadlineDayKept, DeadlineGivenBack, DeadlineAwaitsCalendar, DeadlineDated,
)  # fmt: skip
"""What is told of one deadline whose day was moved, or could have been."""
_OF_DAYS = (DeadlineSet, DeadlinesExtended, *OF_ONE_DAY)


@dataclass(frozen=True, slots=True)
class WaitsFor:
    """Somebody's open task: step, office, unit, who took it, since when, due when."""

    task_id: UUID
    step: str
    item: str | None
    role: str
    office: str
    unit_id: int
    holder: str | None
    since: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline was put off, given back, or moved or left with a new calendar; `for_all`: all of its name were.

    Before it got a day, or while it waits for one again, there is none.
    """

    before: date | None
    after: date | None
    reason: str
    by: str | None
    at: datetime
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class DayToKeep:
    """One deadline of the case, open or over, when its task was finished, and how often the day was moved.

    `can_be_put_off` says whether it runs, or has passed while its task is still to be done; `waits` what one without a
    day waits for.
    """

    deadline_id: UUID
    name: str
    task_id: UUID | None
    started_on: date
    due_on: date | None
    state: str
    consequence: str | None
    done_on: date | None
    moves: tuple[Moved, ...]
    can_be_put_off: bool
    waits: str | None = None


def days_and_tasks_of(
    session: Session, case: Case, entries: Sequence[Any]
) -> tuple[tuple[DayToKeep, ...], tuple[WaitsFor, ...]]:
    """Every deadline of the case, and every open task, a task without a deadline among them."""
    task = aliased(Task, select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN).subquery())
    waits = select(Deadline).where(Deadline.case_id == case.id, text(f"deadlines.{NOT_OVER}"))
    rows_of = all_of(Deadline)
    over = select(rows_of).where(rows_of.case_id == case.id, text(f"all_deadlines.{OVER}"))
    both = union_all(waits, over)
    day = aliased(Deadline, both.subquery())
    done = all_of(Task)
    done_at = select(done.completed_at).where(done.case_id == case.id, done.id == day.task_id).scalar_subquery()
    rows = session.execute(
        select(task, day, Person.name.label("holder"), done_at.label("done_at"))
        .select_from(task)
        .join(day, day.task_id == task.id, full=True)
        .outerjoin(Person, Person.id == task.holder_id)
        .order_by(day.due_at, day.name, task.opened_at)
    ).all()
    moves = [(entry, event) for entry in entries if isinstance(event := _event(entry), _OF_DAYS)]
    days = {row[1].id: _day(row, moves) for row in rows if row[1] is not None}
    tasks = {row[0].id: _waits_for(session, case, row[0], row.holder) for row in rows if row[0] is not None}
    return tuple(days.values()), tuple(tasks.values())


def _event(entry: Any) -> Event:
    return read_entry(entry.type, None, entry.payload)


def _day(row: Any, told: Sequence[tuple[Any, Event]]) -> DayToKeep:
    task, day, done_at = row[0], row[1], row.done_at
    runs = day.state == DeadlineState.PENDING or (day.state == DeadlineState.FIRED and task is not None)
    return DayToKeep(
        day.id, day.name, day.task_id, day.started_on, day.due_on, day.state, day.consequence,
        None if done_at is None else day_of(done_at), tuple(_moves(day, told)), runs, _waits(day),
    )  # fmt: skip


def _waits(day: Deadline) -> str | None:
    if day.due_on is not None or day.awaits_year is None:
        return None
    return waits_words(day.working_days, day.laid_down_on, day.awaits_year)


def _moves(day: Deadline, told: Sequence[tuple[Any, Event]]) -> Iterator[Moved]:
    """How the day was moved, in order; what moved all of a name moved those that ran and were due earlier.

    Cases tell that themselves; in those of earlier releases only the jurisdiction's chain does.
    """
    due_on, runs = None, False
    for_all = {(entry.at, event.deadline) for entry, event in told if isinstance(event, DeadlinesExtended)}
    for entry, event in sorted(told, key=lambda one: (one[0].at, isinstance(one[1], DeadlinesExtended))):
        match event:
            case DeadlineSet() if event.id == day.id:
                due_on, runs = event.due_on, True
            case DeadlineExtended() if _is_of(event, entry.at, day):
                all_of_it = (entry.at, day.name) in for_all
                yield Moved(event.before, event.after, event.reason, entry.by, entry.at, for_all=all_of_it)
                due_on, runs = event.after, True
            case DeadlineRedated() if event.id == day.id:
                yield Moved(event.before, event.after, _by_calendar(event), entry.by, entry.at)
                due_on = event.after
            case DeadlineGivenBack() if event.id == day.id:
                yield Moved(event.before, event.after, event.why, entry.by, entry.at)
                due_on = event.after
            case DeadlineDated() if event.id == day.id:
                yield Moved(None, event.due_on, f"{event.year}年放假安排已确认", entry.by, entry.at)
                due_on = event.due_on
            case DeadlineAwaitsCalendar() if event.id == day.id:
                if event.before is not None:
                    why = waits_words(event.working_days, event.wanted_on, event.year)
                    yield Moved(event.before, None, why, entry.by, entry.at)
                due_on, runs = None, True
            case DeadlineDayKept() if event.id == day.id:
                why = f"{_by_calendar(event)}，按此应为{event.would_be}，经确认不改"
                yield Moved(event.due_on, event.due_on, why, entry.by, entry.at)
            case DeadlinesExtended() if event.deadline == day.name and runs and _ran(day, entry.at):
                if due_on is None or due_on < event.after:
                    yield Moved(due_on, event.after, event.reason, entry.by, entry.at, for_all=True)
                    due_on = event.after


def _by_calendar(event: DeadlineRedated | DeadlineDayKept) -> str:
    return f"{event.year}年放假安排已确认（依据{'、'.join(event.source)}）"


def _is_of(event: DeadlineExtended, at: datetime, day: Deadline) -> bool:
    """Whether this deadline was meant; entries of earlier releases name it only by what it is for."""
    return event.id == day.id if event.id else event.deadline == day.name and day_of(at) >= day.started_on


def _ran(day: Deadline, at: datetime) -> bool:
    return day.closed_at is None or day.closed_at > at


def _waits_for(session: Session, case: Case, task: Task, holder: str | None) -> WaitsFor:
    return WaitsFor(
        task_id=task.id,
        step=step_name(session, case.diagrams_id, task.process, task.element),
        item=task.item,
        role=task.role,
        office=Role(task.role).label,
        unit_id=task.unit_id,
        holder=holder,
        since=task.opened_at,
        due_on=task.due_on,
    )
