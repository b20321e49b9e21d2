"""A case lived step by step in a test, by elements instead of keys: `life.complete("fill", outcome="submitted")`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import process
from engine.process import Catch, Diagrams, Step, Timer, Waiting

FOLDER = Path(__file__).parent / "diagrams"


def diagrams_of(*names: str) -> Diagrams:
    """Some of the small test diagrams, or all of them. They are not drawn, so the lint is not asked."""
    files = [FOLDER / f"{name}.bpmn" for name in names] or sorted(FOLDER.glob("*.bpmn"))
    return Diagrams.stored({file.name: file.read_bytes() for file in files})


def nothing_decided(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a decision says where no table matches: 本区未规定."""
    return {"undefined": True}


class Life:
    """One case and everything open in it."""

    def __init__(self, diagrams: Diagrams, process_id: str, decide: process.Decide = nothing_decided, **variables: Any):
        self._begin(diagrams, process.start(diagrams, process_id, variables, decide), decide)

    @classmethod
    def of(cls, diagrams: Diagrams, state: bytes) -> "Life":
        """The case in a stored state."""
        life = cls.__new__(cls)
        life._begin(diagrams, process.look(diagrams, state), nothing_decided)
        return life

    @property
    def state(self) -> bytes:
        return self.step.state

    def open(self) -> list[str]:
        """The elements people are waited for at, in alphabetical order."""
        return sorted(task.element_id for task in self.tasks.values())

    def task(self, element_id: str, item: str | None = None) -> Waiting:
        found = [t for t in self.tasks.values() if t.element_id == element_id and item in (None, t.item)]
        assert found, f"{element_id} is not among {self.open()}"
        return found[0]

    def timer(self, deadline: str) -> Timer:
        return next(timer for timer in self.timers.values() if timer.deadline == deadline)

    def catch(self, message: str) -> Catch:
        return next(catch for catch in self.catches.values() if catch.message == message)

    def complete(self, element_id: str, item: str | None = None, **variables: Any) -> Step:
        key = self.task(element_id, item).key
        return self._live(process.complete(self.diagrams, self.state, key, variables, self.decide))

    def deliver(self, message: str, **variables: Any) -> Step:
        key = self.catch(message).key
        return self._live(process.deliver(self.diagrams, self.state, key, variables, self.decide))

    def fire(self, deadline: str) -> Step:
        step = process.fire(self.diagrams, self.state, self.timer(deadline).key, self.decide)
        assert step is not None
        return self._live(step)

    def jump(self, process_id: str, element_id: str) -> Step:
        return self._live(process.jump(self.diagrams, self.state, process_id, element_id, self.decide))

    def _begin(self, diagrams: Diagrams, step: Step, decide: process.Decide) -> None:
        self.diagrams = diagrams
        self.decide = decide
        self.tasks: dict[bytes, Waiting] = {}
        self.timers: dict[bytes, Timer] = {}
        self.catches: dict[bytes, Catch] = {}
        self._live(step)

    def _live(self, step: Step) -> Step:
        self.step = step
        for mine, opened, closed in (
            (self.tasks, step.opened_tasks, step.closed_tasks),
            (self.timers, step.opened_timers, step.closed_timers),
            (self.catches, step.opened_catches, step.closed_catches),
        ):
            for key in closed:
                del mine[key]
            mine.update({opening.key: opening for opening in opened})
        return step
