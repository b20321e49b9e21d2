# mypy: disable-error-code="misc"
"""Events: messages and deadlines waited for, in a flow, on a border or in a race, and where a process ends.

None of them listens: a message goes to exactly the catch it is delivered to and a deadline passes when `fire` says so.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, IntermediateCatchEvent, StartEvent
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.process.spiff.private import Acting, ActingAfter, Undecided, add_child, expect, predict, update

__all__ = [
    "Border",
    "CatchEvent",
    "CatchingEvent",
    "DeadlineReached",
    "End",
    "FirstOf",
    "MessageArrived",
    "StartEvent",
    "let_go",
]


class _Told(EventDefinition):
    """An event that happens when it is told to."""

    def catches(self, my_task: Task, event: Any) -> bool:
        return False

    def reset(self, my_task: Task) -> None:
        my_task.internal_data.pop("event_fired", None)


class DeadlineReached(_Told):
    """A timer that knows only the name of its deadline: no clock of any kind."""

    def __init__(self, deadline: str) -> None:
        super().__init__(deadline)
        self.deadline = deadline


class MessageArrived(_Told):
    """A message; its variables go into the token."""

    def update_task_data(self, my_task: Task) -> None:
        my_task.data.update(my_task.internal_data.pop("payload", {}))


class CatchEvent(IntermediateCatchEvent):
    """A message or deadline waited for in the middle of a flow."""


class Border(ActingAfter, BoundaryEvent):
    """A message or deadline on the border of an activity.

    The library lets a non-interrupting border catch only once; with the property rearm=true ours catches again as often
    as the message comes.
    """

    extensions: dict[str, Any]

    @property
    def rearms(self) -> bool:
        return not self.cancel_activity and self.extensions.get("properties", {}).get("rearm") == "true"

    def act_after(self, my_task: Task) -> None:
        if self.rearms:
            successor = add_child(my_task.parent, self, TaskState.WAITING)
            predict(successor)
            update(successor)


class FirstOf(Acting, Undecided, CatchingEvent, BpmnSpecMixin):
    """An event-based gateway: whichever of the events behind it comes first decides the way."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, _Told(), **kwargs)

    def act(self, my_task: Task) -> bool:
        came, payload = my_task.internal_data.pop("came"), my_task.internal_data.pop("payload")
        expect(my_task, [my_task.workflow.spec.task_specs[came]])
        for child in my_task.children:
            child.internal_data.update(event_fired=True, payload=payload)
        return True


class End(Acting, EndEvent):
    """An end event; the step reports that it was reached."""

    def act(self, my_task: Task) -> bool:
        my_task.workflow.script_engine.environment.note_end(my_task)
        return super().act(my_task)


def let_go(task: Task, event: Any, payload: dict[str, Any]) -> None:
    """Let an event happen to the task that waits for it; `event` is the spec of the event, not of a race it is in."""
    if event is not task.task_spec:
        task.internal_data["came"] = event.name
    task.internal_data.update(event_fired=True, payload=payload)
    update(task)
