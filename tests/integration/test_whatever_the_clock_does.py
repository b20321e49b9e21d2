"""Two projects live the same random life, one under a clock that is never late, one under a clock that comes when it
likes, or only when a person does something: what the journal says of both is the same.

`JIXIAO_LONG_TESTS=1` makes the lives more and longer.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.clock import shanghai, start_of_day
from engine.commands.cancel import cancel
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.fire_due import fire_due
from engine.commands.launch_stage import launch_stage
from engine.commands.resume import resume
from engine.commands.start_case import start_case
from engine.commands.suspend import suspend
from engine.deadlines.model import Deadline
from engine.store import Database
from engine.store.archives import all_of
from engine.tasks import Task
from tests.factories import Bureau, new_project
from tests.integration.desk import SHORT, prepared
from tests.office import Office

LONG = bool(os.environ.get("JIXIAO_LONG_TESTS"))
LIVES = settings(
    max_examples=150 if LONG else 8,
    deadline=None,
    derandomize=not LONG,
    phases=(Phase.generate,),
    database=None,
    suppress_health_check=list(HealthCheck),
)
BEGINS = shanghai(2020, 9, 7, 9)
NAMES = count(1)
PLACES = ["target_filing.fill_target", "target_filing.fill_target", "monitoring.decide_monitoring_disposal"]
"""Where the lives begin: before a gate that takes work away, and at a step whose day suspends the case."""
NOT_COMPARED = ("deadline.reminded",)
"""Reminders of days nobody swept are not made up for."""
OF_THE_PAPER = ("digest", "lines")
"""Digests over papers, in which the two projects have their own names."""
NUMBER = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(frozen=True)
class Turn:
    """Some days pass; then the lazy clock does something, and a person something else, in that order or not at all."""

    days: int
    clock: str
    deed: str
    which: int


TURNS = st.builds(
    Turn,
    days=st.integers(1, 40),
    clock=st.sampled_from(["sleeps", "sleeps", "fires all", "fires one"]),
    deed=st.sampled_from(["works", "works", "works", "sends back", "stands still", "is put off", "launches", "waits"]),
    which=st.integers(0, 5),
)


@dataclass
class TwoCases:
    """The same project twice; `prompt` is swept at every instant at which something is due."""

    office: Office
    prompt: int
    lazy: int
    now: datetime = BEGINS
    launched: bool = False

    @property
    def both(self) -> tuple[int, int]:
        return self.prompt, self.lazy

    def reach(self, place: str) -> None:
        for case in self.both:
            self.office.reach(case, place, executed_wan="1", **SHORT)
        self.now = self.office.now

    def launch(self) -> None:
        """Monitoring, for these two, once."""
        if not self.launched:
            by, scope = self.office.bureau.office, {"case_ids": list(self.both)}
            launch_stage(self.office.transactions, 2021, "monitoring", by=by, at=self.now, scope=scope)
            self.launched = True

    def live(self, turn: Turn) -> None:
        self.now += timedelta(days=turn.days)
        self.sweep_in_time()
        self.office.clock.move_to(self.now)
        LAZY[turn.clock](self, turn.which)
        DEEDS[turn.deed](self, turn.which)

    def sweep_in_time(self) -> None:
        """Every deadline of the prompt case fires at the first instant at which it is late."""
        while (row := self.next_due(self.prompt)) is not None:
            self.fire(row, max(row.due_at, self.office.now))

    def fire(self, row: Deadline, at: datetime) -> bool:
        with self.office.transactions() as session:
            return fire_deadline(session, row.id, at=at)

    def next_due(self, case: int) -> Deadline | None:
        return next((row for row in self.waiting(case) if row.due_at <= self.now), None)

    def waiting(self, case: int) -> list[Deadline]:
        """The days to come of a case that goes on."""
        return self.office.deadlines(case) if self.office.case(case).state == "active" else []

    def fire_if_due(self) -> None:
        row = self.next_due(self.lazy)
        if row is not None:
            assert self.fire(row, self.now)

    def step_of(self, which: int) -> Task | None:
        tasks = sorted(self.office.tasks(self.prompt), key=lambda task: task.element)
        going_on = self.office.case(self.prompt).state == "active"
        return tasks[which % len(tasks)] if tasks and going_on else None

    def told(self, case: int) -> list[Any]:
        """What the journal has of the life, without numbers of rows and the hour at which it was written."""
        numbers: dict[str, str] = {}

        def named(found: re.Match[str]) -> str:
            return numbers.setdefault(found[0], f"#{len(numbers)}")

        return [
            (entry.type, entry.by, NUMBER.sub(named, str(sorted(_compared(entry.payload)))))
            for entry in self.office.journal(case)
            if entry.type not in NOT_COMPARED and entry.type != "case.started"
        ]

    def days(self, case: int) -> Counter[Any]:
        with self.office.transactions() as session:
            row = all_of(Deadline)
            found = session.scalars(select(row).where(row.case_id == case))
            return Counter((each.name, each.started_on, each.due_on, each.state) for each in found)

    def work(self, case: int) -> Counter[Any]:
        with self.office.transactions() as session:
            row = all_of(Task)
            found = session.scalars(select(row).where(row.case_id == case))
            return Counter((each.element, each.round, each.opened_at, each.due_on, each.state) for each in found)


def _compared(payload: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in payload.items() if not name.endswith(OF_THE_PAPER)]


# ── what a clock may do ──────────────────────────────────────────────────────────────────────────────────────────────


def _sleep(two: TwoCases, which: int) -> None:
    """Nobody sweeps."""


def _fire_all(two: TwoCases, which: int) -> None:
    fire_due(two.office.transactions, at=two.now)


def _fire_one(two: TwoCases, which: int) -> None:
    """Somebody asks for one deadline, whichever it is."""
    rows = two.waiting(two.lazy)
    if rows:
        two.fire(rows[which % len(rows)], two.now)


LAZY: Mapping[str, Callable[[TwoCases, int], None]] = {
    "sleeps": _sleep, "fires all": _fire_all, "fires one": _fire_one,
}  # fmt: skip


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────


def _work(two: TwoCases, which: int, *, back: bool = False) -> None:
    task = two.step_of(which)
    if task is None:
        return
    word = two.office.element(task).step.outcomes[-1] if back else None
    if task.element not in [each.element for each in two.office.tasks(two.lazy)]:
        two.fire_if_due()  # nobody can do what nobody sees
    for case in two.both:
        done = prepared(two.office, case, task.element, word)
        with two.office.transactions() as session:
            done.done(session, two.office)


def _send_back(two: TwoCases, which: int) -> None:
    _work(two, which, back=True)


def _stand_still(two: TwoCases, which: int) -> None:
    """For a while, or for ever."""
    how: dict[str, Any] = {"reason": "示例：机构改革", "by": two.office.bureau.office}
    command = {"active": suspend, "suspended": resume}.get(two.office.case(two.prompt).state)
    if command is suspend and which == 5:
        command = cancel
    if two.office.case(two.lazy).state != two.office.case(two.prompt).state:
        two.fire_if_due()
    for case in two.both:
        if command is not None:
            with two.office.transactions() as session:
                command(session, case, at=two.now, **how)


def _put_off(two: TwoCases, which: int) -> None:
    rows = two.waiting(two.prompt)
    if not rows:
        return
    name = rows[which % len(rows)].name
    until = rows[which % len(rows)].due_on + timedelta(days=14)
    if name not in [row.name for row in two.waiting(two.lazy)]:
        two.fire_if_due()
    for case in two.both:
        row = next(row for row in two.waiting(case) if row.name == name and row.due_on + timedelta(days=14) == until)
        with two.office.transactions() as session:
            extend_deadline(
                session, row.id, until, reason="示例：系统升级", by=two.office.bureau.office, at=two.now
            )  # fmt: skip


def _launch(two: TwoCases, which: int) -> None:
    two.launch()


def _wait(two: TwoCases, which: int) -> None:
    """Nobody does anything."""


DEEDS: Mapping[str, Callable[[TwoCases, int], None]] = {
    "works": _work, "sends back": _send_back, "stands still": _stand_still, "is put off": _put_off,
    "launches": _launch, "waits": _wait,
}  # fmt: skip


# ── what holds ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whatever_order_and_delay_the_clock_has_the_journal_says_the_same(
    shared_database: Database, shared_bureau: Bureau
) -> None:
    @LIVES
    @given(place=st.sampled_from(PLACES), turns=st.lists(TURNS, min_size=4, max_size=20 if LONG else 9))
    def live(place: str, turns: list[Turn]) -> None:
        two = two_projects_at(place, Office(shared_database, shared_bureau))
        for turn in turns:
            two.live(turn)
        it_ends(two)
        happened.update(entry.type for entry in two.office.journal(two.lazy))

    happened: set[str] = set()
    live()
    assert happened >= {"deadline.fired", "task.overdue", "case.suspended"}


def two_projects_at(place: str, office: Office) -> TwoCases:
    """Everybody does what is normal for both of them until then; monitoring is launched for both in one."""
    office.clock.move_to(BEGINS)
    two = TwoCases(office, _begun(office), _begun(office))
    if place.startswith("monitoring."):
        two.reach("target_filing.approve_budget")
        two.launch()
    two.reach(place)
    return two


def _begun(office: Office) -> int:
    new = new_project(office.bureau, f"钟-{next(NAMES)}", fiscal_year=2021)
    with office.transactions() as session:
        return start_case(session, new, by=office.bureau.office, at=office.now).case_id


def it_ends(two: TwoCases) -> None:
    """The last sweep: nothing is lost, doubled, early; all of it is what the prompt clock had."""
    two.sweep_in_time()
    two.fire_if_due()

    assert two.told(two.lazy) == two.told(two.prompt)
    assert two.days(two.lazy) == two.days(two.prompt)
    assert two.work(two.lazy) == two.work(two.prompt)
    for case in two.both:
        assert two.next_due(case) is None
        fired = two.office.journal(case, "deadline.fired")
        assert [number for number, times in Counter(entry.payload["id"] for entry in fired).items() if times > 1] == []
        assert [entry for entry in fired if entry.at < late_from(entry.payload["due_on"])] == []


def late_from(due_on: str) -> datetime:
    return start_of_day(date.fromisoformat(due_on)) + timedelta(hours=23, minutes=59, seconds=59)
