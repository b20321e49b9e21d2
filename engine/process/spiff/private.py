# mypy: disable-error-code="misc"
"""The one file that touches names SpiffWorkflow keeps to itself: those that begin with an underscore.

Any release may change them, so the library is pinned to one, and a new one is tried on here first. Everything else in
this folder calls these functions, or inherits from these classes, which hand the library's inner hooks on to methods
with names of our own. `tests/architecture` holds both: that no other file does, and that the library has what is used.
"""

import time
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.control import _EndJoin as LibraryEndJoin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

__all__ = [
    "Acting",
    "ActingAfter",
    "LibraryEndJoin",
    "Nested",
    "Undecided",
    "Unforeseen",
    "WithMarkers",
    "WithoutDependencies",
    "add_child",
    "drop_children",
    "expect",
    "hang_under",
    "in_state",
    "make_ready",
    "output_names",
    "plant",
    "predict",
    "renamed",
    "report_to",
    "restored",
    "update",
]


class Quiet(Task):
    """A task that composes no log record; the library does at every change of state, before asking who listens.

    Its id is 16 plain bytes: the library looks tasks up by it wherever it takes a step.
    """

    id: bytes
    _state: int

    def __init__(self, workflow: Any, spec: Any, above: Task | None, state: int) -> None:
        super().__init__(workflow, spec, above, state, uuid4().bytes)

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self.last_state_change = time.time()
            self._state = value

    def _add_child(self, task_spec: TaskSpec, state: int = TaskState.MAYBE) -> Task:
        task = Quiet(self.workflow, task_spec, self, state)
        task.thread_id = self.thread_id
        if state == TaskState.READY:
            task._ready()
        return task


def plant(workflow: Any) -> None:
    """Put a token at the start of a workflow that has none yet."""
    workflow.task_tree = Quiet(workflow, workflow.spec.start, None, TaskState.FUTURE)
    predict(workflow.task_tree)
    workflow.task_tree._ready()


def in_state(tasks: Iterable[Task], states: int) -> list[Task]:
    """Those in one of the states, in one flat pass."""
    return [task for task in tasks if task._state & states]


def make_ready(task: Task) -> None:
    """Say that a task can be run, without what the library does on the way there."""
    task._set_state(TaskState.READY)


def hang_under(task: Task, above: Task | None) -> None:
    """Put a task, without any children, last under another; None makes it a root."""
    task._children = []
    task._parent = None
    if above is not None:
        task._parent = above.id
        above._children.append(task.id)


def restored(key: bytes, workflow: Any, spec: Any, state: int, above: Task | None) -> Task:
    """A task as it stood, in its place, with no data and nothing of what the library does when it makes one."""
    task = Quiet.__new__(Quiet)
    task.id, task.workflow, task.task_spec, task._state = key, workflow, spec, state
    task.triggered, task.thread_id, task.last_state_change = False, 0, 0.0
    task.data, task.internal_data = {}, {}
    hang_under(task, above)
    workflow.tasks[key] = task
    return task


def renamed(task: Task, key: bytes) -> None:
    """Give a task the id by which others know it already."""
    above = task.parent
    if above is not None:
        above._children[above._children.index(task.id)] = key
    for child in task.children:
        child._parent = key
    task.workflow.tasks[key] = task.workflow.tasks.pop(task.id)
    task.id = key


def add_child(task: Task, spec: Any, state: int) -> Task:
    """A new task behind this one."""
    return task._add_child(spec, state)


def drop_children(task: Task) -> None:
    """Forget everything behind a task, finished or not."""
    task._drop_children(force=True)


def expect(task: Task, specs: list[Any]) -> None:
    """Make exactly these the tasks that will come next, and see what lies behind them."""
    task._sync_children(specs, TaskState.FUTURE)
    for child in task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)


def predict(task: Task) -> None:
    """Make the tasks that may follow from an unfinished one."""
    task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def update(task: Task) -> None:
    """Let a task look whether its time has come."""
    task.task_spec._update(task)


def report_to(caller: Task, sub: Any) -> None:
    """Have a sub-process tell the task that called it when it is over."""
    sub.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)


def output_names(spec: Any) -> tuple[str, ...]:
    """The names of the specs behind one, as the parser wrote them down."""
    return tuple(spec._outputs)


class Acting(TaskSpec):
    """A step that does something of its own when it is run: `act` tells whether it is done."""

    def act(self, my_task: Task) -> bool:
        """What the library would do."""
        return bool(super()._run_hook(my_task))

    def _run_hook(self, my_task: Task) -> bool:
        return self.act(my_task)


class ActingAfter(TaskSpec):
    """A step that does something more when it is over: `act_after`."""

    def act_after(self, my_task: Task) -> None:
        """Nothing more."""

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        self.act_after(my_task)


class Undecided(TaskSpec):
    """A step that knows which way it goes only when it is run."""

    def _predict_hook(self, my_task: Task) -> None:
        my_task._sync_children(self.outputs, state=TaskState.MAYBE)


class Unforeseen(TaskSpec):
    """A step behind which nothing is foreseen; the library makes what follows when it is run."""

    def _predict_hook(self, my_task: Task) -> None:
        """No child."""


class Nested(BpmnSubWorkflow):
    """A sub-process one deeper than the process that called it (`parent_workflow`), without a search of all tasks."""

    def _calculate_depth(self) -> int:
        return int(self.parent_workflow.depth) + 1


class WithMarkers(TaskParser):
    """A parser that is asked about the markers of repetition first: `check_loop`, `check_instances`."""

    def check_loop(self, marker: Any) -> None:
        """Refuse a loop that cannot be run."""

    def check_instances(self, marker: Any) -> None:
        """Refuse a multi-instance that cannot be run."""

    def _add_loop_task(self, marker: Any) -> None:
        self.check_loop(marker)
        super()._add_loop_task(marker)

    def _add_multiinstance_task(self, marker: Any) -> None:
        self.check_instances(marker)
        super()._add_multiinstance_task(marker)


class WithoutDependencies(BpmnParser):
    """A parser that does not look for what a process refers to."""

    def _find_dependencies(self, process: Any) -> None:
        """Called processes are checked once everything is read; decisions are none of the library's business."""
