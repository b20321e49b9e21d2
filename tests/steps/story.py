"""One scenario while it is told: the object it is about, the case once there is one, the last answer and refusal.

The database is opened when a case is first needed; a scenario that only asks a decision table never opens one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.start_case import Line
from engine.errors import EngineError
from engine.policies import DECISIONS, Decision
from engine.policies.kinds import Kind
from engine.policies.signatures import Column
from engine.process import Element
from engine.stages import Library
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import LANES, STAGES, CaseKind
from tests.office import Office
from tests.steps.words import AREAS, OFFICES, PAPERS, routing_answer

SHORTEST = {
    "ex_ante_verdict": "exempt",
    "entry_review_verdict": "no",
    "key_monitoring": "no",
    "self_evaluation_filing": "no",
}
"""What the example offices decide on the way where their area lays nothing down and the scenario says nothing."""


@dataclass
class Story:
    """What is known so far."""

    request: pytest.FixtureRequest
    library: Library
    area: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    on: date | None = None
    answer: Decision | None = None
    asked: str = ""
    refusal: EngineError | None = None
    wishes: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    # ── decision tables ──────────────────────────────────────────────────────────────────────────────────────────

    def state(self, label: str, value: str) -> None:
        """Note a fact under the heading it has in the tables."""
        name, column = _input_called(label)
        self.facts[name] = _value(column, value)

    def ask(self, title: str) -> Decision:
        """What the area's table of that title answers to the facts that it asks for."""
        self.asked = next(name for name, signature in DECISIONS.items() if signature.title == title)
        inputs = {name: self.facts[name] for name in DECISIONS[self.asked].inputs if name in self.facts}
        self.answer = self.library.policies.of(AREAS[self.area]).decide(self.asked, inputs, on=self.on)
        return self.answer

    def said(self, label: str | None = None) -> str:
        """The last answer in Chinese: its first output, or the one with that heading."""
        assert self.answer is not None
        if self.answer.undefined:
            return "本区未规定"
        outputs = DECISIONS[self.asked].outputs
        name = next(name for name, column in outputs.items() if label in (None, column.label))
        return _in_words(outputs[name], self.answer.outputs.get(name))

    # ── the case ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def office(self) -> Office:
        """The bureau of the area, opened when first needed."""
        known = self.__dict__.get("_office")
        if known is None:
            known = self._office = Office.opened(self.request.getfixturevalue("database"), AREAS[self.area])
        return known

    @property
    def case_id(self) -> int:
        """The case the scenario is about; opened from the facts when first needed."""
        if "" not in self.numbers:
            self.numbers[""] = self.open_case()
        return self.numbers[""]

    def open_case(self, code: str = "示例-2021-001", **changes: Any) -> int:
        """A case with the facts told so far."""
        facts = {**self.facts, **changes}
        kind = CaseKind(facts.pop("object_kind", "project"))
        amount = facts.pop("amount_wan", None)
        return self.office.open_case(kind, code, str(amount) if amount is not None else None, self.lines, **facts)

    def reach(self, step: str, office: str | None = None, stage: str | None = None) -> None:
        """Everybody does what is normal until the step of that Chinese name, or the stage, has come."""
        place = stage_called(step) or self._step_called(step, office, stage_called(stage))
        self.office.reach(self.case_id, place, **(SHORTEST | self.wishes))

    def _step_called(self, name: str, office: str | None, stage: str | None) -> str:
        role, diagrams = OFFICES.get(office or ""), self.library.diagrams
        found = [
            f"{process}.{element.id}"
            for process in diagrams.process_ids
            for element in diagrams.elements(process)
            if element.name == name and role in (None, LANES.get(element.lane or "")) and stage in (None, process)
        ]
        assert len(found) == 1, f"流程图里叫“{name}”的有 {found or '零个'}，请写明由谁办、在哪个阶段"
        return found[0]

    def act(self, office: str, wanted: Callable[[Element], bool], word: str | None = None, **how: Any) -> Task:
        """Let that office finish its one open step of the wanted sort."""
        task = self.task_of(office, wanted, how.get("item"))
        how.setdefault("item", task.item)
        changes, self.changes = self.changes, {}
        return self.office.do(self.case_id, task.element, word, changes=changes, **(self.wishes | how))

    def task_of(self, office: str, wanted: Callable[[Element], bool], item: str | None = None) -> Task:
        """The office's one open step of the wanted sort; of several problems to put right the first."""
        role = OFFICES[office].value
        found = [
            task
            for task in self.office.tasks(self.case_id)
            if task.role == role and wanted(self.office.element(task)) and item in (None, task.item)
        ]
        assert found, f"{office}没有这样的待办，待办的是 {self.waiting()}"
        assert len({task.element for task in found}) == 1, f"{office}有几件不同的待办：{self.waiting()}"
        return found[0]

    def decide(self, office: str, said: str, **how: Any) -> Task:
        """Let that office answer what its open step asks for."""
        task = self.task_of(office, lambda element: _offers(element, said), how.get("item"))
        answer = routing_answer(said, _asked(self.office.element(task)))
        return self.act(office, lambda element: element.id == task.element, **(how | answer))

    def waiting(self) -> list[tuple[str, str]]:
        """Who has to do what now: office and Chinese name of the step."""
        offices = {role.value: office for office, role in OFFICES.items()}
        return [(offices[task.role], self.office.element(task).name) for task in self.office.tasks(self.case_id)]

    def versions(self, name: str) -> list[Submission]:
        """Every version of the paper of that Chinese name, the first one first."""
        return [version for form in PAPERS[name] for version in self.office.versions(self.case_id, form)]

    @contextmanager
    def trying(self, attempt: str | None) -> Iterator[None]:
        """Keep the refusal of what is only tried; what is not tried must not be refused."""
        if not attempt:
            yield
            return
        self.refusal = None
        try:
            yield
        except EngineError as refusal:
            self.refusal = refusal


def fills(form: str) -> Callable[[Element], bool]:
    """Steps that fill that form, for some kind of object."""
    return lambda element: form in element.step.forms.values()


def _asked(element: Element) -> list[str]:
    return [question.variable for question in element.step.asks]


def _offers(element: Element, said: str) -> bool:
    try:
        routing_answer(said, _asked(element))
    except AssertionError:
        return False
    return True


def stage_called(name: str | None) -> str | None:
    """The stage of that Chinese name, if it is one."""
    return next((stage for stage in STAGES if stage.label == name), None)


def _input_called(label: str) -> tuple[str, Column]:
    for signature in DECISIONS.values():
        for name, column in signature.inputs.items():
            if column.label == label:
                return name, column
    raise AssertionError(f"决策表没有“{label}”这个输入")


def _value(column: Column, said: str) -> Any:
    if column.kind is Kind.NUMBER:
        return Decimal(said)
    identifiers: Mapping[str, str] = {name: word for word, name in column.words.items()}
    if column.kind is Kind.WORDS:
        return [identifiers[part] for part in said.split("、")] if said != "无" else []
    return identifiers[said]


def _in_words(column: Column, value: Any) -> str:
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    parts = value if isinstance(value, list) else [value]
    separator = " → " if "先后" in column.label else "；"
    return separator.join(column.words.get(part, part) for part in parts)
