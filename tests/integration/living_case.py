"""One living case beside the plain one: the hands that work on it, and the comparison of the two."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import func, select

from engine.audit import Entry
from engine.cases import Case
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.errors import EngineError
from engine.moves import writing
from engine.store import Database
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.tasks import Draft, Task
from engine.words import DeadlineState, TaskState
from tests.factories import Bureau
from tests.integration.desk import Prepared, prepared
from tests.integration.plain_case import RULES, TAKES_AWAY, Choice, PlainCase
from tests.integration.soundness import faults_of
from tests.office import Office


class LivingCase(RuleBasedStateMachine):
    """A real case, and `plain`: the same as a person with paper and pencil has it."""

    database: Database
    bureau: Bureau
    second_clerk: Actor
    office: Office
    plain: PlainCase
    case: int
    last: tuple[Prepared, str] | None
    keys: int

    def _compare(self) -> None:
        """Where the two differ, this fails."""
        with self.office.transactions() as session:
            case = session.get_one(Case, self.case)
            assert list(faults_of(session, case)) == []
            tasks = session.scalars(
                select(Task).where(Task.case_id == self.case, Task.state == TaskState.OPEN.value)
            ).all()
            assert {task.element for task in tasks} == set(self.plain.work)
            assert case.state == self.plain.state
            assert case.amount_wan == self.plain.amount
            assert (case.forms.target and case.forms.target.version) == self.plain.in_force
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
        paper = all_of(Submission)
        rows = select(paper).where(paper.case_id == self.case).order_by(paper.form, paper.version)
        for row in session.scalars(rows):
            papers.setdefault(row.form, []).append(row.state)
        return papers

    def _fired(self, session: Any) -> int:
        entry = all_of(Entry)
        fired = select(func.count()).where(entry.case_id == self.case, entry.type == "deadline.fired")
        return int(session.scalar(fired))

    def _finish(self, step: str, choice: Choice) -> None:
        due = self._due()
        code = None if self._survives(step, due) else "task.not_open"
        self.keys += 1
        key, done = f"{self.case}-{self.keys}", self._prepared(step, choice)

        with self._refused(code):
            done = replace(done, by=self._person(step))
            self._send(done, key=key)
            self._fire(due)
            self.plain.finish(step, choice)
            self.last = (done, key)

    def _survives(self, step: str, due: list[tuple[str, str]]) -> bool:
        return not any(at[0] == step and TAKES_AWAY[at[1]] for at in due)

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
    carry_out = writing.carry_out

    def too_late(*given: Any) -> None:
        writing.carry_out = carry_out
        somebody_else()
        carry_out(*given)

    writing.carry_out = too_late
    try:
        yield
    finally:
        writing.carry_out = carry_out
