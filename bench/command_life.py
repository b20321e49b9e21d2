"""One case lived through the commands: every step as a person does it, in a transaction of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.ground import Ground
from bench.papers import paper
from bench.special import SPECIAL
from bench.timing import milliseconds
from bench.way import AMOUNT_WAN, BEGUN, DAYS, FACTS, FISCAL_YEAR, JURISDICTION, MESSAGES, PROJECT, REASON, Way
from engine.cases import Case, case_by_id
from engine.commands.complete_task import complete_task
from engine.commands.start_case import Line, start_case
from engine.directory import Actor
from engine.moves.lateness import hands_in_late
from engine.moves.move import Move, wait_for
from engine.moves.outcome import Outcome
from engine.process import Element, StepKind
from engine.tasks import Task
from engine.words import CaseState, OutcomeWord, TaskState
from tests.factories import new_project

MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done next, to be carried out in an open transaction.

    `stage` is the diagram it belongs to; `kind` the diagram's word, or MESSAGE; `command` the special command of the
    step, None for `complete_task`.
    """

    stage: str
    element_id: str
    kind: str
    command: str | None
    message: str | None
    carry_out: Callable[[Session], Any]


class CommandLife:
    """A case of the bench and how it goes on."""

    def __init__(self, ground: Ground, way: Way, code: str) -> None:
        self.ground, self.way, self.code = ground, way, code
        self.at = BEGUN
        self.rounds: Counter[tuple[str, str | None]] = Counter()
        with ground.database.transaction(JURISDICTION) as session:
            self.case_id = start_case(session, self._project(), by=ground.bureau.office, at=BEGUN).case_id

    def errands(self) -> Iterator[Errand]:
        """Everything there is to do until the case is closed; each must be carried out before the next is asked for."""
        while (errand := self.next()) is not None:
            yield errand

    def timed(self) -> list[float]:
        """Go all the way; the milliseconds of each human step."""
        times = [(errand.kind, milliseconds(partial(self.do, errand))) for errand in self.errands()]
        return [spent for kind, spent in times if kind != MESSAGE]

    def live_until(self, where: str) -> None:
        """Go up to a step or a message and stop before it."""
        for errand in self.errands():
            if where in (errand.element_id, errand.message):
                return
            self.do(errand)

    def do(self, errand: Errand) -> None:
        """Carry an errand out in a transaction of its own."""
        with self.ground.database.transaction(JURISDICTION) as session:
            errand.carry_out(session)

    def next(self) -> Errand | None:
        """The task that has waited longest; when nobody has anything to do, what finance sets in motion next."""
        with self.ground.database.transaction(JURISDICTION) as session:
            case = case_by_id(session, self.case_id)
            task = session.scalars(
                select(Task)
                .where(Task.case_id == self.case_id, Task.state == TaskState.OPEN)
                .order_by(Task.opened_at, Task.process, Task.element, Task.item)
            ).first()
            if task is not None:
                return self._errand(case, task)
            return None if case.state == CaseState.CLOSED else self._motion(case)

    def _errand(self, case: Case, task: Task) -> Errand:
        element = self.ground.library.diagrams.element(task.process, task.element)
        self.rounds[element.id, task.item] += 1
        word = self.way.word(element, self.rounds[element.id, task.item])
        late = hands_in_late(task, case, element, word, self.at)
        outcome = Outcome(
            word,
            content=self._content(case, element, word, task.item),
            answers=self.way.answers_to(element, word),
            reason=REASON if OutcomeWord(word).needs_reason or late else None,
        )
        given: dict[str, Any] = {"by": self._who(task), "at": self.at, "key": f"bench {task.id}"}
        given |= {"task_id": task.id, "outcome": outcome}
        command = element.step.command
        carry_out: Callable[[Session], Any] = partial(complete_task, **given)
        if command is not None:
            carry_out = partial(SPECIAL[command], agency_id=self.ground.bureau.agency_id, **given)
        return Errand(task.process, element.id, element.step.kind or "", command, None, carry_out)

    def _motion(self, case: Case) -> Errand:
        message = next(name for name in MESSAGES if wait_for(case.waits, name))
        self.at = DAYS[message]
        return Errand(message.partition(".")[0], "", MESSAGE, None, message, partial(self._deliver, message=message))

    def _deliver(self, session: Session, message: str) -> None:
        case = case_by_id(session, self.case_id)
        catch = wait_for(case.waits, message)
        assert catch is not None
        move = Move(session, case, self.ground.bureau.office, self.at)
        move.deliver(catch, MESSAGES[message])
        move.write()

    def _content(self, case: Case, element: Element, word: str, item: str | None) -> dict[str, Any] | None:
        form = element.step.form_for(case.object_kind)
        if form is None or (word == "returned" and element.step.kind is StepKind.REVIEW):
            return None
        return paper(form, case, item)

    def _who(self, task: Task) -> Actor:
        return next(p for p in self.ground.bureau.everybody() if p.unit_id == task.unit_id and task.role in p.roles)

    def _project(self) -> Any:
        lines = [Line("财政拨款", Decimal(AMOUNT_WAN))]
        return new_project(
            self.ground.bureau, self.code, name=PROJECT, fiscal_year=FISCAL_YEAR, lines=lines, facts=dict(FACTS)
        )
