# mypy: disable-error-code="misc"
"""How activities behave: SpiffWorkflow's own classes, mended where they were found wrong for us.

Specs are shared by all cases and threads, so nothing here keeps anything on `self` at run time; what one step collects
goes to `my_task.workflow.script_engine.environment` (see `workflow.StepRecord`).
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway as LibraryExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask as AnySubProcess
from SpiffWorkflow.spiff.specs.defaults import (
    BusinessRuleTask,
    CallActivity,
    ParallelMultiInstanceTask,
    ServiceTask,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.process.model import ExpressionFailed
from engine.process.spiff.joins import EndJoin
from engine.process.spiff.private import Acting, Unforeseen, make_ready

__all__ = [
    "AnySubProcess",
    "AskDecision",
    "BoundaryEventJoin",
    "BoundaryEventSplit",
    "CallActivity",
    "DoOperation",
    "EachItem",
    "ExclusiveGateway",
    "ProcessSpec",
    "SubWorkflowTask",
    "Task",
    "TaskState",
    "UserTask",
    "is_instance",
]


class AskDecision(Acting, BusinessRuleTask):
    """Asks a decision table; the answer replaces the one of an earlier round instead of being merged into it."""

    def __init__(self, wf_spec: Any, name: str, decision: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, decision, **kwargs)
        self.decision = decision

    def act(self, my_task: Task) -> bool:
        environment = my_task.workflow.script_engine.environment
        my_task.data[self.decision] = environment.decide(self.decision, my_task)
        return True


class DoOperation(Acting, ServiceTask):
    """Notes an operation with its parameters; carrying it out is the engine's business, in the same transaction."""

    def act(self, my_task: Task) -> bool:
        environment = my_task.workflow.script_engine.environment
        parameters = {
            name: environment.value(parameter["value"], my_task) for name, parameter in self.operation_params.items()
        }
        environment.note_operation(self.operation_name, parameters, my_task)
        return True


class ExclusiveGateway(Unforeseen, LibraryExclusiveGateway):
    """Chooses when it is run; all that might lie behind each of its branches is not laid out before."""


class EachItem(ParallelMultiInstanceTask):
    """One instance per item of a list of texts, all at once; can be entered again in a later round.

    What an instance decides stays with it; only if the diagram declares an output list, that list gets one value of
    each, in the order of the items (None where an instance never set it).
    """

    def create_children(self, my_task: Task) -> None:
        for reference in (self.input_item, self.output_item, self.data_output):
            if reference is not None:
                my_task.data.pop(reference.bpmn_id, None)
        items = my_task.data.get(self.data_input.bpmn_id)
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ExpressionFailed(
                f"多实例任务需要变量“{self.data_input.bpmn_id}”为文字列表，现为“{items}”。",
                variable=self.data_input.bpmn_id,
            )
        super().create_children(my_task)
        if self.data_output is not None:
            my_task.data[self.data_output.bpmn_id] = [None] * len(items)

    def merge_child(self, workflow: Any, child: Task) -> None:
        my_task = child.parent
        if self.data_output is not None and self.output_item is not None:
            outputs = my_task.data[self.data_output.bpmn_id]
            outputs[child.internal_data["key_or_index"]] = child.data.get(self.output_item.bpmn_id)
        my_task.internal_data["merged"].append(str(child.id))
        if self.check_completion_condition(my_task):
            for sibling in [task for task in my_task.children if is_instance(task)]:
                sibling.cancel()
            make_ready(my_task)
        elif self.children_complete(my_task):
            make_ready(my_task)


def is_instance(task: Task) -> bool:
    """Whether a task is one of the instances of a multi-instance task, and not what follows it."""
    parent = task.parent
    return (
        parent is not None
        and isinstance(parent.task_spec, EachItem)
        and parent.task_spec.task_spec == task.task_spec.name
    )


class ProcessSpec(BpmnProcessSpec):
    """The specification of one process, ending in our own join."""

    def __init__(self, name: str, description: str | None = None, filename: str | None = None) -> None:
        super().__init__(name=name, description=description, filename=filename)
        for generated in (f"{name}.EndJoin", "End"):
            del self.task_specs[generated]
        self.end: Any = EndJoin(self, f"{name}.EndJoin")
        self.end.connect(SimpleBpmnTask(self, "End"))
