# mypy: disable-error-code="misc"
"""One case in memory for the length of one step, and the notes the step takes.

The library walks its whole task tree for every question; here the few tasks of a compacted case are scanned flat.
Tasks ahead are predicted only for the task about to run, so a stored state holds none of them.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.process.expressions import compile_expression
from engine.process.model import Decide, DecisionMade, ExpressionRefused, Operation, ProcessIncident
from engine.process.spiff.private import Nested, in_state, plant, predict, update
from engine.process.spiff.specs import is_instance
from engine.process.variables import checked_value

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
"""The states of a task that holds a token."""

MAX_VISITS = 100
"""How often one automatic step of one process may run within a single step of a case."""

for _name in ("spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.ERROR)  # the library builds its log records before asking who listens


class StepRecord:
    """What one step collects, and the only way from a diagram to anything outside it.

    `homes` maps the id of an embedded sub-process to the process its diagram belongs to.
    """

    def __init__(self, decide: Decide, homes: Mapping[str, str]) -> None:
        self._decide = decide
        self._homes = homes
        self.operations: list[Operation] = []
        self.decisions: list[DecisionMade] = []
        self.ends: list[str] = []

    def place(self, task: Task) -> tuple[str, str]:
        """The process and element of a task; for what the library puts around an element, that element."""
        process_id = task.workflow.spec.name
        element_id = getattr(task.task_spec, "bpmn_id", None) or task.task_spec.name.partition(".")[0]
        return self._homes.get(process_id, process_id), element_id

    def decide(self, name: str, task: Task) -> dict[str, Any]:
        process_id, element_id = self.place(task)
        known = MappingProxyType({**task.data, "stage": process_id})
        result = checked_value(dict(self._decide(name, known)), name)
        self.decisions.append(DecisionMade(name, result, process_id, element_id))
        return dict(result)

    def value(self, source: str, task: Task) -> Any:
        return compile_expression(source).value(task.data)

    def note_operation(self, name: str, parameters: Mapping[str, Any], task: Task) -> None:
        self.operations.append(Operation(name, parameters, *self.place(task)))

    def note_end(self, task: Task) -> None:
        self.ends.append(".".join(self.place(task)))


class Conditions(PythonScriptEngine):
    """The library's script engine with nothing left in it but our conditions."""

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> bool:
        return compile_expression(expression).holds(task.data)

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        raise ExpressionRefused("流程图中不允许脚本。", expression=script[:80])


def _update_waiting_joins(workflow: Any) -> None:
    """Only joins change because something else finished; messages and deadlines are delivered by key."""
    for task in in_state(workflow.tasks.values(), TaskState.WAITING):
        if isinstance(task.task_spec, Join) and task.state == TaskState.WAITING and task.id in workflow.tasks:
            update(task)


class CaseSub(Nested):
    """An open embedded sub-process or called process of a case."""

    parent_workflow: Any = None  # a plain attribute where the library searches all tasks each time

    def __init__(self, spec: Any, caller: Task, top: "Case", *, begins: bool = True) -> None:
        self.parent_workflow = caller.workflow
        super().__init__(spec, parent_task_id=caller.id, top_workflow=top, deserializing=True)
        if begins:
            plant(self)

    def update_waiting_tasks(self) -> None:
        _update_waiting_joins(self)


class Case(BpmnWorkflow):
    """The open processes of one case: itself and its sub-processes by the id of the task that called them."""

    running: Task | None = None

    def __init__(self, spec: Any, *, begins: bool = True, **kwargs: Any) -> None:
        self._runs: Counter[tuple[Any, str]] = Counter()
        super().__init__(spec, deserializing=True, **kwargs)
        if begins:
            plant(self)

    def create_subprocess(self, my_task: Task, spec_name: str) -> CaseSub:
        subprocess = CaseSub(self.subprocess_specs[spec_name], my_task, self)
        self.subprocesses[my_task.id] = subprocess
        return subprocess

    def update_waiting_tasks(self) -> None:
        _update_waiting_joins(self)

    def get_task_from_id(self, task_id: Any) -> Task | None:
        return next((w.tasks[task_id] for w in (self, *self.subprocesses.values()) if task_id in w.tasks), None)

    def open_workflows(self) -> list[Any]:
        """Deepest first, the case itself last."""
        subs = [sub for sub in self.subprocesses.values() if not sub.completed]
        return [*sorted(subs, key=lambda sub: -sub.depth), self]

    def live_tasks(self) -> Iterator[Task]:
        """Everything that holds a token: ready, waiting or started."""
        for workflow in (self, *self.subprocesses.values()):
            if not workflow.completed:
                yield from in_state(workflow.tasks.values(), LIVE)

    def run(self, task: Task) -> None:
        """Run one ready task, first making sure the tasks behind it exist."""
        self.running = task
        self._refuse_endless_loop(task)
        if all(child.triggered for child in task.children):
            predict(task)
        task.run()

    def _refuse_endless_loop(self, task: Task) -> None:
        visit = (task.workflow.task_tree.id, task.task_spec.name)
        self._runs[visit] += 1
        if self._runs[visit] > MAX_VISITS and not is_instance(task):
            raise ProcessIncident(f"自动步骤在一步之内重复了{MAX_VISITS}次，像是没有人参与的死循环。")

    def do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> None:
        """Run all that needs nobody, innermost processes first, until only people, messages and clocks remain."""
        moved = True
        while moved:
            moved = sum(self.run_ready(workflow) for workflow in self.open_workflows()) > 0

    def run_ready(self, workflow: Any) -> bool:
        """Run all that needs nobody in one open process, not in those it calls; tells whether anything was run."""
        moved = False
        while ready := [t for t in in_state(workflow.tasks.values(), TaskState.READY) if not t.task_spec.manual]:
            for task in ready:
                if task.state == TaskState.READY and task.id in workflow.tasks:
                    self.run(task)
                    moved = True
        return moved
