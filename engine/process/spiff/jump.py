"""An operator puts a case somewhere else in its diagram, when it went wrong or the regulation demands it."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.process.model import Decide, JumpRefused, Step
from engine.process.spiff.codec import decode
from engine.process.spiff.diagrams import Diagrams
from engine.process.spiff.events import Border
from engine.process.spiff.joins import ParallelJoin
from engine.process.spiff.look import waiting_in
from engine.process.spiff.private import add_child, drop_children, in_state, predict, update
from engine.process.spiff.specs import Task, TaskState
from engine.process.spiff.steps import stepped
from engine.process.spiff.workflow import LIVE, Case, StepRecord


def jump(diagrams: Diagrams, state: bytes, process_id: str, element_id: str, decide: Decide) -> Step:
    """Close everything open in the (embedded) process the element is drawn in, and go on from the element.

    The token takes the variables from where the closed tokens last had one in common. A sub-process around the element
    that is not open is entered, with the clocks on its border. JumpRefused if the process is not open, open several
    times (multi-instance), or if the way from there could never pass a parallel join.
    """
    name = diagrams.element(process_id, element_id).name or element_id
    found = diagrams.definition.spec_of(process_id, element_id)
    if found is None or isinstance(found[1], Border):
        raise JumpRefused(
            f"“{name}”不是可以停留的步骤，不能跳转到此处；请选择任务、网关或事件。", element_id=element_id
        )
    record = StepRecord(decide, diagrams.definition.homes)
    case = decode(state, diagrams.definition, record)
    way = _way_to(case, diagrams, found[0], element_id)
    _open_once(case, way[0][0], name)
    targets = [entry_of(diagrams.definition.specs[process], step) for process, step in way]
    join = next(filter(None, map(join_out_of_reach, targets)), None)
    if join is not None:
        raise JumpRefused(
            f"不能跳转到“{name}”：它在并行分支中，之后的汇聚“{join.bpmn_id}”等不到其他分支；请跳转到分支之前。",
            element_id=element_id,
        )

    def act() -> None:
        for (process, _), target in zip(way, targets, strict=True):
            workflow = _open_once(case, process, name)
            stand_at(case, workflow, target)
            if target is not targets[-1]:
                case.run_ready(workflow)

    return stepped(diagrams, case, record, waiting_in(case), act)


def _way_to(case: Case, diagrams: Diagrams, process: str, element_id: str) -> Sequence[tuple[str, str]]:
    """The process to stand in and the step there; before it the sub-processes to enter, the outermost first."""
    way = [(process, element_id)]
    open_ones = {workflow.spec.name for workflow in case.open_workflows()}
    while way[0][0] not in open_ones and (around := diagrams.definition.drawn_in(way[0][0])) is not None:
        way.insert(0, around)
    return way


def stand_at(case: Case, workflow: Any, target: Any) -> None:
    """Close everything open in one process, and put its token before `target`."""
    for task in in_state(workflow.tasks.values(), LIVE):
        if task.id in workflow.tasks and task.has_state(LIVE):
            task.cancel()
    root = workflow.task_tree
    drop_children(root)
    above = _as_if_passed(root, target.inputs[0]) if isinstance(target, ParallelJoin) else root
    token = add_child(above, target, TaskState.FUTURE)
    token.triggered = True
    case.running = token
    predict(token)
    update(token)


def _as_if_passed(root: Task, spec: Any) -> Task:
    """A parallel gateway opens only behind the step that leads to it."""
    passed = add_child(root, spec, TaskState.COMPLETED)
    passed.data = dict(root.data)
    passed.triggered = True
    return passed


def entry_of(process: Any, element_id: str) -> Any:
    """The spec a token enters an element by: with border events, the split before it."""
    return process.task_specs.get(f"{element_id}.BoundaryEventSplit") or process.task_specs[element_id]


def join_out_of_reach(target: Any) -> Any | None:
    """A parallel join ahead that a single token starting at `target` could never get past."""
    ahead = set(_ahead(target))
    for spec in ahead:
        if isinstance(spec, ParallelJoin) and len(spec.inputs) > 1 and not set(spec.inputs) <= ahead:
            return spec
    return None


def _ahead(target: Any) -> Iterator[Any]:
    seen, todo = {target}, [target]
    while todo:
        spec = todo.pop()
        yield spec
        todo += [output for output in spec.outputs if output not in seen]
        seen.update(spec.outputs)


def _open_once(case: Case, process_id: str, name: str) -> Any:
    open_ones = [w for w in case.open_workflows() if w.spec.name == process_id and not w.completed]
    if not open_ones:
        raise JumpRefused(
            f"不能跳转到“{name}”：它所在的流程现在没有进行；请先跳转到调用它的步骤。", process_id=process_id
        )
    if len(open_ones) > 1:
        raise JumpRefused(f"不能跳转到“{name}”：它所在的子流程同时有{len(open_ones)}个在办。", process_id=process_id)
    return open_ones[0]
