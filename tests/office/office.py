"""The bureau, its cases and its clock."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.cases import Case
from engine.clock import SteppingClock, day_of, shanghai
from engine.commands.draw_sample import draw_sample
from engine.commands.fire_deadline import fire_deadline
from engine.commands.launch_stage import LAUNCHED, launch_stage
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.skip_draw import skip_draw
from engine.commands.start_case import Line, NewCase, start_case
from engine.commands.withdraw import withdraw
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.process import Element
from engine.stages import diagrams_of
from engine.store import Database
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import CaseKind, CaseState, DeadlineState, TaskState
from tests.factories import Bureau, bureau_in
from tests.office.desk import Desk
from tests.office.memory import Stand, Way, by_heart, way_of

FISCAL_YEAR = 2021
BEGINS = shanghai(FISCAL_YEAR - 1, 9, 1)
EXAMPLE = "示例-2021-001"
NAMES = {
    CaseKind.PROJECT: "示例：社区养老服务站建设经费",
    CaseKind.WHOLE_DEPARTMENT: "示例单位甲",
    CaseKind.POLICY: "示例：养老服务补贴办法",
}
AMOUNTS = {CaseKind.PROJECT: "180", CaseKind.WHOLE_DEPARTMENT: "800.12345", CaseKind.POLICY: "180"}
LAUNCHED_ON = {"monitoring": (0, 8, 2), "self_evaluation": (1, 2, 10), "result_use": (1, 10, 11)}
"""Stage → year after the money's, month and day on which finance launches it here."""

MOST_STEPS = 120
Transactions = Callable[[], AbstractContextManager[Session]]


@dataclass
class Office:
    """Everybody of one jurisdiction, one database, one clock."""

    database: Database
    bureau: Bureau
    clock: SteppingClock = field(default_factory=lambda: SteppingClock(BEGINS))

    @classmethod
    def opened(cls, database: Database, jurisdiction: str = "huaxi") -> "Office":
        """The bureau with people in every office."""
        return cls(database, bureau_of(database, jurisdiction))

    @property
    def way(self) -> Way | None:
        """What the test has done so far; None when it has the database not for itself."""
        return way_of(self.database)

    @property
    def transactions(self) -> Transactions:
        """How a command opens a transaction here."""
        return lambda: self.database.transaction(self.bureau.jurisdiction)

    # ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────

    def open_case(
        self,
        kind: CaseKind = CaseKind.PROJECT,
        code: str = EXAMPLE,
        amount_wan: str | None = None,
        lines: tuple[Line, ...] = (),
        name: str = "",
        fiscal_year: int = FISCAL_YEAR,
        **facts: Any,
    ) -> int:
        """A case of the example unit; `facts` are what the tables ask (project_nature, marks …). Gives its number."""
        given = {"project_nature": "continuing", "spending_frequency": "recurrent", "project_category": "development"}
        new = NewCase(
            object_kind=kind,
            code=code,
            name=name or NAMES[kind] if name or code == EXAMPLE else f"{NAMES[kind]}{code}",
            unit_id=self.bureau.unit_id,
            fiscal_year=fiscal_year,
            lines=lines or (Line("财政拨款", Decimal(amount_wan or AMOUNTS[kind])),),
            facts=given | facts,
            agency_id=self.bureau.agency_id,
        )

        def start() -> int:
            with self.transactions() as session:
                return start_case(session, new, by=self.bureau.office, at=self.now).case_id

        return int(by_heart(self.database, f"open a case {new}", start, self.clock))

    def case(self, case_id: int) -> Case:
        """The case as it stands."""
        with self.transactions() as session:
            return session.get_one(Case, case_id)

    def tasks(self, case_id: int) -> list[Task]:
        """What somebody has to do now, in the order in which it came up."""
        with self.transactions() as session:
            return list(session.scalars(_open(case_id)))

    def open_steps(self, case_id: int) -> list[str]:
        """The same as `stage.step`."""
        return sorted(_place(task) for task in self.tasks(case_id))

    def element(self, task: Task) -> Element:
        """The step of the diagram a task stands for."""
        with self.transactions() as session:
            case = session.get_one(Case, task.case_id)
            return diagrams_of(session, case.diagrams_id).element(task.process, task.element)

    def versions(self, case_id: int, form: str) -> list[Submission]:
        """Every version of a form, the first one first."""
        with self.transactions() as session:
            version = all_of(Submission)
            found = select(version).where(version.case_id == case_id, version.form == form)
            return list(session.scalars(found.order_by(version.item, version.version)))

    def journal(self, case_id: int, event: str | None = None) -> list[Entry]:
        """What happened, in order; one kind of event only, if named."""
        with self.transactions() as session:
            entry = all_of(Entry)
            found = select(entry).where(entry.case_id == case_id).order_by(entry.seq)
            return list(session.scalars(found if event is None else found.where(entry.type == event)))

    def rows(self, entity: type[Any], case_id: int) -> list[Any]:
        """What a register keeps about the case (scores, letters, effects …), in the order in which it was written."""
        with self.transactions() as session:
            found = list(session.scalars(select(entity).where(entity.case_id == case_id)))
        return sorted(found, key=lambda row: getattr(row, "scored_at", None) or row.id)

    # ── a step ───────────────────────────────────────────────────────────────────────────────────────────────────

    def do(
        self,
        case_id: int,
        step: str,
        word: str | None = None,
        *,
        by: Actor | None = None,
        item: str | None = None,
        reason: str | None = None,
        content: Mapping[str, Any] | None = None,
        changes: Mapping[str, Any] | None = None,
        **wishes: Any,
    ) -> Task:
        """Finish the open step of that id or Chinese name, by default as is normal there."""

        def finish() -> Task:
            with self.transactions() as session:
                task = self.task_named(session, case_id, step, item)
                return Desk(
                    session, self.bureau, task, self.now, by, word or "", reason, wishes, changes or {}, content
                ).finish()

        said = f"do {(case_id, step, word, by, item, reason, content, changes, wishes)}"
        done: Task = finish() if self.way is None else self.way.step(said, finish, self.clock, by_heart=False)
        return done

    def task_named(self, session: Session, case_id: int, step: str, item: str | None = None) -> Task:
        """The open task of that step id or Chinese name; complains with what is open instead."""
        diagrams = diagrams_of(session, session.get_one(Case, case_id).diagrams_id)
        tasks = list(session.scalars(_open(case_id)))
        for task in tasks:
            names = (task.element, diagrams.element(task.process, task.element).name)
            if step in names and item in (None, task.item):
                return task
        raise AssertionError(f"案卷 {case_id} 现在没有“{step}”（{item or ''}），待办的是 {[*map(_place, tasks)]}")

    def take_back(self, case_id: int, form: str, *, by: Actor | None = None) -> None:
        """撤回: the unit takes back its latest version of a form."""
        latest = self.versions(case_id, form)[-1]
        with self.transactions() as session:
            withdraw(session, latest.id, by=by or self.bureau.clerk, at=self.now, reason="示例：发现笔误")

    # ── the year ─────────────────────────────────────────────────────────────────────────────────────────────────

    def reach(self, case_id: int, place: str, **way: Any) -> None:
        """Let everybody do what is normal until the case stands in that stage, or before that `stage.step`.

        `way` says what is to be special on it: answers, wishes, and `sampled`, `selected` or `organizer`.
        """
        self._go_until(case_id, lambda stand: place in stand, place, way)

    def finish(self, case_id: int, **way: Any) -> Case:
        """The whole rest of the year; gives the closed case."""
        self._go_until(case_id, lambda stand: stand[0] != CaseState.ACTIVE, "归档", way)
        return self.case(case_id)

    def go_on(self, case_id: int, **way: Any) -> None:
        """One normal step more: somebody's task, or what finance has to set in motion, or the next date."""
        self._one_step(case_id, lambda stand: False, way)

    def _go_until(self, case_id: int, goal: Callable[[Stand], bool], named: str, way: Mapping[str, Any]) -> None:
        def go() -> list[Stand]:
            stands = []
            for _ in range(MOST_STEPS):
                stands.append(self._one_step(case_id, goal, way))
                if goal(stands[-1]):
                    return stands
            raise AssertionError(f"案卷 {case_id} 没有走到 {named}，停在 {self.open_steps(case_id)}")

        if self.way is None:
            go()
        else:
            self.way.walk(f"walk {case_id} {way}", goal, go, self.clock)

    def _one_step(self, case_id: int, goal: Callable[[Stand], bool], way: Mapping[str, Any]) -> Stand:
        """Where the case stood; if that was not the goal, it has gone one step further."""
        with self.transactions() as session:
            case, tasks = session.get_one(Case, case_id), list(session.scalars(_open(case_id)))
            stand = (case.state.value, str(case.stage), *map(_place, tasks))
            if goal(stand):
                return stand
            if tasks:
                Desk(session, self.bureau, tasks[0], self.now, wishes={"in_order": True, **way}).finish()
                return stand
            waited_for = [message for message, _ in case.waits.values()]
        if not self._set_in_motion(case_id, waited_for, way):
            self.let_pass(case_id)
        return stand

    def _set_in_motion(self, case_id: int, waited_for: list[str], way: Mapping[str, Any]) -> bool:
        for stage, message in LAUNCHED.items():
            if message in waited_for:
                self.launch(stage)
                return True
        if "spot_review.drawn" in waited_for:
            self.draw(case_id if way.get("sampled") else None)
            return True
        if "key_evaluation.planned" in waited_for:
            self.plan(*([case_id] if way.get("selected", True) else []), led_by=way.get("organizer", "finance"))
            return True
        return False

    def launch(self, stage: str) -> int:
        """工作部署: finance opens a stage for everybody, on its usual day."""
        years, month, day = LAUNCHED_ON[stage]
        self.clock.move_to(shanghai(FISCAL_YEAR + years, month, day))
        return int(
            launch_stage(self.transactions, FISCAL_YEAR, stage, by=self.bureau.office, at=self.now).gave["moved"]
        )

    def draw(self, case_id: int | None) -> None:
        """抽样: one of the waiting cases into the spot review (meant when there is only one), or nobody this year."""
        self.clock.move_to(shanghai(FISCAL_YEAR + 1, 4, 6))
        common: dict[str, Any] = {"by": self.bureau.office, "at": self.now, "reason": "示例：年度计划"}
        if case_id is None:
            skip_draw(self.transactions, FISCAL_YEAR, "spot_review", **common)
            return
        common |= {"finance_seed": "示例甲", "witness_seed": "示例乙", "witness": "示例见证人"}
        draw_sample(self.transactions, FISCAL_YEAR, "spot_review", 1, **common)

    def plan(self, *chosen: int, led_by: str = "finance") -> None:
        """年度评价计划: exactly these cases, or nobody this year."""
        self.clock.move_to(shanghai(FISCAL_YEAR + 1, 4, 20))
        common: dict[str, Any] = {"by": self.bureau.office, "at": self.now, "reason": "示例：年度计划"}
        if not chosen:
            skip_draw(self.transactions, FISCAL_YEAR, "key_evaluation", **common)
            return
        departments = chosen if led_by == "department" else ()
        plan_evaluation(self.transactions, FISCAL_YEAR, chosen=chosen, department_led=departments, **common)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return day_of(self.now)

    def deadlines(self, case_id: int, name: str | None = None) -> list[Deadline]:
        """What is still to come, the nearest first."""
        with self.transactions() as session:
            found = select(Deadline).where(Deadline.case_id == case_id, Deadline.state == DeadlineState.PENDING.value)
            found = found if name is None else found.where(Deadline.name == name)
            return list(session.scalars(found.order_by(Deadline.due_at, Deadline.name)))

    def let_pass(self, case_id: int, name: str | None = None) -> None:
        """Wait until that deadline (or the nearest) is over, and let everything due by then take effect."""
        waiting = self.deadlines(case_id, name)
        assert waiting, f"案卷 {case_id} 没有期限“{name or ''}”在计时"
        self.clock.move_to(waiting[0].due_at + timedelta(seconds=1))
        self.sweep(case_id)

    def sweep(self, case_id: int) -> None:
        """What is due of the case by now takes effect, as the clock does it."""
        for deadline in self.deadlines(case_id)[:1]:
            with self.transactions() as session:
                fire_deadline(session, deadline.id, at=self.now)


def bureau_of(database: Database, jurisdiction: str = "huaxi") -> Bureau:
    """The people of a jurisdiction, already committed."""

    def settle() -> Bureau:
        with database.transaction(jurisdiction) as session:
            return bureau_in(session, jurisdiction)

    found: Bureau = by_heart(database, f"open the bureau of {jurisdiction}", settle, SteppingClock(BEGINS))
    return found


def _open(case_id: int) -> Select[Task]:
    """The tasks of a case somebody can work on, the oldest first."""
    return (
        select(Task)
        .where(Task.case_id == case_id, Task.state == TaskState.OPEN.value)
        .order_by(Task.opened_at, Task.process, Task.item, Task.element)
    )


def _place(task: Task) -> str:
    return f"{task.process}.{task.element}"
