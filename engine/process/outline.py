"""A diagram told in words, for people who cannot see the picture: its steps in reading order, and what follows each.

Gateways are no steps of their own: what they ask stands with the steps they lead to. Where a case stands among them is
told by `look`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.process.lint.diagram import Diagram, Flow, Node, Scope
from engine.process.lint.timing import deadlines_named
from engine.process.lint.words import GATEWAYS

MAX_FLOWS = 1000
"""How many flows are followed from one step; no drawing people can read has so many ways on."""

ALL_DONE = "各路都办完后"
AT_ONCE = "同时"
FIRST_COME = "以先到的为准"
OTHERWISE = "其他情况"


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that may follow: `when` says in Chinese what must be so, all of it, in order; () is always.

    `event` is the id of the event on the border of the step that opens this way, `beside` that the step goes on then.
    """

    element_id: str
    name: str
    when: tuple[str, ...]
    event: str | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class OutlineStep:
    """A step of a diagram: who does it (`lane`), its kind (BPMN tag), what follows it; nothing follows an end.

    `within` is the id of the sub-process it is drawn in; `per_item` says that it is done once for each of many;
    `deadlines` are the names of those it has itself and of the clocks on its border.
    """

    element_id: str
    name: str
    lane: str | None
    kind: str
    within: str | None
    per_item: bool
    follows: tuple[NextStep, ...]
    deadlines: tuple[str, ...] = ()


def outlines(diagram: Diagram) -> dict[str, tuple[OutlineStep, ...]]:
    """The steps of every process of a file by its id, each step once; what a sub-process holds comes right after it.

    A step comes after those that lead to it, as far as loops allow, and the first way of a choice before the others.
    """
    inner = {scope.id: scope for scope in diagram.scopes if scope.parent is not None}
    named: dict[str, list[str]] = {}
    for node, deadline in deadlines_named(diagram):
        named.setdefault(node.host or node.id, []).append(deadline)
    return {process.id: tuple(_steps(process, inner, named)) for process in diagram.processes}


def _steps(scope: Scope, inner: Mapping[str, Scope], named: Mapping[str, Sequence[str]]) -> Iterator[OutlineStep]:
    for node, follows in _in_reading_order(scope):
        yield OutlineStep(
            element_id=node.id,
            name=node.name,
            lane=scope.lane(node.id),
            kind=node.kind,
            within=scope.id if scope.parent is not None else None,
            per_item=node.child("multiInstanceLoopCharacteristics") is not None,
            follows=follows,
            deadlines=tuple(named.get(node.id, ())),
        )
        if node.id in inner:
            yield from _steps(inner[node.id], inner, named)


def _in_reading_order(scope: Scope) -> list[tuple[Node, tuple[NextStep, ...]]]:
    """Depth first, each step put before everything that came after it; of a choice the last way is gone first."""
    follows: dict[str, tuple[NextStep, ...]] = {}
    told: list[str] = []
    waiting = [(node.id, False) for node in reversed(scope.nodes) if node.kind == "startEvent"]
    while waiting:
        step, done = waiting.pop()
        if done:
            told.append(step)
        elif step not in follows:
            follows[step] = tuple(_following(scope, step))
            waiting.append((step, True))
            waiting += [(each.element_id, False) for each in follows[step]]
    return [(scope.by_id[step], follows[step]) for step in reversed(told)]


def _following(scope: Scope, step: str) -> Iterator[NextStep]:
    yield from _onward(scope, step, (), None, beside=False)
    for event in scope.boundaries(step):
        yield from _onward(scope, event.id, (event.name,), event.id, beside=not event.interrupting)


def _onward(scope: Scope, source: str, said: tuple[str, ...], event: str | None, *, beside: bool) -> Iterator[NextStep]:
    """The steps behind a node, through all gateways between, with what is said on the way."""
    ways = [(flow, said, frozenset[str]()) for flow in reversed(scope.outgoing(source))]
    for _ in range(MAX_FLOWS):
        if not ways:
            break
        flow, said, passed = ways.pop()
        target = scope.by_id.get(flow.target)
        if target is None or target.id in passed:
            continue
        when = (*said, *_condition(scope, flow))
        if target.kind in GATEWAYS:
            ways += [(way, when, passed | {target.id}) for way in reversed(scope.outgoing(target.id))]
        else:
            yield NextStep(target.id, target.name, when, event, beside)


def _condition(scope: Scope, flow: Flow) -> tuple[str, ...]:
    """What a flow says: at a choice the question with the answer, elsewhere its own label, if it has one."""
    source = scope.by_id[flow.source]
    splits, joins = len(scope.outgoing(source.id)) > 1, len(scope.incoming(source.id)) > 1
    if source.kind == "parallelGateway":
        return ((ALL_DONE,) if joins else ()) + ((AT_ONCE,) if splits else ())
    if source.kind == "eventBasedGateway":
        return (FIRST_COME,)
    if source.kind not in GATEWAYS or not splits:
        return (flow.name,) if flow.name else ()
    answer = flow.name or flow.condition or OTHERWISE
    if not source.name:
        return (answer,)
    return (f"{source.name}{'' if source.name.endswith('？') else '：'}{answer}",)
