"""Forgets history: what is over and can no longer matter leaves the case, so a state stays as small as its open work.

Kept are the live tasks with their parents, the arrivals at joins still open, and the points where kept branches part;
everything between is spliced out. History for people is the journal, not the process.
"""

from collections.abc import Iterator
from typing import Any

from engine.process.spiff.joins import EndJoin, UnstructuredJoin, side_border
from engine.process.spiff.specs import BoundaryEventJoin, Task, TaskState
from engine.process.spiff.workflow import LIVE, Case


def compact(case: Case) -> None:
    """Drop finished sub-processes, then everything finished and predicted inside the open ones."""
    for caller in [i for i, sub in case.subprocesses.items() if sub.completed or not _is_called(case, sub)]:
        del case.subprocesses[caller]
    if not case.completed:
        for workflow in (case, *case.subprocesses.values()):
            _contract(workflow)


def _is_called(case: Case, sub: Any) -> bool:
    caller = sub.parent_workflow.tasks.get(sub.parent_task_id)
    return caller is not None and caller._state == TaskState.STARTED


def _contract(workflow: Any) -> None:
    needed = _needed(workflow)
    order = list(_preorder(workflow))
    below = dict.fromkeys(workflow.tasks, 0)
    keep = set()
    for task in reversed(order):
        if task.id in needed or below[task.id] > 1:
            keep.add(task.id)
        if (task.id in keep or below[task.id]) and task._parent is not None:
            below[task._parent] += 1
    _rebuild(workflow, order, keep)


def _rebuild(workflow: Any, order: list[Task], keep: set[Any]) -> None:
    nearest: dict[Any, Any] = {}
    for task in order:
        above = nearest.get(task._parent)
        nearest[task.id] = task.id if task.id in keep else above
        if task.id in keep:
            task._parent = above
            task._children = []
            if above is None:
                workflow.task_tree = task
            else:
                workflow.tasks[above]._children.append(task.id)
    workflow.tasks = {task.id: task for task in order if task.id in keep}
    workflow.last_task = None


def _preorder(workflow: Any) -> Iterator[Task]:
    stack = [workflow.task_tree]
    while stack:
        task = stack.pop()
        yield task
        stack.extend(reversed(task.children))


def _needed(workflow: Any) -> set[Any]:
    """Live tasks, arrivals at open joins, their parents, and the border events that mark a side branch."""
    live = [t for t in workflow.tasks.values() if t._state & LIVE and _matters(t)]
    open_joins = {t.task_spec for t in live if isinstance(t.task_spec, UnstructuredJoin)} | {workflow.spec.end}
    arrivals = [
        t
        for t in workflow.tasks.values()
        if t._state == TaskState.CANCELLED and t.task_spec in open_joins and _matters(t)
    ]
    needed = set()
    for task in live + arrivals:
        needed.add(task.id)
        if task._parent is not None:
            needed.add(task._parent)
        border = side_border(task)
        if border is not None:
            needed.add(border.id)
    return needed


def _matters(task: Task) -> bool:
    """A side branch that has arrived at the end is over, and what it set never counted for the main line."""
    if isinstance(task.task_spec, EndJoin):
        return side_border(task) is None
    return not isinstance(task.task_spec, BoundaryEventJoin)
