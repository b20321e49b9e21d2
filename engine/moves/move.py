"""One move of one case: everything a step brings about, collected first and written in a fixed number of statements.

Nothing is locked while the process steps; the case row is written under its version, so of two people one wins and
the other is told. A move that is not written leaves no trace.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from engine import process
from engine.audit.events import Event
from engine.audit.events.cases import CaseClosed, DecisionMade, StageEntered
from engine.audit.events.deadlines import DeadlineNotLaidDown, DeadlineOver
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor, competent_office
from engine.errors import DefinitionError
from engine.moves import updates, writing
from engine.moves.change import Change
from engine.moves.doubting import HANDED_IN
from engine.moves.due import calendar_of, day_told
from engine.moves.effects import EFFECTS
from engine.moves.facts import counts_back, planned_day
from engine.moves.letter_days import opened_day
from engine.moves.redating import cells_on
from engine.process import Catch, Diagrams, Step, StepKind, Timer, Waiting
from engine.stages import launched_for, library_of
from engine.tasks import CLEAR, DOUBTFUL, Task
from engine.words import LANES, CaseState, DeadlineState, Role, Stage, TaskState

ADJUSTMENT_DONE = "case.budget_adjustment_done"
"""Where a budget adjustment ends, whether it was approved or refused; then the next one may begin."""


class Move(Change):
    """A change that steps the case's process; `given_due` is the day a launch gives to what it opens."""

    given_due: date | None = None

    @property
    def diagrams(self) -> Diagrams:
        """The diagrams this case runs on."""
        return library_of(self.session).diagrams_version(self.session, self.case.diagrams_id)

    # ── the process ──────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, process_id: str, variables: Mapping[str, Any]) -> None:
        """Set the case's process going."""
        self._take_up(process.start(self.diagrams, process_id, variables, self.decide))

    def complete(self, task_id: UUID, variables: Mapping[str, Any]) -> None:
        """Finish a human step with these routing variables and take up what follows."""
        self._take_up(process.complete(self.diagrams, self.state, task_id.bytes, variables, self.decide))

    def deliver(self, catch_key: bytes, variables: Mapping[str, Any], due_on: date | None = None) -> None:
        """Hand a message to the one place that waits for it; what opens by it is due on `due_on`, if a day is given."""
        self.given_due = due_on
        self._take_up(process.deliver(self.diagrams, self.state, catch_key, variables, self.decide))
        self.given_due = None

    def fire(self, timer: bytes) -> bool:
        """Let a timer of the diagram go off; False when nothing waits for it any more."""
        step = process.fire(self.diagrams, self.state, timer, self.decide)
        if step is None:
            return False
        self._take_up(step)
        return True

    def jump(self, process_id: str, element_id: str) -> None:
        """The operator's move: stand at another step; an adjustment nobody works on any more is dropped."""
        self._take_up(process.jump(self.diagrams, self.state, process_id, element_id, self.decide))
        if self.forms.adjustment is not None and not self._is_adjusting():
            self.forms = self.forms.without_adjustment()

    def _is_adjusting(self) -> bool:
        """Whether the diagram of an adjustment waits for anybody or anything."""
        open_now = process.look(self.diagrams, self.state)
        waiting: tuple[Waiting | Timer | Catch, ...] = (*open_now.opened_tasks, *open_now.opened_timers)
        waiting = (*waiting, *open_now.opened_catches)
        return any(each.process_id == Stage.BUDGET_ADJUSTMENT for each in waiting)

    def _take_up(self, step: Step) -> None:
        self.state = step.state
        days = {opened: self._hand_on(closed, opened, step.closed_timers) for closed, opened in step.handed_on}
        for key in step.closed_tasks:
            self._close_task(UUID(bytes=key), TaskState.CLOSED)
        self.closed_timers += step.closed_timers
        for key in step.closed_catches:
            self.waits.pop(key.hex(), None)
        for waiting in step.opened_tasks:
            self._open_task(waiting, days.get(waiting.key))
        for timer in sorted(step.opened_timers, key=lambda timer: timer.interrupting):
            self._open_timer(timer)
        for catch in step.opened_catches:
            self.waits[catch.key.hex()] = [catch.message, catch.host.hex() if catch.host else None]
        if step.decisions:
            answers = {made.name: self._answer(made) for made in step.decisions}
            missing = {name: self.decide.missing[name] for name in answers if self.decide.missing.get(name)}
            self.record(DecisionMade(answers=answers, missing=missing or None))
        if step.stage != self.stage:
            self.stage = step.stage
            if step.stage is not None:
                self.record(StageEntered(stage=step.stage))
        self._carry_out(step)
        if ADJUSTMENT_DONE in step.ends:
            self.forms = self.forms.without_adjustment()
        if step.completed:
            self.end(CaseState.CLOSED, CaseClosed(ends=tuple(step.ends)))
            return
        self._hand_over()
        self.join_launches(step.opened_catches)

    def _hand_over(self) -> None:
        """Give the diagram what the step sent to another part of it."""
        while self.messages:
            message, variables = self.messages.pop(0)
            catch = wait_for(self.waits, message)
            if catch is None:
                raise DefinitionError(
                    f"流程图中没有地方接收“{message}”，没有办理。请让维护人员检查流程图。", waits_for=message
                )
            self.deliver(catch, variables)

    def _answer(self, made: process.DecisionMade) -> dict[str, Any] | None:
        """What the journal keeps of a decision: its outputs and the row they come from; None where no row answers."""
        if made.result.get("undefined"):
            return None
        given = {name: value for name, value in made.result.items() if name != "undefined" and value is not None}
        return given | {"row": self.decide.rows.get(made.name)}

    def _carry_out(self, step: Step) -> None:
        for operation in step.operations:
            EFFECTS[operation.name](self, operation)

    def join_launches(self, catches: Iterable[Catch]) -> None:
        """Go on at once where a stage that is waited for was opened already."""
        for catch in catches:
            if catch.host is None and catch.key.hex() in self.waits:
                launch = launched_for(
                    self.session,
                    jurisdiction=self.case.jurisdiction,
                    fiscal_year=self.case.fiscal_year,
                    message=catch.message,
                    object_kind=self.case.object_kind,
                    case_id=self.case.id,
                )
                if launch is not None:
                    self.deliver(catch.key, launch.variables, launch.due_on)

    # ── tasks and deadlines ──────────────────────────────────────────────────────────────────────────────────────

    def _open_task(self, waiting: Waiting, due_on: date | None) -> None:
        unit_id, role = office_of(self.session, self.case, waiting)
        task_id = UUID(bytes=waiting.key)
        self.new_tasks[task_id] = {
            "id": task_id,
            "jurisdiction": self.case.jurisdiction,
            "case_id": self.case.id,
            "process": waiting.process_id,
            "element": waiting.element_id,
            "item": waiting.item,
            "role": role,
            "unit_id": unit_id,
            "state": TaskState.OPEN,
            "round": self.round_of(waiting),
            "opened_at": self.at,
            "due_on": due_on,
            "amount_wan": self.amount_wan,
            "paper_id": None,
            "doubt_rank": None,
            **self._about_paper(waiting),
        }
        if name := waiting.step.deadline:
            self._open_deadline(name, task_id, None)

    def _about_paper(self, waiting: Waiting) -> dict[str, Any]:
        """What a task says of its paper: which one it judges, or which one that was sent back it mends.

        Whether others make what is judged doubtful is asked when it is written.
        """
        if waiting.step.kind is StepKind.FILL:
            last = self.forms.of(waiting.step.form_for(self.case.object_kind) or "", waiting.item)
            return {"paper_id": last.id} if last is not None and last.sent_back else {}
        if waiting.step.kind is not StepKind.REVIEW:
            return {}
        judges = waiting.step.judges_for(self.case.object_kind)
        paper = self.forms.before(judges, waiting.item) if judges is not None else None
        if paper is None or paper.form not in HANDED_IN:
            return {"doubt_rank": CLEAR}
        return {"paper_id": paper.id, "doubt_rank": DOUBTFUL if paper.in_full else CLEAR}

    def _open_timer(self, timer: Timer) -> None:
        over = self._over_before(timer)
        if over is not None:
            self.record(DeadlineOver(deadline=timer.deadline, day=over))
            return
        self._open_deadline(timer.deadline, UUID(bytes=timer.task) if timer.task else None, timer)

    def _over_before(self, timer: Timer) -> date | None:
        """The day of a clock around work that begins only after it: of an end that is over nothing is left to tell."""
        today = day_of(self.at)
        if timer.host is None or not counts_back(self.policy, timer.deadline, today):
            return None
        day = planned_day(self.case, self.policy, timer.deadline, today, calendar_of(self.session))
        return day if day is not None and day < today else None

    def _hand_on(self, closed: bytes, opened: bytes | None, over: Sequence[bytes]) -> date | None:
        """The clocks around a sub-process stay with whoever has the work in it; gives the day they make it due on."""
        task_id, heir = UUID(bytes=closed), UUID(bytes=opened) if opened else None
        updates.hand_on(self, task_id, heir, over)
        for row in self.new_deadlines.values():
            if row["task_id"] == task_id and row["timer"] is not None and row["timer"] not in over:
                row["task_id"] = heir
        if task_id in self.new_tasks:
            about = [row["due_on"] for row in self.new_deadlines.values() if row["task_id"] == heir]
            return min(filter(None, about), default=None)
        task = self.session.get_one(Task, task_id)
        if not over and self.diagrams.element(task.process, task.element).step.deadline is None:
            return task.due_on
        return self.session.scalar(
            select(func.min(Deadline.due_on)).where(
                Deadline.case_id == self.case.id,
                Deadline.task_id == task_id,
                or_(and_(Deadline.timer.is_not(None), Deadline.timer.not_in(over)), updates.PUT_OFF_AFTERWARDS),
                Deadline.state.in_((DeadlineState.PENDING, DeadlineState.FIRED)),
            )
        )

    def _open_deadline(self, name: str, task_id: UUID | None, timer: Timer | None) -> None:
        item = timer.item if timer is not None else None
        if task_id in self.new_tasks:
            item = self.new_tasks[task_id]["item"]
        laid_down = opened_day(self, name, item, self.given_due)
        if laid_down is None:
            self.record(DeadlineNotLaidDown(deadline=name))
            return
        row, ground = laid_down
        row |= {"id": uuid4(), "task_id": task_id, "timer": timer and timer.key}
        if task_id is None:
            row["remind_at"] = None  # there is nobody to remind
        row["interrupting"] = timer and timer.interrupting
        if row["interrupting"] and task_id is not None and not counts_back(self.policy, name, row["started_on"]):
            row |= self._not_before(self._own_day(task_id), row)
        self.new_deadlines[row["id"]] = row
        self.days[row["id"]] = day_told(row, ground)
        task = self.new_tasks.get(task_id) if task_id else None
        if task is not None and row["due_on"] and (task["due_on"] is None or row["due_on"] < task["due_on"]):
            task["due_on"] = row["due_on"]

    def _own_day(self, task_id: UUID) -> date | None:
        """The day by which the step itself has to be done, set in this move; what takes its work away comes after."""
        days = [row["due_on"] for row in self.new_deadlines.values() if row["task_id"] == task_id]
        return max(filter(None, days), default=None)

    def _not_before(self, own: date | None, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a row says instead where its day lies before the step's own: the day shown is the one that counts."""
        if own is None or row["due_on"] is None or row["due_on"] >= own:
            return {}
        cells = cells_on(self.session, self.policy, row["name"], row["started_on"], own, day_of(self.at))
        return cells | {"laid_down_on": own}

    def _close_task(self, task_id: UUID, state: TaskState, **how: Any) -> None:
        if self.new_tasks.pop(task_id, None) is None:
            known = self.closed_tasks.setdefault(task_id, {"task_id": task_id, **_NOT_COMPLETED})
            if known["state"] != TaskState.COMPLETED:
                known.update({"state": state, **how})
        for key in [key for key, row in self.new_deadlines.items() if row["task_id"] == task_id]:
            del self.new_deadlines[key]

    def completed(self, task_id: UUID, outcome: str) -> None:
        """Note that a person did this task."""
        assert self.by is not None
        self._close_task(
            task_id,
            TaskState.COMPLETED,
            completed_at=self.at,
            completed_by=self.by.person_id,
            acting_for=self.by.acting_for,
            outcome=outcome,
        )

    def round_of(self, waiting: Waiting) -> int:
        """Which round a step is in: one more than the versions handed in so far, or the version it judges."""
        fills = waiting.step.form_for(self.case.object_kind)
        judges = waiting.step.judges_for(self.case.object_kind)
        if fills and waiting.step.kind is StepKind.FILL:
            return self.forms.version_of(fills, waiting.item) + 1
        return max(1, self.forms.version_of(judges or fills or "", waiting.item))

    def write(self) -> None:
        """Write everything, or refuse because somebody was faster."""
        writing.write([self])


def office_of(session: Session, case: Case, waiting: Waiting) -> tuple[int, Role]:
    """The unit and the office that work on a waiting step.

    What an agency has to do lies with the 绩效股 until an agency is assigned.
    """
    role = LANES.get(waiting.lane or "")
    if role is None:
        raise DefinitionError(
            f"流程图“{waiting.process_id}”的“{waiting.name}”不在任何已知泳道，不知道由谁办理。请在流程图中把它放进泳道。",
            element=waiting.element_id,
        )
    if role in (Role.UNIT_CLERK, Role.UNIT_HEAD):
        return case.unit_id, role
    if role is Role.DEPARTMENT:
        return competent_office(session, case.unit_id, case.department_id)
    if role is Role.AGENCY:
        return (case.agency_id, role) if case.agency_id else (case.finance_id, Role.PERFORMANCE_OFFICE)
    return case.finance_id, role


def note(session: Session, case: Case, by: Actor, at: datetime, event: Event) -> None:
    """Write one event, and with it the case: every command locks the case before anything that hangs on it."""
    move = Move(session, case, by, at)
    move.record(event)
    move.write()


_NOT_COMPLETED = {"completed_at": None, "completed_by": None, "acting_for": None, "outcome": None, "state": None}


def wait_for(waits: Mapping[str, Sequence[Any]], message: str, host: UUID | None = None) -> bytes | None:
    """The key of the catch that waits for `message`; of several boundary events the one at `host`."""
    for key, (name, at_host) in waits.items():
        if name == message and (host is None or at_host == host.bytes.hex()):
            return bytes.fromhex(key)
    return None
