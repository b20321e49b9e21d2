# mypy: disable-error-code="misc"
"""Where parallel branches of a process come together again."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.process.spiff.events import Border
from engine.process.spiff.private import Acting, LibraryEndJoin

__all__ = ["EndJoin", "ParallelJoin", "UnstructuredJoin", "side_border"]


class _BranchMerge(Acting, UnstructuredJoin):
    """A join that keeps what each branch changed since the branches parted.

    The library lays the whole data of one branch over the other, so the branch that arrives last undoes what the
    others set, and lists are merged by position. Here only changed variables count, later arrivals over earlier ones.
    """

    def act(self, my_task: Task) -> bool:
        earlier = [
            t
            for t in my_task.workflow.tasks.values()
            if t.task_spec is self and t.has_state(TaskState.FINISHED_MASK) and not my_task.is_descendant_of(t)
        ]
        arrivals = self._counted([*sorted(earlier, key=lambda t: t.last_state_change), my_task])
        my_task.data = _merged([t.parent for t in arrivals])
        return True

    def _counted(self, arrivals: list[Task]) -> list[Task]:
        return arrivals


class ParallelJoin(_BranchMerge, ParallelGateway):
    """A parallel gateway, forking or joining."""


class EndJoin(_BranchMerge, LibraryEndJoin):
    """Where all tokens of a process end; the process is over when nothing else is alive.

    A side branch (non-interrupting border event) changes no variable of the main line, whichever of them ends last.
    """

    def _counted(self, arrivals: list[Task]) -> list[Task]:
        return [task for task in arrivals if side_border(task) is None] or arrivals[-1:]

    def act(self, my_task: Task) -> bool:
        super().act(my_task)
        my_task.workflow.data.update(my_task.data)
        return True


def side_border(task: Task) -> Task | None:
    """The border event that made the side branch a token runs in; None on the main line of its process."""
    return next(
        (a for a in _ancestors(task) if isinstance(a.task_spec, Border) and not a.task_spec.cancel_activity), None
    )


def _ancestors(task: Task) -> Iterator[Task]:
    while (parent := task.parent) is not None:
        yield parent
        task = parent


def _merged(branches: list[Task]) -> dict[str, Any]:
    if len(branches) == 1:
        return dict(deepcopy(branches[0].data))
    base = _parting(branches).data
    merged: dict[str, Any] = deepcopy(base)
    for branch in branches:
        for key, value in branch.data.items():
            if key not in base or base[key] != value:
                merged[key] = deepcopy(value)
        for key in base.keys() - branch.data.keys():
            merged.pop(key, None)
    return merged


def _parting(branches: list[Task]) -> Task:
    """The last task all branches have in common."""
    paths = [[*reversed(list(_ancestors(branch))), branch] for branch in branches]
    common = paths[0][0]
    for level in zip(*paths, strict=False):
        if any(task is not level[0] for task in level):
            break
        common = level[0]
    return common
