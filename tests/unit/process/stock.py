"""The same life on the stock engine: the library's own workflow, whole history in memory, no codec, no compaction.

It shares the parser, the specs and the evaluator with ours, and nothing of what keeps our states small.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.process import Decide, Diagrams
from engine.process.spiff.codec import decode
from engine.process.spiff.events import CatchingEvent, FirstOf, let_go
from engine.process.spiff.look import waiting_in
from engine.process.spiff.workflow import Conditions, StepRecord

Path = tuple[str, ...]
Data = dict[str, Any]


@dataclass
class Token:
    """Something waiting: where (the elements called through), who it is, its variables; `event` is None for people."""

    path: Path
    identity: Any
    variables: Data
    task: Any
    event: Any


class StockLife:
    """One case on the stock engine."""

    def __init__(self, diagrams: Diagrams, process_id: str, decide: Decide, variables: Data) -> None:
        definition = diagrams.definition
        self.record = StepRecord(decide, definition.homes)
        self.workflow = BpmnWorkflow(definition.specs[process_id], definition.specs, Conditions(self.record))
        self.workflow.task_tree.data.update(variables)
        self.workflow.do_engine_steps()

    def awaited(self) -> list[Token]:
        return sorted(self._awaited(), key=lambda token: token.path)

    def told(self) -> tuple[list[Any], list[Any], list[Any]]:
        """Operations, decisions and ends since last asked."""
        told = self.record.operations[:], self.record.decisions[:], self.record.ends[:]
        for noted in (self.record.operations, self.record.decisions, self.record.ends):
            noted.clear()
        return told

    def answer(self, token: Token, variables: Data) -> None:
        if token.event is None:
            token.task.data.update(variables)
            token.task.run()
        else:
            let_go(token.task, token.event, variables)
        self.workflow.do_engine_steps()

    def _awaited(self) -> Iterator[Token]:
        states = TaskState.READY | TaskState.WAITING
        for task in BpmnTaskIterator(self.workflow.task_tree, state=states, max_depth=10_000):
            if task.workflow.completed:
                continue
            if task.state == TaskState.READY:
                yield Token(path_of(task), task.id, task.data, task, None)
            elif isinstance(task.task_spec, CatchingEvent):
                for event in task.task_spec.outputs if isinstance(task.task_spec, FirstOf) else [task.task_spec]:
                    yield Token((*path_of(task), event.name), (task.id, event.name), task.data, task, event)


def our_awaited(diagrams: Diagrams, state: bytes) -> list[Token]:
    """Everything waiting in one of our states, in the same shape; the identity is the key."""
    case = decode(state, diagrams.definition, StepRecord(lambda name, variables: {}, diagrams.definition.homes))
    found = waiting_in(case)
    people = [Token(path_of(task), key, task.data, task, None) for key, task in found.tasks.items()]
    events = [
        Token((*path_of(task), event.name), key, task.data, task, event)
        for key, (task, event) in (found.catches | found.timers).items()
    ]
    return sorted(people + events, key=lambda token: token.path)


def path_of(task: Any) -> Path:
    """From the case down to a task: the elements called through, and which item where there are several."""
    path: Path = ()
    while task is not None:
        instance = task.internal_data.get("key_or_index")
        path = (f"{task.task_spec.name}#{instance}" if instance is not None else task.task_spec.name, *path)
        sub = task.workflow
        task = sub.parent_workflow.tasks[sub.parent_task_id] if sub.parent_workflow is not None else None
    return path


class Pairs:
    """Which of our tokens is which of the stock engine's: paired by place when they open, by identity from then on."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def match(self, ours: list[Token], theirs: list[Token]) -> list[tuple[Token, Token]]:
        """Every token of ours with its counterpart; a token without one is a difference."""
        self._known = {our.identity: self._known[our.identity] for our in ours if our.identity in self._known}
        by_identity = {token.identity: token for token in theirs}
        new = [token for token in theirs if token.identity not in self._known.values()]
        opened = [token for token in ours if token.identity not in self._known]
        assert [token.path for token in opened] == [token.path for token in new]
        self._known.update((our.identity, their.identity) for our, their in zip(opened, new, strict=True))
        assert set(self._known.values()) == by_identity.keys()
        return [(our, by_identity[self._known[our.identity]]) for our in ours]
