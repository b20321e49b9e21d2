"""Day after day: deadlines fire, and people do what lies on their desks. What one case does is nobody else's matter.

So the cases of a year can be lived through in several shares, and come out the same however they are shared out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.commands.fire_deadline import fire_deadline
from engine.commands.resume import resume
from engine.deadlines import shifted, working_days_between
from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from engine.rehearsal.acting import act
from engine.rehearsal.adjusting import adjust_some
from engine.rehearsal.desk import Desk, Memory, somebody_for
from engine.rehearsal.ground import Ground, nine_on
from engine.rehearsal.plan import Motion, habits
from engine.rehearsal.subjects import Subject
from engine.stages import diagrams_of
from engine.tasks import Task
from engine.words import CaseState, DeadlineState, TaskState

ONE_DAY = timedelta(days=1)
FAR_AWAY = date(2999, 12, 31)
"""Held until this day: nobody will do it in our time."""
Progress = Callable[[date, int], None]
"""Told after every day: the day, and how many cases of the share are finished."""

_NEXT_DUE = (
    select(func.min(Deadline.due_at))
    .where(Deadline.case_id == Case.id, Deadline.state == DeadlineState.PENDING)
    .scalar_subquery()
)
_OPEN_TASKS = (
    select(
        Case.id.label("case_id"), Case.state, _NEXT_DUE.label("next_due"),
        Task.id.label("task_id"), Task.process, Task.element, Task.item, Task.due_on,
    )
    .outerjoin(Task, (Task.case_id == Case.id) & (Task.state == TaskState.OPEN))
    .where(Case.id.in_(bindparam("cases", expanding=True)))
    .order_by(Case.id, Task.process, Task.element, Task.item)
)  # fmt: skip
_AT_HAND = select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id.in_(bindparam("tasks", expanding=True)))
_DUE = (
    select(Deadline.id, Deadline.case_id)
    .outerjoin(Task, Task.id == Deadline.task_id)
    .order_by(Deadline.due_at, Deadline.case_id, Deadline.name, Task.item)
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time from one act of finance to the next: what it did on the morning of `today`, and how far to go.

    `newcomers` are cases that began this morning. The days through `until` are lived to their end; of `next_morning`,
    if there is one, only what comes before finance acts again.
    """

    today: date
    newcomers: Mapping[int, Subject]
    motions: tuple[Motion, ...]
    until: date
    next_morning: date | None


@dataclass(order=True, slots=True)
class OnDesk:
    """A task somebody means to do on a day; `name` orders what falls on the same day."""

    day: date
    name: str
    times: int
    case_id: int = field(compare=False)
    task_id: UUID = field(compare=False)


@dataclass
class Share:
    """Some of the cases, what their people remember, and what lies on whose desk."""

    ground: Ground
    today: date = date.min
    subjects: dict[int, Subject] = field(default_factory=dict)
    memories: dict[int, Memory] = field(default_factory=dict)
    desks: dict[int, list[OnDesk]] = field(default_factory=dict)
    due: dict[int, datetime] = field(default_factory=dict)
    known: set[UUID] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)

    def live(self, stretch: Stretch, progress: Progress = lambda day, done: None) -> None:
        """Live through a stretch of the year, each day in its order."""
        self.today = stretch.today
        self._take_on(stretch.newcomers)
        self._after_motions(stretch.motions)
        self._work()
        while (day := self._next_day()) <= stretch.until:
            self._wake_up(day)
            if self.ground.calendar.is_working_day(day):
                self._work()
            progress(day, len(self.closed))
        if stretch.next_morning is not None:
            self._wake_up(stretch.next_morning)

    @property
    def at(self) -> datetime:
        """When everything of today happens."""
        return nine_on(self.today)

    def _take_on(self, newcomers: Mapping[int, Subject]) -> None:
        for case_id, subject in newcomers.items():
            self.subjects[case_id], self.memories[case_id], self.desks[case_id] = subject, Memory(), []

    def _after_motions(self, motions: Iterable[Motion]) -> None:
        """Do this share's part of what finance set going, and put what is new on the desks."""
        for motion in motions:
            cases = [case_id for case_id, each in self.subjects.items() if each.fiscal_year == motion.fiscal_year]
            with self.ground.transaction() as session:
                if motion.what == "adjustments":
                    for case_id in cases:
                        known = self.subjects[case_id], self.memories[case_id]
                        adjust_some(session, self.ground, case_id, *known, self.at)
                self._take_note(session, cases)

    def _next_day(self) -> date:
        """The next day on which anything can happen in these cases."""
        coming = []
        if first_on_desk := min((desk[0].day for desk in self.desks.values() if desk), default=None):
            coming.append(self._first_working_day(first_on_desk))
        if self.due:
            coming.append(day_of(min(self.due.values())))  # the first day that is late
        return max(self.today + ONE_DAY, min(coming, default=date.max))

    def _first_working_day(self, day: date) -> date:
        day = max(day, self.today + ONE_DAY)
        return day if day >= FAR_AWAY else shifted(day - ONE_DAY, 1, self.ground.calendar)

    def _wake_up(self, day: date) -> None:
        """It is another day: every deadline that is due by now takes effect."""
        self.today = day
        cases = [case_id for case_id, at in self.due.items() if at <= self.at]
        if not cases:
            return
        with self.ground.transaction() as session:
            due = session.execute(_DUE.where(Deadline.case_id.in_(cases), *takes_effect(self.at))).all()
            for deadline in due:
                fire_deadline(session, deadline.id, at=self.at)
            self._take_note(session, cases)

    def _work(self) -> None:
        """Everybody does what they meant to do by today; what that opens may still be done today."""
        while at_hand := [desk[0] for desk in self.desks.values() if desk and desk[0].day <= self.today]:
            with self.ground.transaction() as session:
                rows = session.execute(_AT_HAND, {"tasks": [item.task_id for item in at_hand]})
                found = {task.id: [(task, case)] for task, case in rows}
                for item in at_hand:
                    heappop(self.desks[item.case_id])
                    for task, case in found.get(item.task_id, ()):  # none: packed with a case that is over
                        if task.state == TaskState.OPEN:
                            self._let_go_on(session, case)
                            act(self._desk(session, task, case, item.times))
                self._take_note(session, [item.case_id for item in at_hand])

    def _let_go_on(self, session: Session, case: Case) -> None:
        """恢复: a day that passed has suspended the case, and now somebody is about to do what was late."""
        if case.state == CaseState.SUSPENDED:
            resume(session, case.id, reason="示例：已催办，今日办理", by=self.ground.town.office, at=self.at)

    def _desk(self, session: Session, task: Task, case: Case, times: int) -> Desk:
        element = diagrams_of(session, case.diagrams_id).element(task.process, task.element)
        return Desk(
            session=session,
            seed=self.ground.seed,
            town=self.ground.town,
            case=case,
            subject=self.subjects[case.id],
            memory=self.memories[case.id],
            task=task,
            element=element,
            by=somebody_for(self.ground.town, task, case, element),
            at=self.at,
            times=times,
        )

    def _take_note(self, session: Session, cases: Iterable[int]) -> None:
        """Put tasks nobody has thought of yet on somebody's desk, for a day that suits their habits."""
        for row in session.execute(_OPEN_TASKS, {"cases": list(cases)}):
            self.due.pop(row.case_id, None)
            if row.state == CaseState.CLOSED:
                self.closed.add(row.case_id)
                continue
            if row.next_due is not None:
                self.due[row.case_id] = row.next_due
            if row.task_id is not None and row.task_id not in self.known:
                self.known.add(row.task_id)
                self._put_on_desk(row)

    def _put_on_desk(self, row: Any) -> None:
        subject, step = self.subjects[row.case_id], f"{row.process}.{row.element}"
        times = self.memories[row.case_id].comes_up(row.process, row.element, row.item)
        name = f"{subject.fiscal_year}.{subject.code}.{step}.{row.item or ''}"
        day = self._day_for(subject, self.ground.dice(name, times, "when"), row.due_on)
        item = OnDesk(max(self.today, subject.held.get(step, day)), name, times, row.case_id, row.task_id)
        heappush(self.desks[row.case_id], item)

    def _day_for(self, subject: Subject, chance: Random, due_on: date | None) -> date:
        """The day somebody will do a step: within the time there is, now and then some days late."""
        calendar = self.ground.calendar
        if due_on is None:
            return shifted(self.today, chance.choice(habits().days_without_deadline), calendar)
        if chance.random() < habits().late and not subject.exemplary:
            return due_on + timedelta(days=chance.choice(habits().days_late))
        days = min(working_days_between(self.today, due_on, calendar), habits().longest_days)
        return shifted(self.today, chance.randint(0, days), calendar) if days else max(self.today, due_on)
