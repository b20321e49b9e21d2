"""Forgets history: what is over and can no longer matter leaves the case, so a state stays as small as its open work.

Kept are the live tasks with their parents, the arrivals at joins still open, and the points where kept branches part;
everything between is spliced out. History for people is the journal, not the process.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.process.spiff.joins import EndJoin, UnstructuredJoin, side_border
from engine.process.spiff.private import hang_under, in_state
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
    return caller is not None and caller.state == TaskState.STARTED


def _contract(workflow: Any) -> None:
    above = dict(_walked(workflow.task_tree))
    needed = _needed(workflow, above)
    branches = dict.fromkeys(above, 0)
    keep = set()
    for task in reversed(above):
        if task in needed or branches[task] > 1:
            keep.add(task)
        before = above[task]
        if before is not None and (task in keep or branches[task]):
            branches[before] += 1
    _splice(workflow, above, keep)


def _splice(workflow: Any, above: Mapping[Task, Task | None], keep: Collection[Task]) -> None:
    """Hang every task kept under the nearest one kept before it."""
    nearest: dict[Task | None, Task | None] = {None: None}
    for task, before in above.items():
        nearest[task] = nearest[before]
        if task in keep:
            if nearest[before] is None:
                workflow.task_tree = task
            hang_under(task, nearest[before])
            nearest[task] = task
    workflow.tasks = {task.id: task for task in above if task in keep}
    workflow.last_task = None


def _walked(root: Task) -> Iterator[tuple[Task, Task | None]]:
    """Every task with the one before it, that one first."""
    stack: list[tuple[Task, Task | None]] = [(root, None)]
    while stack:
        task, before = stack.pop()
        yield task, before
        stack.extend((child, task) for child in reversed(task.children))


def _needed(workflow: Any, above: Mapping[Task, Task | None]) -> set[Task | None]:
    """Live tasks, arrivals at open joins, their parents, and the border events that mark a side branch."""
    live = [t for t in in_state(workflow.tasks.values(), LIVE) if _matters(t)]
    open_joins = {t.task_spec for t in live if isinstance(t.task_spec, UnstructuredJoin)} | {workflow.spec.end}
    cancelled = in_state(workflow.tasks.values(), TaskState.CANCELLED)
    arrivals = [t for t in cancelled if t.task_spec in open_joins and _matters(t)]
    needed = set()
    for task in live + arrivals:
        needed |= {task, above.get(task), side_border(task)}
    return needed


def _matters(task: Task) -> bool:
    """A side branch that has arrived at the end is over, and what it set never counted for the main line."""
    if isinstance(task.task_spec, EndJoin):
        return side_border(task) is None
    return not isinstance(task.task_spec, BoundaryEventJoin)
