"""Generated diagrams: what the check lets pass runs to an end or waits for somebody; what it refuses it explains."""

import os
import random
from collections.abc import Iterator

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.findings import Finding
from engine.process import Diagrams
from engine.process.lint import conditions, deployment, givens, soundness, tasks, values, wiring
from engine.process.lint.check import BEHAVIOUR, WIRING
from engine.process.lint.deployment import Deployment
from engine.process.lint.diagram import Diagram
from engine.process.lint.reading import read_diagram
from tests.unit.process.chance import answer_to
from tests.unit.process.lint.drawn import bpmn
from tests.unit.process.lives import Life

EXAMPLES = int(os.environ.get("CHECKED_DIAGRAMS", "300"))
STEPS = 25
LIVES = 3
WAYS = (
    wiring.joins_are_drawn,
    wiring.parallel_flows_differ,
    wiring.default_way,
    conditions.only_behind_exclusive_gateways,
    conditions.every_way_has_one,
    conditions.expressions_are_vetted,
    tasks.outcomes_are_heard,
    tasks.asked_outcomes_exist,
    values.given_by_the_engine,
)
TOGETHER = (
    deployment.variables_are_set_somewhere,
    values.values_can_be_given,
    givens.variables_are_set_before,
)
"""Rules about what happens; a generated diagram has no picture, no lanes and no Chinese names."""
VARIABLES = {"grade": ("优", "良"), "upheld": ("true", "false"), "route": ("one", "all")}


class Drawn:
    """A block-structured process with steps, choices, parallel parts, return ways, sub-processes and events."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.number, self.known = chance, 0, ["grade"]
        self.lines = ["startEvent begun", 'userTask first sets="grade=优|良"', "endEvent done", "begun -> first"]
        self.lines.append(f"{self.block('first', depth=2, apart=())} -> done")

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}_{self.number}"

    def block(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        """One to three pieces one after the other behind a node; the name of the last."""
        pieces = [self.task, self.task, self.event]
        pieces += [self.choice, self.parallel, self.back, self.inside] if depth else []
        for _ in range(self.chance.randint(1, 3)):
            before = self.chance.choice(pieces)(before, depth - 1, apart)
        return before

    def task(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        name, variable = self.name("task"), self.chance.choice(["", *VARIABLES])
        sets = f' sets="{variable}={"|".join(VARIABLES[variable])}"' if variable and variable not in apart else ""
        self.lines += [f"userTask {name}{sets}", f"{before} -> {name}"]
        return name

    def event(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        """A step with a clock on its border: beside it, or instead of it."""
        name, late, side = self.task(before, depth, apart), self.name("late"), self.name("side")
        self.lines += [f"boundaryEvent {late} on={name} timer=case.step cancel=false", f"endEvent {side}"]
        self.lines.append(f"{late} -> {side}")
        return name

    def choice(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        split, join = self.name("choice"), self.name("together")
        self.lines += [f"exclusiveGateway {split}", f"exclusiveGateway {join}", f"{before} -> {split}"]
        start = len(self.lines)
        ends = [self.block(split, depth, apart) for _ in range(2)]
        self.ask(split, start)
        self.lines += [f"{end} -> {join}" for end in ends]
        return join

    def ask(self, split: str, start: int) -> None:
        """Give the first way out of a split a condition, and make the second its default."""
        first, second = [number for number in range(start, len(self.lines)) if f"{split} -> " in self.lines[number]]
        variable = self.chance.choice([*VARIABLES, "grade", "grade"])
        asked = f"{variable} == '{self.chance.choice(VARIABLES[variable])}'"
        careful = self.chance.random() < 0.5
        self.lines[first] += f" [defined('{variable}') and {asked}]" if careful else f" [{asked}]"
        self.lines[second] = self.lines[second].replace("->", "=>")

    def parallel(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        split, join = self.name("fork"), self.name("join")
        self.lines += [f"parallelGateway {split}", f"parallelGateway {join}", f"{before} -> {split}"]
        ways = ((*apart, "grade", "upheld", "route"), apart)
        self.lines += [f"{self.block(split, depth, way)} -> {join}" for way in ways]
        return join

    def back(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        """Work that is judged and sent back until it is approved."""
        again, judge, judged, on = (self.name(kind) for kind in ("again", "judge", "judged", "on"))
        self.lines += [f"exclusiveGateway {again}", f'userTask {judge} outcomes="approved returned"']
        self.lines += [f"exclusiveGateway {judged}", f"userTask {on}", f"{before} -> {again}"]
        self.lines += [f"{self.block(again, depth, apart)} -> {judge}", f"{judge} -> {judged}"]
        self.lines += [f"{judged} -> {again} [outcome == 'returned']", f"{judged} => {on}"]
        return on

    def inside(self, before: str, depth: int, apart: tuple[str, ...]) -> str:
        name, begun, done = self.name("inner"), self.name("begun"), self.name("done")
        outside, self.lines = self.lines, []
        last = self.block(begun, depth, apart)
        inner = [
            f"subProcess {name} {{",
            f"startEvent {begun}",
            f"endEvent {done}",
            *self.lines,
            f"{last} -> {done}",
            "}",
        ]
        self.lines = [*outside, *inner, f"{before} -> {name}"]
        return name


def spoilt(lines: list[str], chance: random.Random) -> list[str]:
    """The same with one line changed: a way that leads elsewhere, a gateway of the other kind, something left out."""
    lines, number = list(lines), chance.randrange(len(lines))
    words = lines[number].split()
    nodes = [line.split()[1] for line in lines if "Task" in line.split()[0] or "Gateway" in line.split()[0]]
    if len(words) > 1 and words[1] in ("->", "=>"):
        words[2] = chance.choice(nodes)
        lines[number] = " ".join(words)
    elif words[0].endswith("Gateway"):
        words[0] = chance.choice(("exclusiveGateway", "parallelGateway"))
        lines[number] = " ".join(words)
    elif chance.random() < 0.5 and words[0] == "userTask":
        lines[number] = f"userTask {words[1]}"
    return lines


def refusals(diagram: Diagram) -> list[Finding]:
    """What the check refuses it for, apart from how it is drawn and named."""
    found = [finding for rule in WIRING for finding in rule(diagram) if "编号" not in finding.message]
    if not found:
        found = list(_behind_sound_wiring(diagram))
    return [finding for finding in found if finding.severity == "error"]


def _behind_sound_wiring(diagram: Diagram) -> Iterator[Finding]:
    for rule in (*WAYS, *BEHAVIOUR):
        yield from rule(diagram)
    for together in TOGETHER:
        yield from together(Deployment([diagram]))
    yield from soundness.loops_wait_for_somebody([diagram])


def lives(diagrams: Diagrams, chance: random.Random) -> Life:
    """A case that goes on with whatever is open, until it is over or has taken so many steps; none may fail."""
    life = Life(diagrams, "case", object_kind="project")
    for _ in range(STEPS):
        for happening in chance.sample([*life.tasks.values(), *life.timers.values()], k=min(1, len(life.tasks))):
            element = diagrams.element("case", happening.element_id)
            if element.kind == "userTask":
                life.complete(element.id, **{"outcome": element.step.normal_outcome} | answer_to(element, chance))
            else:
                life.fire("case.step")
    return life


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0), st.integers(min_value=0, max_value=3))
def test_whatever_passes_runs_to_an_end_or_waits_and_whatever_is_refused_is_explained(seed: int, faults: int) -> None:
    chance = random.Random(seed)
    lines = Drawn(chance).lines
    for _ in range(faults):
        lines = spoilt(lines, chance)
    content = bpmn("\n".join(lines))

    refused = refusals(read_diagram("case.bpmn", content))

    event("refused" if refused else "passes")
    assert all(finding.message and finding.remedy and finding.line for finding in refused)
    for number in range(0 if refused else LIVES):
        life = lives(Diagrams.stored({"case.bpmn": content}), random.Random(seed + number))
        assert life.step.completed or life.tasks
