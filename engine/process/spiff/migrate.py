"""Moves a running case to other diagrams without losing its open tasks, drafts and deadlines, or says why it cannot.

Keys stay as they are, finished history is never run again. What may change freely: names, lanes, properties,
conditions, decisions, everything ahead of the open tasks, and whether an open step is drawn inside a sub-process
(`inward`). What must be the same is checked here.
"""

from collections.abc import Iterator
from typing import Any

from engine.process.model import Migration
from engine.process.spiff.codec import decode, encode
from engine.process.spiff.diagrams import Diagrams
from engine.process.spiff.events import Border
from engine.process.spiff.inward import WayIn, go_in, way_in
from engine.process.spiff.joins import ParallelJoin, UnstructuredJoin
from engine.process.spiff.jump import entry_of, join_out_of_reach
from engine.process.spiff.private import in_state
from engine.process.spiff.specs import AnySubProcess, BoundaryEventSplit, EachItem, Task, is_instance
from engine.process.spiff.steps import nobody_decides
from engine.process.spiff.workflow import LIVE, Case, StepRecord


def migrate(old: Diagrams, new: Diagrams, state: bytes) -> Migration:
    """The state rewritten for `new`, or every reason why a person has to `jump` this case instead."""
    case = decode(state, old.definition, StepRecord(nobody_decides, old.definition.homes))
    if not case.completed:
        problems = tuple(dict.fromkeys(_problems(case, new)))
        if problems:
            return Migration(possible=False, problems=problems)
        inward = [way for workflow in _workflows(case) if (way := way_in(workflow, new.definition)) is not None]
        _rebind(case, new)
        for way in inward:
            go_in(case, way, new.definition)
    return Migration(possible=True, state=encode(case, new.definition))


def _workflows(case: Case) -> list[Any]:
    return [case, *case.subprocesses.values()]


def _problems(case: Case, new: Diagrams) -> Iterator[str]:
    for workflow in _workflows(case):
        process = new.definition.specs.get(workflow.spec.name)
        if process is None:
            yield f"新版没有流程“{workflow.spec.name}”，而案件正在其中。"
            continue
        way = way_in(workflow, new.definition)
        for task in workflow.tasks.values():
            if _must_stay(task):
                yield from _changes(task, _where_it_lies(task, way, new) or process)
        yield from _parallel_changes(workflow, process, way, new)


def _where_it_lies(task: Task, way: WayIn | None, new: Diagrams) -> Any | None:
    """The sub-process in which a task of the only token finds its step now."""
    return new.definition.specs[way.inner] if way is not None and task.task_spec.name in way.steps else None


def _must_stay(task: Task) -> bool:
    """Live tasks, and finished ones whose very kind still matters: arrivals at joins, splits, side branches."""
    if task.has_state(LIVE) or isinstance(task.task_spec, UnstructuredJoin | BoundaryEventSplit | Border):
        return True
    return any(isinstance(child.task_spec, ParallelJoin) for child in task.children)


def _changes(task: Task, process: Any) -> Iterator[str]:
    before, after = task.task_spec, process.task_specs.get(task.task_spec.name)
    name = _name(before)
    if after is None:
        yield f"新版没有步骤“{name}”，而案件正停在此处。"
    elif type(after) is not type(before):
        yield f"步骤“{name}”在新版中改了类型。"
    elif isinstance(before, AnySubProcess) and after.spec != before.spec:
        yield f"步骤“{name}”在新版中改为调用“{after.spec}”，而“{before.spec}”正在进行。"
    elif isinstance(before, EachItem) and _items(before) != _items(after):
        yield f"多实例步骤“{name}”在新版中改了所用的变量。"
    elif isinstance(before, BoundaryEventSplit) and _borders(before) != _borders(after):
        yield f"步骤“{name}”在新版中改了边界事件。"
    elif task.has_state(LIVE) and not _stands_behind_split(task) and _has_split(process, before):
        yield f"步骤“{name}”在新版中增加了边界事件。"


def _stands_behind_split(task: Task) -> bool:
    return task.parent is not None and isinstance(task.parent.task_spec, BoundaryEventSplit)


def _has_split(process: Any, spec: Any) -> bool:
    return f"{spec.name}.BoundaryEventSplit" in process.task_specs


def _parallel_changes(workflow: Any, process: Any, way: WayIn | None, new: Diagrams) -> Iterator[str]:
    """With several tokens the parallel gateways must be the same; a single one must not end up inside a new block."""
    live = in_state(workflow.tasks.values(), LIVE)
    tokens = [t for t in live if not isinstance(t.task_spec, Border) and not is_instance(t)]
    if len(tokens) > 1 and _gateways(workflow.spec) != _gateways(process):
        yield f"流程“{workflow.spec.name}”正在并行办理，而新版改了并行网关。"
    elif len(tokens) == 1:
        name = tokens[0].task_spec.name
        entries = [(process, name)] if way is None else [(process, way.around), (new.definition.specs[way.inner], name)]
        found = (entry_of(where, step) for where, step in entries if step in where.task_specs)
        join = next(filter(None, map(join_out_of_reach, found)), None)
        if join is not None:
            yield f"步骤“{_name(tokens[0].task_spec)}”在新版中处于并行分支内，汇聚“{join.bpmn_id}”将等不到其他分支。"


def _rebind(case: Case, new: Diagrams) -> None:
    for workflow in _workflows(case):
        process = new.definition.specs[workflow.spec.name]
        for task in workflow.tasks.values():
            task.task_spec = process.task_specs.get(task.task_spec.name, process.start)
        workflow.spec = process


def _name(spec: Any) -> str:
    return getattr(spec, "bpmn_name", None) or getattr(spec, "bpmn_id", None) or str(spec.name).partition(".")[0]


def _items(spec: Any) -> tuple[str, ...]:
    return (spec.data_input.bpmn_id, spec.input_item.bpmn_id)


def _borders(split: Any) -> set[tuple[str, bool, str]]:
    return {
        (border.name, bool(border.cancel_activity), type(border.event_definition).__name__)
        for border in split.outputs
        if isinstance(border, Border)
    }


def _gateways(process: Any) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    return {
        spec.name: (frozenset(i.name for i in spec.inputs), frozenset(o.name for o in spec.outputs))
        for spec in process.task_specs.values()
        if isinstance(spec, ParallelJoin)
    }
