"""One step of a person is one short transaction: at most twelve statements and one commit, counted and not timed."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from engine.cases import CaseKind
from engine.moves import finishing
from engine.moves.repeating import Asked
from engine.store import Database
from engine.tasks import Task
from tests.office import Office

MOST = 13
MOST_OF_A_NAMED_STEP = 17
"""Steps with a command of their own also check a result, take a number, keep a ledger; a case has few of them."""
ENTERING = 1
"""The statement that makes a transaction one tenant's."""


class Meter:
    """Statements of every step (the transaction's first included) and commits, by step."""

    def __init__(self, database: Database) -> None:
        self.statements: dict[str, list[str]] = {}
        self.commits = 0
        self._sent: list[str] = []
        event.listen(database.engine, "before_cursor_execute", self._send)
        event.listen(database.engine, "commit", self._commit)
        self._finish = finishing.finish

    def finish(self, session: Any, asked: Asked, task_id: Any, *given: Any, **how: Any) -> Any:
        """A step under a key, measured."""
        self._sent = []
        receipt = self._finish(session, replace(asked, key=f"key {task_id}"), task_id, *given, **how)
        task = session.get_one(Task, task_id)
        step = f"{how.get('named', 'complete_task')} {task.process}.{task.element}"
        self.statements[step] = max(self.statements.get(step, []), list(self._sent), key=len)
        return receipt

    def _send(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        self._sent.append(" ".join(statement.split())[:100])

    def _commit(self, connection: Any) -> None:
        self.commits += 1


@pytest.fixture
def meter(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meter]:
    meter = Meter(database)
    real = finishing.finish
    for name, module in list(sys.modules.items()):
        if name.startswith("engine.commands.") and getattr(module, "finish", None) is real:
            monkeypatch.setattr(module, "finish", meter.finish)
    return meter


@pytest.mark.parametrize("kind", CaseKind)
def test_every_step_of_a_year_keeps_within_its_statements_and_commits_once(
    database: Database, meter: Meter, kind: CaseKind
) -> None:
    office = Office.opened(database)
    case = office.open_case(kind)

    with_other_than_one_commit = []
    while office.case(case).state == "active":
        doing, before = office.open_steps(case), meter.commits
        office.go_on(case, sampled=True, selected=True)
        if doing and meter.commits - before != 1:
            with_other_than_one_commit.append(doing)

    assert with_other_than_one_commit == []
    assert len(meter.statements) > 20
    for step, sent in meter.statements.items():
        most = MOST if step.startswith("complete_task ") else MOST_OF_A_NAMED_STEP
        assert len(sent) + ENTERING <= most, "\n".join([step, *sent])
