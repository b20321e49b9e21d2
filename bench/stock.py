# mypy: disable-error-code="misc"
"""The stock way of running the same diagrams: SpiffWorkflow's parser, engine and serializer, a case as one JSON text.

What a decision table or a form would answer is put into the token beforehand, and conditions are read by our compiled
evaluator instead of `eval`, so that only the library's own work is measured.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import DecisionTable, HitPolicy
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import BigInteger, Column, Engine, Identity, MetaData, Table, Text, bindparam, insert, select, update

from engine.process.expressions import compile_expression

FAR = "9999-12-31T00:00:00+00:00"
ITEM = "rectification_item_id"

stock_cases = Table(
    "bench_stock_cases",
    MetaData(),
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    Column("state", Text),
)
_READ = select(stock_cases.c.state).where(stock_cases.c.id == bindparam("of_case"))
_BEGIN = insert(stock_cases).returning(stock_cases.c.id)
_WRITE = update(stock_cases).where(stock_cases.c.id == bindparam("of_case")).values(state=bindparam("new_state"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that happens to a case: a person finishes a step, or (`message`) finance sends something.

    `variables` go into the token; `decisions` are what the tables say until somebody is asked again.
    """

    element_id: str
    item: str | None
    message: str | None
    variables: Mapping[str, Any]
    decisions: Mapping[str, Any]

    def data(self) -> dict[str, Any]:
        """Everything the token gains, in values the library can store."""
        return dict(json.loads(json.dumps({**self.variables, **self.decisions}, default=_plain)))


class StockEngine:
    """The diagrams as the library reads them, and its serializer.

    As documented, a case's text holds its diagrams too and they are read again with it; with `shared` the text leaves
    them out and all cases share the ones read at the start.
    """

    def __init__(self, files: Mapping[str, bytes], *, shared: bool = False) -> None:
        parser = _Parser()
        for name, content in files.items():
            parser.add_bpmn_xml(etree.fromstring(content), filename=name)
        self._spec = parser.get_spec("case")
        self._subs = parser.get_subprocess_specs("case")
        self._script = PythonScriptEngine(_Answers())
        config = dict(SPIFF_CONFIG)
        if shared:
            config[BpmnWorkflow] = partial(_WithoutDiagrams, spec=self._spec, subs=self._subs)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))

    def start(self, variables: Mapping[str, Any]) -> BpmnWorkflow:
        """A new case, run until somebody is waited for."""
        workflow = BpmnWorkflow(self._spec, self._subs, script_engine=self._script)
        workflow.task_tree.data.update(variables)
        workflow.do_engine_steps()
        return workflow

    def written(self, workflow: BpmnWorkflow) -> str:
        """The case as one JSON text."""
        return str(self._serializer.serialize_json(workflow))

    def read(self, text: str) -> BpmnWorkflow:
        """The case behind a text."""
        workflow = self._serializer.deserialize_json(text)
        workflow.script_engine = self._script
        return workflow

    def take(self, workflow: BpmnWorkflow, answer: Answer) -> None:
        """Let one thing happen and run on."""
        if answer.message is not None:
            waiting = workflow.get_tasks(state=TaskState.WAITING)
            next(task for task in waiting if task.task_spec.bpmn_id == answer.element_id).data.update(answer.data())
            workflow.send_event(BpmnEvent(MessageEventDefinition(answer.message)))
        else:
            ready = workflow.get_tasks(state=TaskState.READY, manual=True)
            task = next(task for task in ready if _is_at(task, answer))
            task.data.update(answer.data())
            task.run()
        workflow.do_engine_steps()


class StockCase:
    """One case kept the stock way in a table of one row a case."""

    def __init__(self, engine: StockEngine, database: Engine, variables: Mapping[str, Any]) -> None:
        self.engine, self.database = engine, database
        self.bytes = 0
        with database.begin() as connection:
            state = engine.written(engine.start(variables))
            self.number = connection.execute(_BEGIN, {"state": state}).scalar_one()

    def take(self, answer: Answer) -> None:
        """One step in one transaction: read, deserialize, complete, serialize, update, commit."""
        with self.database.begin() as connection:
            workflow = self.engine.read(connection.execute(_READ, {"of_case": self.number}).scalar_one())
            self.engine.take(workflow, answer)
            state = self.engine.written(workflow)
            connection.execute(_WRITE, {"of_case": self.number, "new_state": state})
        self.bytes = len(state)


class _WithoutDiagrams(BpmnWorkflowConverter):
    """A case without its diagrams, put back on the shared ones."""

    def __init__(self, target: type, registry: Any, spec: Any, subs: Mapping[str, Any]) -> None:
        super().__init__(target, registry)
        self._spec, self._subs = spec, subs

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        """Everything but `spec` and `subprocess_specs`."""
        plain: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        plain["subprocesses"] = self.mapping_to_dict(workflow.subprocesses)
        plain["bpmn_events"] = self.registry.convert(workflow.bpmn_events)
        return plain

    def from_dict(self, dct: dict[str, Any]) -> BpmnWorkflow:
        """The case on the shared diagrams; what is no dict the registry leaves as it is."""
        return super().from_dict({**dct, "spec": self._spec, "subprocess_specs": self._subs})


class _Parser(SpiffBpmnParser):
    def get_engine(self, decision_ref: str, node: Any) -> DMNEngine:
        """An empty table of that name: it says nothing, the answer is already there."""
        return DMNEngine(DecisionTable(decision_ref, decision_ref, HitPolicy.UNIQUE.value))


class _Answers(BasePythonScriptEngineEnvironment):
    def evaluate(self, expression: str, context: dict[str, Any], external_context: Any = None) -> Any:
        if expression.strip().startswith("deadline("):
            return FAR
        return compile_expression(expression).value(context)

    def call_service(self, context: dict[str, Any], **operation: Any) -> str:
        return "null"


def _is_at(task: Any, answer: Answer) -> bool:
    return task.task_spec.bpmn_id == answer.element_id and answer.item in (None, task.data.get(ITEM))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not go into a token")
