"""What a case waits for: people, messages and deadlines, and the stage it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.process.model import Catch, Timer, Waiting
from engine.process.spiff.definition import Definition
from engine.process.spiff.events import Border, CatchingEvent, DeadlineReached, FirstOf
from engine.process.spiff.joins import side_border
from engine.process.spiff.private import in_state
from engine.process.spiff.specs import BoundaryEventSplit, CallActivity, Task, TaskState, is_instance
from engine.process.spiff.workflow import Case

Awaited = tuple[Task, Any]
"""A task that waits for an event, and the spec of the event: its own, or one of those in a race."""


@dataclass(slots=True)
class Open:
    """Everything waiting in a case at one moment, by key."""

    tasks: dict[bytes, Task] = field(default_factory=dict)
    catches: dict[bytes, Awaited] = field(default_factory=dict)
    timers: dict[bytes, Awaited] = field(default_factory=dict)


def waiting_in(case: Case) -> Open:
    """Ready human tasks, armed timers and messages waited for."""
    found = Open()
    for task in case.live_tasks():
        state = task.state
        if state == TaskState.READY and task.task_spec.manual:
            found.tasks[task.id] = task
        elif state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            for key, event in _events_of(task):
                is_timer = isinstance(event.event_definition, DeadlineReached)
                (found.timers if is_timer else found.catches)[key] = (task, event)
    return found


def _events_of(task: Task) -> Iterator[tuple[bytes, Any]]:
    """What a task waits for; the events of a race have keys counted on from the key of the gateway."""
    if not isinstance(task.task_spec, FirstOf):
        yield task.id, task.task_spec
        return
    for number, event in enumerate(task.task_spec.outputs, start=1):
        yield ((int.from_bytes(task.id) + number) % 2**128).to_bytes(16), event


def as_waiting(task: Task, definition: Definition) -> Waiting:
    """The human task as others see it."""
    element = definition.element_of(task.workflow.spec.name, task.task_spec)
    return Waiting(
        key=task.id,
        process_id=element.process_id,
        element_id=element.id,
        name=element.name,
        lane=element.lane,
        step=element.step,
        item=_item(task),
    )


def as_catch(key: bytes, awaited: Awaited, definition: Definition) -> Catch:
    """The message waited for as others see it."""
    task, event = awaited
    element = definition.element_of(task.workflow.spec.name, event)
    return Catch(key, element.process_id, element.id, event.event_definition.name, _host(task))


def as_timer(key: bytes, found: Open, definition: Definition) -> Timer:
    """The armed timer as others see it."""
    task, event = found.timers[key]
    element = definition.element_of(task.workflow.spec.name, event)
    host = _host(task)
    return Timer(
        key=key,
        process_id=element.process_id,
        element_id=element.id,
        deadline=event.event_definition.deadline,
        host=host,
        interrupting=isinstance(event, Border) and bool(event.cancel_activity),
        task=_about(host, found),
        item=_item(task),
    )


def _about(host: bytes | None, found: Open) -> bytes | None:
    """The human task a clock on that border is about."""
    if host is None or host in found.tasks:
        return host
    return next((key for key, task in found.tasks.items() if host in _around(task)), None)


def handed_on(before: Open, found: Open) -> Iterator[tuple[bytes, bytes | None]]:
    """Tasks closed inside a sub-process that goes on, each with the one that waits there now, newly opened if any."""
    newest_first = sorted(found.tasks, key=lambda key: key in before.tasks)
    for key, task in before.tasks.items():
        around = set(_around(task))
        if key not in found.tasks and around:
            yield key, next((other for other in newest_first if around & set(_around(found.tasks[other]))), None)


def _around(task: Task) -> Iterator[bytes]:
    """The keys of the open sub-processes drawn around a task that have clocks on their border, the innermost first."""
    workflow = task.workflow
    while workflow.parent_workflow is not None:
        caller = workflow.parent_workflow.tasks.get(workflow.parent_task_id)
        if caller is None or caller.state != TaskState.STARTED or isinstance(caller.task_spec, CallActivity):
            return
        if caller.parent is not None and isinstance(caller.parent.task_spec, BoundaryEventSplit):
            yield workflow.parent_task_id
        workflow = workflow.parent_workflow


def stage_of(case: Case, definition: Definition) -> str | None:
    """The process called on the main line, whatever it calls itself: no side branch, no item of a multi-instance task.

    A process that calls no other is a stage of its own.
    """
    if case.completed:
        return None
    stage, workflow = None, case
    while workflow is not None:
        caller = next(_main_line_calls(workflow), None)
        if caller is None:
            break
        workflow = case.subprocesses[caller.id]
        if isinstance(caller.task_spec, CallActivity):
            stage = workflow.spec.name
            break
    if stage is None and not definition.calls_others(case.spec.name):
        stage = case.spec.name
    return stage


def stuck_process(case: Case, found: Open) -> str | None:
    """An open process in which nobody and nothing is waited for and no open sub-process either; None if all is well."""
    waiting = [*found.tasks.values(), *(task for task, _ in (*found.catches.values(), *found.timers.values()))]
    moving = {id(task.workflow) for task in waiting}
    moving |= {id(sub.parent_workflow) for sub in case.subprocesses.values() if not sub.completed}
    for workflow in case.open_workflows():
        if not workflow.completed and id(workflow) not in moving:
            return str(workflow.spec.name)
    return None


def _main_line_calls(workflow: Any) -> Iterator[Task]:
    subprocesses = workflow.top_workflow.subprocesses
    for task in in_state(workflow.tasks.values(), TaskState.STARTED):
        if task.id in subprocesses and not is_instance(task) and side_border(task) is None:
            yield task


def _item(task: Task | None) -> str | None:
    while task is not None:
        if is_instance(task):
            return str(task.data[task.parent.task_spec.input_item.bpmn_id])
        sub = task.workflow
        task = sub.parent_workflow.tasks[sub.parent_task_id] if sub.parent_workflow is not None else None
    return None


def _host(task: Task) -> bytes | None:
    if not isinstance(task.task_spec, Border):
        return None
    host = next(child for child in task.parent.children if not isinstance(child.task_spec, Border))
    key: bytes = host.id
    return key
