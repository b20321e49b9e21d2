"""Asks every rule of every file, in three rounds: a rule is asked only where what it builds on is in order."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from engine.findings import Finding, errors
from engine.process.lint import (
    conditions,
    deployment,
    drawing,
    elements,
    givens,
    identity,
    instances,
    soundness,
    standard,
    tasks,
    timing,
    values,
    wiring,
)
from engine.process.lint.deployment import Deployment
from engine.process.lint.diagram import Diagram, Node, Scope
from engine.process.lint.reading import read_diagram
from engine.xml import XmlRefused

Rule = Callable[[Diagram], Iterator[Finding]]

ADMISSION: tuple[Rule, ...] = (elements.is_bpmn, identity.size)
"""Whether it makes sense to go on reading."""

WIRING: tuple[Rule, ...] = (
    elements.known_elements,
    elements.event_definitions,
    elements.event_subprocesses,
    elements.repetitions,
    identity.ids,
    wiring.flow_ends,
    wiring.one_start,
    wiring.has_end,
    wiring.leads_on,
    wiring.single_way_out,
    wiring.boundary_hosts,
    wiring.event_gateway_ways,
    wiring.is_reached,
    wiring.reaches_an_end,
)
"""What `BEHAVIOUR` builds on."""

CONTENT: tuple[Rule, ...] = (
    elements.scripts,
    elements.other_vendors,
    identity.one_process,
    identity.pools,
    identity.english_ids,
    identity.chinese_names,
    identity.documentation,
    wiring.listed_flows,
    wiring.joins_are_drawn,
    wiring.gateways_have_a_purpose,
    wiring.parallel_flows_differ,
    wiring.default_way,
    conditions.only_behind_exclusive_gateways,
    conditions.every_way_has_one,
    conditions.expressions_are_vetted,
    conditions.parameters_are_vetted,
    timing.timers_name_a_deadline,
    timing.steps_have_a_clock,
    timing.messages_have_names,
    timing.declared_messages_are_used,
    timing.errors_are_declared,
    timing.repeatable_boundaries,
    instances.have_input_and_output,
    instances.complete_on_their_own_item,
    instances.are_not_revisited,
    tasks.lanes_are_offices,
    tasks.tasks_have_a_lane,
    tasks.known_properties,
    tasks.kind_of_work,
    tasks.outcomes_are_words,
    tasks.year_wide_steps,
    tasks.outcomes_are_heard,
    tasks.asked_outcomes_exist,
    tasks.routing_properties,
    values.given_by_the_engine,
    tasks.due_dates,
    tasks.decisions_are_named,
    tasks.operations_are_named,
    drawing.everything_is_drawn,
    drawing.nothing_else_is_drawn,
    drawing.shapes_have_a_size,
    drawing.nodes_do_not_overlap,
    drawing.nodes_lie_in_their_lane,
    drawing.boundaries_sit_on_their_host,
    drawing.edges_touch_their_ends,
)
BEHAVIOUR: tuple[Rule, ...] = (
    soundness.tokens_come_together,
    soundness.side_branches_stay_apart,
    soundness.no_parallel_gateway_in_a_loop,
    soundness.lists_do_not_cross_joins,
    values.branches_set_their_own,
    values.outcomes_end_at_joins,
)
TOGETHER: tuple[Callable[[Deployment], Iterator[Finding]], ...] = (
    deployment.ids_across_files,
    deployment.called_processes_exist,
    deployment.calls_come_to_an_end,
    deployment.decisions_exist,
    deployment.deadlines_exist,
    deployment.operations_exist,
    deployment.variables_are_set_somewhere,
    values.values_can_be_given,
    givens.variables_are_set_before,
)


def check_files(
    files: Mapping[str, bytes],
    decisions: Collection[str] | None = None,
    operations: Collection[str] | None = None,
    deadlines: Collection[str] | None = None,
) -> list[Finding]:
    """Every fault in these BPMN files as one deployment, by file and line; no file makes it raise.

    `files` maps file names to contents. `decisions` are the tables that exist (None: not checked); `operations` the
    service operations the engine has (None: those of the vocabulary); `deadlines` the names some table lays down (None:
    not checked).
    """
    findings: list[Finding] = []
    admitted: list[Diagram] = []
    wired: list[Diagram] = []
    for file, content in files.items():
        found, diagram, in_order = _check_file(file, content)
        findings += found
        admitted += [diagram] if diagram else []
        wired += [diagram] if diagram and in_order else []
    together = Deployment(admitted, decisions, operations, deadlines)
    findings += (finding for rule in TOGETHER for finding in rule(together))
    findings += soundness.loops_wait_for_somebody(wired)
    return _in_order(findings)


class Waiting(NamedTuple):
    """The deadlines that diagrams wait for: those a timer fires at, and those a task has to be done by."""

    timers: frozenset[str]
    tasks: frozenset[str]


def deadlines_waited_for(files: Mapping[str, bytes]) -> Waiting:
    """What these diagrams wait for, by name; they must have been found sound."""
    named = [found for file, content in files.items() for found in timing.deadlines_named(read_diagram(file, content))]
    tasks = frozenset(name for node, name in named if node.kind == "userTask")
    return Waiting(frozenset(name for node, name in named if node.kind != "userTask"), tasks)


def count_steps(files: Mapping[str, bytes]) -> dict[str, int]:
    """How many steps people do in these files, and how many of them have no deadline and no reason for having none."""
    steps = [step for file, content in files.items() for step in _steps(file, content)]
    return {"all": len(steps), "without_deadline": sum(not timing.has_clock(*step) for step in steps)}


def _steps(file: str, content: bytes) -> list[tuple[Scope, Node]]:
    try:
        return list(read_diagram(file, content).nodes("userTask"))
    except XmlRefused:
        return []


def _check_file(file: str, content: bytes) -> tuple[list[Finding], Diagram | None, bool]:
    """Findings on one file alone; its diagram if it is one; whether its wiring is in order."""
    try:
        diagram = read_diagram(file, content)
    except XmlRefused as refused:
        return [_unreadable(file, refused)], None, False
    if refused_at_once := _ask(ADMISSION, diagram):
        return refused_at_once, None, False
    broken = _ask(WIRING, diagram)
    in_order = not errors(broken)
    findings = broken + _ask(CONTENT, diagram) + (_ask(BEHAVIOUR, diagram) if in_order else [])
    told = {finding.line for finding in findings}
    findings += (finding for finding in standard.follows_the_schema(diagram) if finding.line not in told)
    return findings, diagram, in_order


def _ask(rules: Iterable[Rule], diagram: Diagram) -> list[Finding]:
    return [finding for rule in rules for finding in rule(diagram)]


def _unreadable(file: str, refused: XmlRefused) -> Finding:
    message, _, remedy = refused.message.rpartition("；")
    return Finding("error", file, refused.facts.get("line", 1), None, f"{message}。", remedy)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By place, errors before warnings, each said once."""
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda each: (each.file, each.line or 0, each.severity, each.element or "", each.message))
