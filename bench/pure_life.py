"""One case lived in the process alone: no database, forms replaced by the routing facts they would give."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.way import AMOUNT_WAN, BEGUN, FACTS, FISCAL_YEAR, JURISDICTION, MESSAGES, Way
from engine import process
from engine.cases import Case
from engine.clock import day_of
from engine.moves.facts import Decider
from engine.policies import Policy
from engine.process import Catch, Decide, Diagrams, Step, Waiting
from engine.stages import Library

START = {
    "jurisdiction": JURISDICTION,
    "object_kind": "project",
    "fiscal_year": FISCAL_YEAR,
    "has_department": True,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One step taken: which element, and the state behind it."""

    process_id: str
    element_id: str
    state: bytes


class PureLife:
    """Everything open in one case; `go` takes the next step of its way."""

    def __init__(self, diagrams: Diagrams, decide: Decide, way: Way) -> None:
        self.diagrams, self.decide, self.way = diagrams, decide, way
        self.tasks: dict[bytes, Waiting] = {}
        self.catches: dict[bytes, Catch] = {}
        self.rounds: Counter[tuple[str, str | None]] = Counter()
        self.step = self._live(process.start(diagrams, "case", START, decide))

    def taken(self) -> Iterator[Taken]:
        """The whole life, step by step."""
        while not self.step.completed:
            yield self.go()

    def go(self) -> Taken:
        """Do the task that has waited longest; when nobody has anything to do, finance sets the next stage going."""
        if self.tasks:
            waiting = next(iter(self.tasks.values()))
            return self.complete(waiting)
        catch = next(catch for catch in self.catches.values() if catch.message in MESSAGES)
        return self.deliver(catch, MESSAGES[catch.message])

    def complete(self, waiting: Waiting) -> Taken:
        """Finish a task the way this life goes."""
        self.rounds[waiting.element_id, waiting.item] += 1
        element = self.diagrams.element(waiting.process_id, waiting.element_id)
        word = self.way.word(element, self.rounds[waiting.element_id, waiting.item])
        variables = {"outcome": word, **self.way.answers_to(element, word)}
        if word not in ("returned", "revise"):
            facts = routing_facts(self.way.items)
            variables |= {name: facts[name] for name in element.step.computes if name in facts}
        self._live(process.complete(self.diagrams, self.step.state, waiting.key, variables, self.decide))
        return Taken(waiting.process_id, waiting.element_id, self.step.state)

    def deliver(self, catch: Catch, variables: Mapping[str, Any]) -> Taken:
        """Hand over a message."""
        self._live(process.deliver(self.diagrams, self.step.state, catch.key, variables, self.decide))
        return Taken(catch.process_id, catch.element_id, self.step.state)

    def live_until(self, element_id: str) -> None:
        """Go on until somebody has to do this step next."""
        while element_id not in [waiting.element_id for waiting in self.tasks.values()]:
            self.go()

    def _live(self, step: Step) -> Step:
        self.step = step
        for key in step.closed_tasks:
            del self.tasks[key]
        for key in step.closed_catches:
            del self.catches[key]
        self.tasks |= {waiting.key: waiting for waiting in step.opened_tasks}
        self.catches |= {catch.key: catch for catch in step.opened_catches}
        return step


def routing_facts(items: int) -> dict[str, Any]:
    """What the forms of the bench tell the process."""
    return {
        "score": "84.5",
        "grade": "良",
        "evaluation_kind": "key_evaluation",
        "execution_rate": Decimal("0.45"),
        "time_progress": Decimal("0.58"),
        "achievement_rate": Decimal("0.6"),
        "has_problems": items > 0,
        "rectification_items": [str(number) for number in range(1, items + 1)],
        "document_kind": "key_evaluation_report",
    }


def decide_in(library: Library) -> Decide:
    """The real tables of the jurisdiction, asked for the project of the bench."""
    return Decider(_project(), policy_in(library), day_of(BEGUN))


def policy_in(library: Library) -> Policy:
    """The tables of the bench's jurisdiction."""
    return library.policies.of(JURISDICTION)


def _project() -> Case:
    return Case(object_kind="project", fiscal_year=FISCAL_YEAR, amount_wan=Decimal(AMOUNT_WAN), facts=dict(FACTS))
