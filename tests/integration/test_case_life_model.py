"""A case lives hundreds of random lives; after every move it must stand exactly where the plain case stands.

`JIXIAO_LONG_TESTS=1` makes the lives more and longer.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from engine.audit import Entry
from engine.cases import Case
from engine.clock import end_of_day
from engine.commands import writing
from engine.commands.adjust_budget import adjust_budget
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.judge import withdraw
from engine.commands.launch_stage import launch_stage
from engine.commands.standstill import cancel, resume, suspend
from engine.commands.start_case import start_case
from engine.commands.work import claim, save_draft, transfer
from engine.deadlines.model import Deadline, DeadlineState
from engine.directory import Actor, Role, Unit
from engine.errors import EngineError
from engine.store import Database
from engine.submissions import Submission
from engine.tasks import Draft, Task, TaskState
from tests.factories import Bureau, new_project, person_in
from tests.integration.desk import SHORT, Prepared, prepared
from tests.integration.plain_case import RULES, Choice, PlainCase, refused_persons
from tests.integration.soundness import faults_of
from tests.office import Office

LONG = bool(os.environ.get("JIXIAO_LONG_TESTS"))
LIVES = settings(
    max_examples=200 if LONG else 20,
    stateful_step_count=60 if LONG else 30,
    deadline=None,
    derandomize=not LONG,
    phases=(Phase.generate, Phase.shrink),
    database=None,
    suppress_health_check=list(HealthCheck),
)
LAST_DAY = date(2022, 6, 30)


class CaseLife(RuleBasedStateMachine):
    """One project, from the day its target is asked for; everybody of the bureau and a second clerk work on it."""

    database: Database
    bureau: Bureau
    second_clerk: Actor
    lives = 0

    @initialize(steps=st.integers(0, 12), launched=st.booleans())
    def a_project_enters_the_year(self, steps: int, launched: bool) -> None:
        self.office = Office(self.database, self.bureau)
        type(self).lives += 1
        new = new_project(self.bureau, f"生-{self.lives}", fiscal_year=2021)
        with self.office.transactions() as session:
            self.case = start_case(session, new, by=self.bureau.office, at=self.office.now).id
        self.office.reach(self.case, "target_filing.fill_target", **SHORT)
        self.plain = PlainCase(amount=Decimal(100))
        self.last: tuple[Prepared, str] | None = None
        self.keys = 0
        if launched:
            self.monitoring_is_launched()
        self.everybody_does_what_is_normal(steps)

    # ── work ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self._moves() and self.plain.work)
    @rule(data=st.data())
    def somebody_finishes_a_step(self, data: st.DataObject) -> None:
        self._finish(*self._step_of(data))

    @precondition(lambda self: self._moves() and self._sending_back())
    @rule(data=st.data())
    def somebody_decides_otherwise_than_is_normal(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(self._sending_back()))
        self._finish(step, RULES[step].choices[-1])

    @precondition(lambda self: self._moves() and self.plain.work)
    @rule(steps=st.integers(1, 4))
    def everybody_does_what_is_normal(self, steps: int) -> None:
        for _ in range(steps):
            for step in list(self.plain.work)[:1]:
                self._finish(step, RULES[step].choices[0])

    @precondition(lambda self: self._moves() and self.plain.work)
    @rule(data=st.data())
    def somebody_who_may_not_tries(self, data: st.DataObject) -> None:
        step, choice = self._step_of(data)
        units = {name: str(getattr(self.bureau, name).unit_id) for name in PEOPLE}
        person, code = data.draw(st.sampled_from(sorted(refused_persons(step, units))))

        with self._refused(code):
            self._send(self._prepared(step, choice), by=getattr(self.bureau, person))

    @precondition(lambda self: self.last)
    @rule()
    def the_last_request_arrives_again(self) -> None:
        assert self.last is not None
        done, key = self.last
        assert self._send(done, key=key).id == done.task_id
        self.last = None
        for step in list(self.plain.work)[:1]:
            with self._refused("command.key_taken"):
                self._send(self._prepared(step, RULES[step].choices[0]), key=key)

    @precondition(lambda self: self._moves() and self.plain.work and not self._due())
    @rule(data=st.data())
    def somebody_else_is_faster(self, data: st.DataObject) -> None:
        step, choice = self._step_of(data)
        slow = self._prepared(step, choice)

        with self._refused("case.changed_meanwhile"), meanwhile(self.the_case_is_suspended):
            self._send(slow, by=self._person(step))
        self.the_case_goes_on()

    @precondition(lambda self: self._moves() and self._clerks_steps())
    @rule(data=st.data(), who=st.sampled_from(["clerk", "second"]))
    def a_clerk_claims_a_task(self, data: st.DataObject, who: str) -> None:
        step = data.draw(st.sampled_from(self._clerks_steps()))
        work = self.plain.work[step]
        held = work.holder not in (None, who)

        with self._refused("task.held_by_another" if held else None):
            self._in_transaction(lambda s: claim(s, self._task(step).id, by=self._clerk(who), at=self.office.now))
            work.holder = who

    @precondition(lambda self: self._moves() and self._clerks_steps())
    @rule(data=st.data())
    def a_clerk_hands_a_task_to_the_other(self, data: st.DataObject) -> None:
        step = data.draw(st.sampled_from(self._clerks_steps()))
        work = self.plain.work[step]
        giver = work.holder or "clerk"
        taker = "second" if giver == "clerk" else "clerk"

        with self._refused(None):
            to = self._clerk(taker).person_id
            how: dict[str, Any] = {"reason": "休假", "by": self._clerk(giver), "at": self.office.now}
            self._in_transaction(lambda s: transfer(s, self._task(step).id, to, **how))
            work.holder = taker

    @precondition(lambda self: self._clerks_steps())
    @rule(data=st.data(), who=st.sampled_from(["clerk", "second"]), text=st.text(max_size=20))
    def a_clerk_keeps_a_draft(self, data: st.DataObject, who: str, text: str) -> None:
        step = data.draw(st.sampled_from(self._clerks_steps()))
        work = self.plain.work[step]
        version, writer = work.draft or (0, who)
        code = "task.held_by_another" if work.holder not in (None, who) else None
        code = code or ("store.not_storable" if "\0" in text else None)
        code = code or ("draft.changed_meanwhile" if writer != who else None)

        with self._refused(code):
            how: dict[str, Any] = {"by": self._clerk(who), "at": self.office.now}
            self._in_transaction(lambda s: save_draft(s, self._task(step).id, {"text": text}, **how))
            work.draft = (version + 1, who)

    @precondition(lambda self: self._handed_in() and self._moves())
    @rule(data=st.data())
    def the_unit_takes_its_paper_back(self, data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(self._handed_in()))
        latest = self.office.versions(self.case, form)[-1]
        due = self._due()

        with self._refused(deepcopy(self.plain).withdraw(form)):
            how: dict[str, Any] = {"by": self.bureau.clerk, "at": self.office.now}
            self._in_transaction(lambda s: withdraw(s, latest.id, **how))
            self._fire(due)
            self.plain.withdraw(form)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.office.today < LAST_DAY)
    @rule(days=st.integers(1, 10))
    def days_pass(self, days: int) -> None:
        self.office.clock.move_to(self.office.now + timedelta(days=days))

    @precondition(lambda self: self._next_date() and self.office.today < LAST_DAY)
    @rule(data=st.data())
    def a_date_passes(self, data: st.DataObject) -> None:
        on = data.draw(st.sampled_from(sorted({on for on in self.plain.dates.values() if on})))
        self.office.clock.move_to(end_of_day(on) + timedelta(hours=9))

    @precondition(lambda self: self._due())
    @rule()
    def the_clock_sweeps(self) -> None:
        listed = [(at, self._deadline(*at).id) for at in self._due()]
        for at, number in listed:
            takes_effect = self._moves() and at in self.plain.dates
            fired = self._in_transaction(lambda s, number=number: fire_deadline(s, number, at=self.office.now))
            assert fired == takes_effect
            self._fire([at] if takes_effect else [])

    @precondition(lambda self: self.plain.dates)
    @rule(data=st.data(), days=st.integers(-3, 60))
    def finance_extends_a_deadline(self, data: st.DataObject, days: int) -> None:
        step, name = data.draw(st.sampled_from(sorted(self.plain.dates)))
        until = (self.plain.dates[step, name] or date.max) + timedelta(days=days)
        row = self._deadline(step, name)

        with self._refused("deadline.date_refused" if days <= 0 else None):
            self._in_transaction(lambda s: extend_deadline(s, row.id, until, **self._finance("系统升级")))
            self.plain.dates[step, name] = until

    # ── the case ─────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: not self.plain.launched)
    @rule()
    def monitoring_is_launched(self) -> None:
        scope = {"case_ids": [self.case]}
        launch_stage(
            self.office.transactions, 2021, "monitoring", by=self.bureau.office, at=self.office.now, scope=scope
        )
        self.plain.launch()

    @precondition(lambda self: self._moves() and self.plain.in_force is not None)
    @rule(amount=st.integers(50, 300), kind=st.sampled_from(["cut", "transfer", "supplement"]))
    def the_budget_is_adjusted(self, amount: int, kind: str) -> None:
        code = "budget.adjustment_open" if self.plain.adjusting else None
        due = self._due()

        with self._refused(code):
            how: dict[str, Any] = {"reason": "年中调整", "by": self.bureau.division, "at": self.office.now}
            self._in_transaction(lambda s: adjust_budget(s, self.case, Decimal(amount), kind=kind, **how))
            self._fire(due)
            self.plain.adjust(Decimal(amount), kind)

    @precondition(lambda self: self._moves())
    @rule(days=st.integers(0, 40), launched=st.booleans())
    def the_case_stands_still_for_a_while(self, days: int, launched: bool) -> None:
        self.the_case_is_suspended()
        self.nothing_moves()
        self.office.clock.move_to(min(self.office.now + timedelta(days=days), end_of_day(LAST_DAY)))
        self.the_clock_sweeps()
        if launched:
            self.monitoring_is_launched()
        self.the_case_stands_where_the_plain_case_stands()
        self.the_case_goes_on()

    @precondition(lambda self: self._moves() and len(self.plain.papers.get("F02", ())) > 2)
    @rule()
    def the_case_is_cancelled(self) -> None:
        self._in_transaction(lambda s: cancel(s, self.case, **self._finance("项目撤销")))
        self.plain.cancel()

    @precondition(lambda self: not self._moves())
    @rule(steps=st.integers(0, 12), launched=st.booleans())
    def another_project_enters_the_year(self, steps: int, launched: bool) -> None:
        self.nothing_moves()
        self.a_project_enters_the_year(steps, launched)

    def the_case_is_suspended(self) -> None:
        self._in_transaction(lambda s: suspend(s, self.case, **self._finance("机构改革")))
        self.plain.state = "suspended"

    def the_case_goes_on(self) -> None:
        self._in_transaction(lambda s: resume(s, self.case, **self._finance("改革完成")))
        self.plain.state = "active"
        self.plain.join_launch()

    def nothing_moves(self) -> None:
        for command in (
            lambda s: suspend(s, self.case, **self._finance("示例")),
            lambda s: adjust_budget(s, self.case, Decimal(1), **self._finance("示例")),
            *(
                lambda s, step=step: self._prepared(step, RULES[step].choices[0]).done(s, self.office)
                for step in self.plain.work
            ),
        ):
            with self._refused("case.not_active"):
                self._in_transaction(command)

    # ── what must always hold ────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def the_case_stands_where_the_plain_case_stands(self) -> None:
        if not hasattr(self, "plain"):
            return
        with self.office.transactions() as session:
            case = session.get_one(Case, self.case)
            assert list(faults_of(session, case)) == []
            tasks = session.scalars(
                select(Task).where(Task.case_id == self.case, Task.state == TaskState.OPEN.value)
            ).all()
            assert {task.element for task in tasks} == set(self.plain.work)
            assert case.state == self.plain.state
            assert case.amount_wan == self.plain.amount
            assert (case.forms.get("target") or {"v": None})["v"] == self.plain.in_force
            assert self._papers(session) == self.plain.papers
            assert self._fired(session) == self.plain.fired
            self._compare_work(session, tasks)
            self._compare_dates(session, tasks)

    def _compare_work(self, session: Any, tasks: Any) -> None:
        holders = {self.bureau.clerk.person_id: "clerk", self.second_clerk.person_id: "second", None: None}
        for task in tasks:
            work, draft = self.plain.work[task.element], session.get(Draft, task.id)
            assert holders[task.holder_id] == work.holder
            assert (draft and (draft.version, holders[draft.saved_by])) == work.draft

    def _compare_dates(self, session: Any, tasks: Any) -> None:
        elements = {task.id: task.element for task in tasks}
        rows = session.scalars(
            select(Deadline).where(Deadline.case_id == self.case, Deadline.state == DeadlineState.PENDING.value)
        )
        pending = {(elements[row.task_id], row.name): row.due_on for row in rows}
        assert pending.keys() == self.plain.dates.keys()
        for at, on in self.plain.dates.items():
            assert on in (None, pending[at])
            self.plain.dates[at] = pending[at]

    def _papers(self, session: Any) -> dict[str, list[str]]:
        papers: dict[str, list[str]] = {}
        rows = select(Submission).where(Submission.case_id == self.case).order_by(Submission.form, Submission.version)
        for row in session.scalars(rows):
            papers.setdefault(row.form, []).append(row.state)
        return papers

    def _fired(self, session: Any) -> int:
        fired = select(func.count()).where(Entry.case_id == self.case, Entry.type == "deadline.fired")
        return int(session.scalar(fired))

    # ── hands ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _finish(self, step: str, choice: Choice) -> None:
        due = self._due()
        code = None if self._survives(step, due) else "task.not_open"
        self.keys += 1
        key, done = f"{self.case}-{self.keys}", self._prepared(step, choice)

        with self._refused(code):
            self._send(done, by=self._person(step), key=key)
            self._fire(due)
            self.plain.finish(step, choice)
            self.last = (done, key)

    def _survives(self, step: str, due: list[tuple[str, str]]) -> bool:
        return not any(at[0] == step and RULES[step].dates[at[1]] for at in due)

    def _step_of(self, data: st.DataObject) -> tuple[str, Choice]:
        step = data.draw(st.sampled_from(sorted(self.plain.work)))
        return step, data.draw(st.sampled_from(RULES[step].choices))

    def _prepared(self, step: str, choice: Choice) -> Prepared:
        return prepared(self.office, self.case, step, choice.word, **choice.answers)

    def _send(self, done: Prepared, **how: Any) -> Task:
        return self._in_transaction(lambda s: done.done(s, self.office, **how))

    def _in_transaction(self, work: Callable[[Any], Any]) -> Any:
        with self.office.transactions() as session:
            return work(session)

    def _person(self, step: str) -> Actor:
        if RULES[step].role == "clerk":
            return self._clerk(self.plain.work[step].holder or "clerk")
        return getattr(self.bureau, RULES[step].role)

    def _clerk(self, who: str) -> Actor:
        return self.second_clerk if who == "second" else self.bureau.clerk

    def _clerks_steps(self) -> list[str]:
        return sorted(step for step in self.plain.work if RULES[step].role == "clerk")

    def _handed_in(self) -> list[str]:
        return sorted(form for form, states in self.plain.papers.items() if states[-1] == "submitted" and form != "F03")

    def _next_date(self) -> date | None:
        return min((on for on in self.plain.dates.values() if on), default=None)

    def _sending_back(self) -> list[str]:
        return sorted(step for step in self.plain.work if len(RULES[step].choices) > 1)

    def _task(self, step: str) -> Task:
        with self.office.transactions() as session:
            return self.office.task_named(session, self.case, step)

    def _deadline(self, step: str, name: str) -> Deadline:
        return self.office.deadlines(self.case, name)[0]

    def _due(self) -> list[tuple[str, str]]:
        return self.plain.due(self.office.today)

    def _fire(self, due: list[tuple[str, str]]) -> None:
        for at in due:
            self.plain.fire(at)

    def _finance(self, reason: str) -> dict[str, Any]:
        return {"reason": reason, "by": self.bureau.office, "at": self.office.now}

    def _moves(self) -> bool:
        return self.plain.state == "active"

    @contextmanager
    def _refused(self, code: str | None) -> Iterator[None]:
        if code is None:
            yield
            return
        with pytest.raises(EngineError) as caught:
            yield
        assert caught.value.code == code, caught.value.message


@contextmanager
def meanwhile(somebody_else: Callable[[], None]) -> Iterator[None]:
    """The first move written in here finds that somebody else was faster."""
    write = writing.write

    def too_late(moves: Any) -> None:
        writing.write = write
        somebody_else()
        write(moves)

    writing.write = too_late
    try:
        yield
    finally:
        writing.write = write


PEOPLE = ("clerk", "head", "department", "division", "office")


def test_a_case_stands_after_every_move_where_a_person_with_paper_and_pencil_has_it(
    shared_database: Database, shared_bureau: Bureau
) -> None:
    with shared_database.transaction("huaxi") as session:
        unit = session.get_one(Unit, shared_bureau.unit_id)
        second = person_in(session, unit, "陈经办", Role.UNIT_CLERK)

    class Lives(CaseLife):
        database, bureau, second_clerk = shared_database, shared_bureau, second

    run_state_machine_as_test(Lives, settings=LIVES)
