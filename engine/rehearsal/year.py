"""The year itself: day after day deadlines fire, stages are launched, and people do what lies on their desks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case, CaseState
from engine.clock import SteppingClock, day_of, shanghai
from engine.commands.fire_deadline import fire_deadline
from engine.commands.start_case import NewCase, start_case
from engine.deadlines import WorkingCalendar, shifted, working_days_between
from engine.deadlines.model import Deadline, DeadlineState
from engine.errors import WrongState
from engine.moves.delivering import Transactions
from engine.moves.reading import standing
from engine.rehearsal.acting import act
from engine.rehearsal.desk import Memory
from engine.rehearsal.motions import set_in_motion
from engine.rehearsal.people import Town
from engine.rehearsal.plan import Motion, dice, habits
from engine.rehearsal.subjects import Subject
from engine.store import Database
from engine.tasks import Task, TaskState

YEARS_AFTER = 1
"""A rehearsal is over by the end of the year after its last motion; later days are not looked at."""
ONE_DAY = timedelta(days=1)
FAR_AWAY = date(2999, 12, 31)
"""Held until this day: nobody will do it in our time."""
Progress = Callable[[date, int, int], None]
"""Told after every day: the day, how many cases are finished, and out of how many."""


_OPEN_TASKS = (
    select(
        Case.id.label("case_id"), Case.state,
        Task.id.label("task_id"), Task.process, Task.element, Task.item, Task.due_on,
    )
    .outerjoin(Task, (Task.case_id == Case.id) & (Task.state == TaskState.OPEN))
    .order_by(Case.id, Task.process, Task.element, Task.item)
)  # fmt: skip
_NEXT_DUE = select(func.min(Deadline.due_at)).where(Deadline.state == DeadlineState.PENDING)


class YearUnfinished(WrongState):
    """Cases are left that nobody can carry on: a diagram leads into a corner. Facts: the cases and where they stand."""

    code = "rehearsal.unfinished"


@dataclass(order=True)
class OnDesk:
    """A task somebody means to do on a day; `name` orders what falls on the same day."""

    day: date
    name: str
    times: int
    task_id: UUID = field(compare=False)


@dataclass
class Year:
    """One rehearsal under way."""

    database: Database
    town: Town
    coming: list[Subject]
    seed: int
    clock: SteppingClock
    planned: list[Motion]
    reviews_collectively: bool = False
    subjects: dict[int, Subject] = field(default_factory=dict)
    memories: dict[int, Memory] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    told: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    repeated: set[Motion] = field(default_factory=set)
    desks: list[OnDesk] = field(default_factory=list)
    known: set[UUID] = field(default_factory=set)
    next_due: datetime | None = None

    def run(self, until: date | None = None, progress: Progress = lambda day, done, total: None) -> None:
        """Go through the days until every case is closed, or through the day `until`."""
        heapify(self.planned)
        last = until or date(max(self.planned).on.year + YEARS_AFTER, 12, 31)
        today = self.planned[0].on - ONE_DAY
        while (day := self._next_day(today)) is not None and day <= last:
            today = day
            self.clock.move_to(shanghai(day.year, day.month, day.day))
            self._fire_what_is_due()
            if self.calendar.is_working_day(day):
                self._set_in_motion(day)
                self._work(day)
            progress(day, len(self.closed), len(self.coming))
        if until is None and len(self.closed) < len(self.coming):
            raise self._unfinished()

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days of the office."""
        calendar = self.database.parts["calendar"]
        assert isinstance(calendar, WorkingCalendar)
        return calendar

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction of this jurisdiction."""
        with self.database.transaction(self.town.jurisdiction) as session:
            yield session

    def transactions(self) -> Transactions:
        """How a bulk command opens its transactions here."""
        return self.transaction

    def begin(self, new: NewCase, subject: Subject) -> None:
        """Open a case and put its first tasks on the desks."""
        with self.transaction() as session:
            case_id = int(start_case(session, new, by=self.town.office, at=self.clock.now()).gave["case"])
            self.subjects[case_id], self.memories[case_id] = subject, Memory()
            self._take_note(session, case_id)

    def cases_of(self, fiscal_year: int) -> list[int]:
        """The cases of a fiscal year, in the order in which they began."""
        return [case_id for case_id, subject in self.subjects.items() if subject.fiscal_year == fiscal_year]

    def plan_again(self, motion: Motion) -> None:
        """Do the same once more on a later day."""
        self.repeated.add(motion)
        heappush(self.planned, motion)

    def look_at(self, *case_ids: int) -> None:
        """Put what is new in these cases on the desks."""
        with self.transaction() as session:
            self._take_note(session, *case_ids)

    def _next_day(self, today: date) -> date | None:
        """The next day on which anything can happen."""
        coming = [self._first_working_day(max(self.planned[0].on, today + ONE_DAY))] if self.planned else []
        if self.desks:
            coming.append(self._first_working_day(max(self.desks[0].day, today + ONE_DAY)))
        with self.transaction() as session:
            self.next_due = session.scalar(_NEXT_DUE)
        if self.next_due is not None and len(self.closed) < len(self.subjects):
            coming.append(day_of(self.next_due) + ONE_DAY)
        return max(min(coming), today + ONE_DAY) if coming else None

    def _first_working_day(self, day: date) -> date:
        return day if day >= FAR_AWAY else shifted(day - ONE_DAY, 1, self.calendar)

    def _set_in_motion(self, day: date) -> None:
        while self.planned and self.planned[0].on <= day:
            motion = heappop(self.planned)
            set_in_motion(self, motion)
            self.look_at(*self.cases_of(motion.fiscal_year))

    def _work(self, day: date) -> None:
        """Everybody does what they meant to do by today; what that opens may still be done today."""
        while self.desks and self.desks[0].day <= day:
            item = heappop(self.desks)
            with self.transaction() as session:
                found = standing(session, item.task_id)
                if found.task.state == TaskState.OPEN:
                    act(self, session, found.task, found.case, item.times)
                    self._take_note(session, found.case.id)

    def _fire_what_is_due(self) -> None:
        """Let every deadline that is due take effect, each in a transaction of its own."""
        if self.next_due is None or self.next_due > self.clock.now():
            return
        with self.transaction() as session:
            due = session.execute(
                select(Deadline.id, Deadline.case_id)
                .outerjoin(Task, Task.id == Deadline.task_id)
                .where(Deadline.state == DeadlineState.PENDING, Deadline.due_at <= self.clock.now())
                .order_by(Deadline.due_at, Deadline.case_id, Deadline.name, Task.item)
            ).all()
        for deadline_id, case_id in due:
            with self.transaction() as session:
                if fire_deadline(session, deadline_id, at=self.clock.now()):
                    self._take_note(session, case_id)

    def _take_note(self, session: Session, *case_ids: int) -> None:
        """Put tasks nobody has thought of yet on somebody's desk, for a day that suits their habits."""
        for row in session.execute(_OPEN_TASKS.where(Case.id.in_(case_ids))):
            if row.state == CaseState.CLOSED:
                self.closed.add(row.case_id)
            elif row.task_id is not None and row.task_id not in self.known:
                self.known.add(row.task_id)
                self._put_on_desk(row)

    def _put_on_desk(self, row: Any) -> None:
        subject, step = self.subjects[row.case_id], f"{row.process}.{row.element}"
        times = self.memories[row.case_id].comes_up(row.process, row.element, row.item)
        name = f"{subject.fiscal_year}.{subject.code}.{step}.{row.item or ''}"
        day = self._day_for(subject, dice(self.seed, name, times, "when"), row.due_on)
        heappush(self.desks, OnDesk(max(day, subject.held.get(step, day)), name, times, row.task_id))

    def _day_for(self, subject: Subject, chance: Random, due_on: date | None) -> date:
        """The day somebody will do a step: within the time there is, now and then some days late."""
        today = day_of(self.clock.now())
        if due_on is None:
            return shifted(today, chance.choice(habits().days_without_deadline), self.calendar)
        if chance.random() < habits().late and not subject.exemplary:
            return due_on + timedelta(days=chance.choice(habits().days_late))
        days = min(working_days_between(today, due_on, self.calendar), habits().longest_days)
        return shifted(today, chance.randint(0, days), self.calendar) if days else max(today, due_on)

    def _unfinished(self) -> YearUnfinished:
        with self.transaction() as session:
            left = session.execute(
                select(Case.code, Case.stage).where(Case.state != CaseState.CLOSED).order_by(Case.code)
            ).all()
        names = "、".join(f"{row.code}（{row.stage}）" for row in left[:10])
        return YearUnfinished(
            f"演练到头，还有{len(left)}份案卷没有办结：{names}。请检查流程图是否有走不出去的地方。",
            cases=[{"code": row.code, "stage": row.stage} for row in left],
        )
