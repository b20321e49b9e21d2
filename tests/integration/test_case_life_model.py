"""A case lives hundreds of random lives; after every move it must stand exactly where the plain case stands.

`JIXIAO_LONG_TESTS=1` makes the lives more and longer.
"""

import os
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.clock import first_late, last_instant
from engine.commands.adjust_budget import adjust_budget
from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.launch_stage import launch_stage
from engine.commands.resume import resume
from engine.commands.save_draft import save_draft
from engine.commands.start_case import start_case
from engine.commands.suspend import suspend
from engine.commands.transfer import transfer
from engine.commands.withdraw import withdraw
from engine.deadlines import WorkingCalendar
from engine.directory import Unit
from engine.store import Database
from engine.words import Role
from tests.factories import Bureau, new_project, person_in
from tests.integration.desk import SHORT
from tests.integration.living_case import LivingCase, meanwhile
from tests.integration.plain_case import RULES, PlainCase, refused_persons
from tests.office import Office

LONG = bool(os.environ.get("JIXIAO_LONG_TESTS"))
LIVES = settings(
    max_examples=200 if LONG else 12,
    stateful_step_count=60 if LONG else 30,
    deadline=None,
    derandomize=not LONG,
    phases=(Phase.generate, Phase.shrink),
    database=None,
    suppress_health_check=list(HealthCheck),
)
LAST_DAY = date(2022, 6, 30)
CALENDAR = WorkingCalendar.load(Path(__file__).parents[2] / "bpmn" / "calendars")


class CaseLife(LivingCase):
    """One project, from the day its target is asked for; everybody of the bureau and a second clerk work on it."""

    lives = 0
    begun = False
    suspended_on = LAST_DAY

    @initialize(steps=st.integers(0, 12), launched=st.booleans())
    def a_project_enters_the_year(self, steps: int, launched: bool) -> None:
        self.office = Office(self.database, self.bureau)
        type(self).lives += 1
        new = new_project(self.bureau, f"生-{self.lives}", fiscal_year=2021)
        with self.office.transactions() as session:
            self.case = start_case(session, new, by=self.bureau.office, at=self.office.now).case_id
        self.office.reach(self.case, "target_filing.fill_target", **SHORT)
        self.plain = PlainCase(amount=Decimal(100))
        self.last, self.keys, self.begun = None, 0, True
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
        assert self._send(done, key=key).gave["task"] == str(done.task_id)
        self.last = None
        others = [self._prepared(step, RULES[step].choices[0]) for step in list(self.plain.work)[:1]]
        for other in others:
            if other.by.person_id == done.by.person_id:
                with self._refused("command.key_taken"):
                    self._send(other, key=key)

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
        self.office.clock.move_to(first_late(on) + timedelta(hours=9))

    @precondition(lambda self: self._due())
    @rule()
    def the_clock_sweeps(self) -> None:
        due, takes_effect = self._due(), self._moves()
        numbers = [self._deadline(*at).id for at in due]
        fired = [self._in_transaction(lambda s, n=n: fire_deadline(s, n, at=self.office.now)) for n in numbers]
        assert fired == [takes_effect and number == numbers[0] for number in numbers]
        self._fire(due if takes_effect else [])

    @precondition(lambda self: self.plain.dates)
    @rule(data=st.data(), days=st.integers(-3, 60))
    def finance_extends_a_deadline(self, data: st.DataObject, days: int) -> None:
        step, name = data.draw(st.sampled_from(sorted(self.plain.dates)))
        row, due = self._deadline(step, name), self._due() if self._moves() else []
        assert row.laid_down_on is not None
        until, latest = row.due_on + timedelta(days=days), row.laid_down_on + timedelta(days=365)
        code = None if days > 0 and self.office.today <= until <= latest else "deadline.date_refused"

        with self._refused(code if self._survives(step, due) else "deadline.not_pending"):
            self._in_transaction(lambda s: extend_deadline(s, row.id, until, **self._finance("系统升级")))
            self._fire(due)
            self.plain.dates[step, name] = until

    # ── the case ─────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: not self.plain.launched)
    @rule()
    def monitoring_is_launched(self) -> None:
        scope = {"case_ids": [self.case]}
        due = self._due() if self._moves() and self.plain.awaits_launch else []
        launch_stage(
            self.office.transactions, 2021, "monitoring", by=self.bureau.office, at=self.office.now, scope=scope
        )
        self._fire(due)
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
        self.office.clock.move_to(min(self.office.now + timedelta(days=days), last_instant(LAST_DAY)))
        self.the_clock_sweeps()
        if launched and not self.plain.launched:
            self.monitoring_is_launched()
        self.the_case_stands_where_the_plain_case_stands()
        self.the_case_goes_on()

    @precondition(lambda self: self._moves() and len(self.plain.papers.get("F02", ())) > 2)
    @rule()
    def the_case_is_cancelled(self) -> None:
        due = self._due()
        self._in_transaction(lambda s: cancel(s, self.case, **self._finance("项目撤销")))
        self._fire(due)
        self.plain.cancel()

    @precondition(lambda self: not self._moves())
    @rule(steps=st.integers(0, 12), launched=st.booleans())
    def another_project_enters_the_year(self, steps: int, launched: bool) -> None:
        self.nothing_moves()
        self.a_project_enters_the_year(steps, launched)

    def the_case_is_suspended(self) -> None:
        due = self._due()
        self._in_transaction(lambda s: suspend(s, self.case, **self._finance("机构改革")))
        self._fire(due)
        self.plain.state, self.suspended_on = "suspended", self.office.today

    def the_case_goes_on(self) -> None:
        self._in_transaction(lambda s: resume(s, self.case, **self._finance("改革完成")))
        self.plain.go_on(self.suspended_on, self.office.today, CALENDAR)
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

    @invariant()
    def the_case_stands_where_the_plain_case_stands(self) -> None:
        if self.begun:
            self._compare()


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
