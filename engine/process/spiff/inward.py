"""A step that newer diagrams draw inside a sub-process: the case goes in with it, under the keys it has.

Only where one token stands at a plain step with the same border events, and the sub-process is drawn where the step
stood before; anything else is refused by `migrate`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.process.spiff.compact import compact
from engine.process.spiff.definition import Definition
from engine.process.spiff.events import Border
from engine.process.spiff.jump import entry_of, stand_at
from engine.process.spiff.private import drop_children, in_state, renamed
from engine.process.spiff.specs import AnySubProcess, EachItem, Task, is_instance
from engine.process.spiff.workflow import LIVE, Case


@dataclass(frozen=True, slots=True)
class WayIn:
    """The token that goes in, the name of its step, the sub-process around that, and the keys of what waits there."""

    workflow: Any
    token: Task
    step: str
    around: str
    inner: str
    keys: Mapping[str, bytes]

    @property
    def steps(self) -> frozenset[str]:
        """The names of all that goes in."""
        return frozenset({*self.keys, f"{self.step}.BoundaryEventSplit"})


def way_in(workflow: Any, new: Definition) -> WayIn | None:
    """Where the only token of an open process now finds its step, if that lies inside a sub-process; else None."""
    live = in_state(workflow.tasks.values(), LIVE)
    tokens = [task for task in live if not isinstance(task.task_spec, Border) and not is_instance(task)]
    process = new.specs.get(workflow.spec.name)
    if process is None or len(tokens) != 1 or tokens[0].task_spec.name in process.task_specs:
        return None
    token, home = tokens[0], new.homes[workflow.spec.name]
    found = new.spec_of(home, token.task_spec.name)
    around = new.drawn_in(found[0]) if found is not None else None
    if found is None or around is None or around[0] != workflow.spec.name:
        return None
    if isinstance(token.task_spec, AnySubProcess | EachItem):
        return None
    return WayIn(
        workflow, token, token.task_spec.name, around[1], found[0], {task.task_spec.name: task.id for task in live}
    )


def go_in(case: Case, way: WayIn, new: Definition) -> None:
    """Open the sub-process where the token stood, and stand in it at the same step with the same keys."""
    workflow, root = way.workflow, way.workflow.task_tree
    variables = dict(way.token.data)
    drop_children(root)
    root.data = variables
    workflow.spec = new.specs[workflow.spec.name]
    root.task_spec = workflow.spec.task_specs.get(root.task_spec.name, workflow.spec.start)
    case.subprocess_specs = new.specs
    stand_at(case, workflow, entry_of(workflow.spec, way.around))
    case.run_ready(workflow)
    inside = next(sub for sub in case.open_workflows() if sub.spec.name == way.inner)
    stand_at(case, inside, entry_of(inside.spec, way.step))
    case.run_ready(inside)
    for task in in_state(inside.tasks.values(), LIVE):
        renamed(task, way.keys[task.task_spec.name])
    compact(case)
