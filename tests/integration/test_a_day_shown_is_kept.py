"""The day an open step shows is kept by a deadline, whatever became of the day and of the work meanwhile."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.cases import Case
from engine.commands.correct_state import correct_state
from engine.commands.extend_deadline import DeadlineNotPending, extend_deadline
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.commands.transfer import CannotTakeOver, transfer
from engine.commands.withdraw import NotYours
from engine.deadlines.model import Deadline
from engine.directory import Actor, Unit
from engine.moves.extending import DateRefused, can_be_put_off
from engine.moves.lost_days import SLACK, lost_days
from engine.moves.versions import NothingOpen
from engine.process import JumpRefused
from engine.tasks import NotYourTask, Task, TaskNotOpen
from engine.words import DeadlineState, Role
from tests.factories import person_in
from tests.integration.desk import SHORT, deadline, events, project_at, steps, the_task
from tests.integration.soundness import faults_of
from tests.kept_database import KeptDatabase
from tests.office import Office

LONG = bool(os.environ.get("JIXIAO_LONG_TESTS"))
LIVES = settings(
    max_examples=100 if LONG else 6,
    deadline=None,
    derandomize=not LONG,
    phases=(Phase.generate,),
    database=None,
    suppress_health_check=list(HealthCheck),
)
PUT_OFF = date(2020, 10, 16)


@pytest.fixture
def case(office: Office) -> int:
    """A project whose target is a day late, and was then given a later day."""
    case = project_at(office, "fill_target")
    office.let_pass(case, "target_filing.fill")
    put_off(office, case, PUT_OFF)
    return case


def put_off(office: Office, case: int, until: date, name: str = "target_filing.fill") -> None:
    how: dict[str, Any] = {"reason": "示例：停电", "by": office.bureau.office, "at": office.now}
    with office.transactions() as session:
        extend_deadline(session, deadline(office, case, name).id, until, **how)


def test_a_later_day_given_when_it_was_over_follows_the_paper_to_the_head(office: Office, case: int) -> None:
    office.do(case, "fill_target")

    confirming, due = the_task(office, case, "confirm_target"), deadline(office, case, "target_filing.fill")
    assert confirming.due_on == PUT_OFF
    assert (due.state, due.due_on, due.task_id) == (DeadlineState.PENDING, PUT_OFF, confirming.id)

    office.let_pass(case, "target_filing.fill")
    assert steps(office, case) == ["confirm_target"]
    assert events(office, case, "task.overdue") == ["task.overdue", "task.overdue"]


def test_a_later_day_that_is_over_too_shows_the_head_as_overdue(office: Office, case: int) -> None:
    office.let_pass(case, "target_filing.fill")

    office.do(case, "fill_target")

    confirming, due = the_task(office, case, "confirm_target"), deadline(office, case, "target_filing.fill")
    assert confirming.due_on == PUT_OFF
    assert (due.state, due.due_on, due.task_id) == (DeadlineState.FIRED, PUT_OFF, confirming.id)


def test_a_later_day_comes_back_with_the_paper_the_head_hands_back(office: Office, case: int) -> None:
    office.do(case, "fill_target")
    office.do(case, "confirm_target", "revise")

    filling, due = the_task(office, case, "fill_target"), deadline(office, case, "target_filing.fill")
    assert filling.due_on == PUT_OFF
    assert (due.state, due.task_id) == (DeadlineState.PENDING, filling.id)


def test_a_later_day_is_met_when_the_head_has_handed_in(office: Office, case: int) -> None:
    office.do(case, "fill_target")

    office.do(case, "confirm_target")

    due = deadline(office, case, "target_filing.fill")
    assert (due.state, due.due_on) == (DeadlineState.MET, PUT_OFF)


def test_a_later_day_is_put_off_once_more_for_the_head(office: Office, case: int) -> None:
    office.do(case, "fill_target")
    office.let_pass(case, "target_filing.fill")

    put_off(office, case, date(2020, 11, 20))

    assert the_task(office, case, "confirm_target").due_on == date(2020, 11, 20)
    assert deadline(office, case, "target_filing.fill").state == DeadlineState.PENDING


# ── whatever happens, in whatever order ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Turn:
    """Some days pass, the clock having looked or not; then something is done to one of the open steps or days."""

    days: int
    swept: bool
    deed: str
    which: int


TURNS = st.builds(
    Turn,
    days=st.sampled_from([0, 0, 3, 12, 25, 60]),
    swept=st.booleans(),
    deed=st.sampled_from(
        ["passes", "is put off", "is put off", "is handed on", "is handed on", "is returned", "is taken back",
         "stands still", "goes to a colleague", "is corrected"]
    ),
    which=st.integers(0, 5),
)  # fmt: skip
REFUSED = (
    DateRefused, DeadlineNotPending, TaskNotOpen, NothingOpen, NotYours, NotYourTask, CannotTakeOver, JumpRefused,
)  # fmt: skip
"""What may be refused at random; whatever else is refused is a fault."""
PLACES = {
    "a target before its gate": "target_filing.fill_target",
    "a sheet of monitoring": "monitoring.fill_monitoring",
    "a problem of a letter": "rectification_item.plan_rectification",
}


@dataclass
class Life:
    """One project, and the person who hands its steps to the other of two clerks."""

    office: Office
    case: int
    colleague: Actor

    def live(self, turn: Turn) -> None:
        self.office.clock.move_to(self.office.now + timedelta(days=turn.days))
        if turn.swept:
            self.office.sweep(self.case)
        with suppress(*REFUSED):
            DEEDS[turn.deed](self, turn.which)

    @property
    def state(self) -> str:
        return self.office.case(self.case).state

    def step(self, which: int) -> Task | None:
        tasks = sorted(self.office.tasks(self.case), key=lambda task: (task.element, task.item or ""))
        return tasks[which % len(tasks)] if tasks and self.state == "active" else None


def _passes(life: Life, which: int) -> None:
    waiting = life.office.deadlines(life.case)
    if waiting and life.state == "active":
        life.office.let_pass(life.case, waiting[which % len(waiting)].name)


def _is_put_off(life: Life, which: int) -> None:
    with life.office.transactions() as session:
        rows = select(Deadline).where(Deadline.case_id == life.case, can_be_put_off(), Deadline.due_on.is_not(None))
        found = list(session.scalars(rows.order_by(Deadline.due_at, Deadline.name, Deadline.id)))
    if found and life.state == "active":
        row = found[which % len(found)]
        until = max(row.day, life.office.today) + timedelta(days=10)
        with life.office.transactions() as session:
            extend_deadline(
                session, row.id, until, reason="示例：停电", by=life.office.bureau.office, at=life.office.now
            )


def _is_handed_on(life: Life, which: int, word: str | None = None) -> None:
    task = life.step(which)
    if task is not None:
        life.office.do(life.case, task.element, word, item=task.item)


def _is_returned(life: Life, which: int) -> None:
    task = life.step(which)
    if task is not None:
        _is_handed_on(life, which, life.office.element(task).step.outcomes[-1])


def _is_taken_back(life: Life, which: int) -> None:
    form = ("F02", "F03")[which % 2]
    if life.state == "active" and life.office.versions(life.case, form):
        life.office.take_back(life.case, form)


def _stands_still(life: Life, which: int) -> None:
    command = {"active": suspend, "suspended": resume}.get(life.state)
    if command is not None:
        with life.office.transactions() as session:
            command(session, life.case, reason="示例：机构改革", by=life.office.bureau.office, at=life.office.now)


def _goes_to_a_colleague(life: Life, which: int) -> None:
    task = life.step(which)
    if task is not None and task.role == Role.UNIT_CLERK:
        to = life.office.bureau.clerk if task.holder_id == life.colleague.person_id else life.colleague
        by = life.office.bureau.head if task.holder_id else life.office.bureau.clerk
        with life.office.transactions() as session:
            transfer(session, task.id, to.person_id, reason="示例：出差", by=by, at=life.office.now)


def _is_corrected(life: Life, which: int) -> None:
    """The operator lets the step that is open begin anew."""
    task = life.step(which)
    if task is not None and which == 0:
        with life.office.transactions() as session:
            correct_state(
                session, life.case, task.process, task.element, reason="示例：走错了",
                by=life.office.bureau.office, second=life.office.bureau.second_officer, at=life.office.now,
            )  # fmt: skip


DEEDS: Mapping[str, Callable[[Life, int], None]] = {
    "passes": _passes, "is put off": _is_put_off, "is handed on": _is_handed_on, "is returned": _is_returned,
    "is taken back": _is_taken_back, "stands still": _stands_still, "goes to a colleague": _goes_to_a_colleague,
    "is corrected": _is_corrected,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_in_whatever_order_things_happen_the_day_a_step_shows_is_the_one_that_is_kept(
    kept_database: KeptDatabase, place: str
) -> None:
    happened: Counter[str] = Counter()

    @LIVES
    @given(turns=st.lists(TURNS, min_size=5, max_size=25 if LONG else 12))
    def live(turns: list[Turn]) -> None:
        with kept_database.lent() as database:
            life = life_at(Office.opened(database), PLACES[place])
            for turn in turns:
                life.live(turn)
                assert list(wrong_with(life.office, life.case)) == [], turn
            happened.update(entry.type for entry in life.office.journal(life.case))

    live()
    assert min(happened[each] for each in ("deadline.extended", "deadline.fired", "case.resumed")) > 0, happened


def life_at(office: Office, place: str) -> Life:
    case = office.open_case()
    office.reach(case, place, **SHORT, sampled=True, selected=True)
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "陈经办", Role.UNIT_CLERK)
    return Life(office, case, colleague)


def wrong_with(office: Office, case: int) -> Iterator[str]:
    """What is not as it must be, the days that passed unseen by the clock once it has looked included."""
    office.sweep(case)
    with office.transactions() as session:
        yield from faults_of(session, session.get_one(Case, case))
        yield from (str(lost.reason) for lost in lost_days(session, office.now + SLACK, case))
