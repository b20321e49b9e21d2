"""The token game of one process or sub-process: every marking it can get into, played out within bounds.

Tokens lie on sequence flows. A step without a choice (one way in, one way out, no event on its border) changes nothing
for the question, so the flows before and behind it count as one place. Side branches of non-interrupting events are
games of their own: they do not take the main token.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.process.lint.diagram import Flow, Node, Scope

MAX_MARKINGS = 20_000

Marking = frozenset[str]


@dataclass
class Played:
    """What the game showed: joins that wait in vain and for which flows, nodes passed by two tokens at once."""

    stuck: dict[str, set[str]] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)
    complete: bool = True


class TokenGame:
    """Needs a scope whose references, starts, ends and ways are in order (rules of `wiring`)."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.flows: Mapping[str, Flow] = {flow.id: flow for flow in scope.flows}

    def play(self) -> Played:
        """Play from the start, and from each non-interrupting event on a border."""
        played = Played()
        for node in self.scope.nodes:
            if node.kind == "startEvent" or (node.kind == "boundaryEvent" and not node.interrupting):
                self._play_from(frozenset(self._place(flow.id) for flow in self.scope.outgoing(node.id)), played)
        return played

    def _play_from(self, first: Marking, played: Played) -> None:
        before: dict[Marking, set[Marking]] = {first: set()}
        waiting = [first]
        while waiting:
            marking = waiting.pop()
            for following in self._moves(marking, played):
                if following not in before:
                    if len(before) >= MAX_MARKINGS:
                        played.complete = False
                        return
                    before[following] = set()
                    waiting.append(following)
                before[following].add(marking)
        if not played.doubled:
            self._find_stuck(before, played)

    def _find_stuck(self, before: Mapping[Marking, set[Marking]], played: Played) -> None:
        """Markings from which nothing leads to the end: name the joins that hold a token and wait for others."""
        finishing: set[Marking] = set()
        waiting: list[Marking] = [frozenset()] if frozenset() in before else []
        while waiting:
            marking = waiting.pop()
            if marking not in finishing:
                finishing.add(marking)
                waiting.extend(before[marking])
        for marking in before.keys() - finishing:
            for place in marking:
                join = self._target(place)
                missing = {flow.id for flow in self.scope.incoming(join.id) if self._place(flow.id) not in marking}
                if self._waits_for_all(join) and missing:
                    played.stuck.setdefault(join.id, set()).update(missing)

    def _moves(self, marking: Marking, played: Played) -> Iterator[Marking]:
        """The markings one step further; a step that would lay a second token on a place is noted, not taken."""
        for place in marking:
            node = self._target(place)
            if node.kind == "endEvent":
                yield frozenset() if {"terminate", "error"} & set(node.events) else marking - {place}
                continue
            waits_for = self.scope.incoming(node.id) if self._waits_for_all(node) else ()
            taken = {place, *(self._place(flow.id) for flow in waits_for)}
            if not taken <= marking:
                continue
            rest = marking - taken
            for given in self._ways_on(node):
                twice = rest & given
                played.doubled.update(self._first(each).source for each in twice)
                if not twice:
                    yield rest | given

    def _ways_on(self, node: Node) -> list[Marking]:
        """What a node may give: one of its ways (a choice), all of them, or the way of an event that interrupts it."""
        ways = [self._place(flow.id) for flow in self.scope.outgoing(node.id)]
        if node.kind in ("exclusiveGateway", "eventBasedGateway"):
            return [frozenset((way,)) for way in ways]
        interrupted = [
            frozenset(self._place(flow.id) for flow in self.scope.outgoing(event.id))
            for event in self.scope.boundaries(node.id)
            if event.interrupting
        ]
        return [frozenset(ways), *interrupted]

    def _waits_for_all(self, node: Node) -> bool:
        return node.kind == "parallelGateway" and len(self.scope.incoming(node.id)) > 1

    def _place(self, flow_id: str) -> str:
        return self._last_of_chain[flow_id]

    def _target(self, place: str) -> Node:
        return self.scope.by_id[self.flows[place].target]

    def _first(self, place: str) -> Flow:
        """Where the chain of a place begins: its source is the node that gave the token."""
        flow = self.flows[place]
        seen = {place}
        while self._is_plain(flow.source):
            flow = self.scope.incoming(flow.source)[0]
            if flow.id in seen:
                break
            seen.add(flow.id)
        return flow

    @cached_property
    def _last_of_chain(self) -> Mapping[str, str]:
        """Flow -> the last flow of the chain of plain steps it begins or continues."""
        last = {}
        for flow_id in self.flows:
            seen, flow = {flow_id}, self.flows[flow_id]
            while self._is_plain(flow.target):
                flow = self.scope.outgoing(flow.target)[0]
                if flow.id in seen:
                    break
                seen.add(flow.id)
            last[flow_id] = flow.id
        return last

    def _is_plain(self, node_id: str) -> bool:
        one_in_one_out = len(self.scope.incoming(node_id)) == len(self.scope.outgoing(node_id)) == 1
        return one_in_one_out and not any(event.interrupting for event in self.scope.boundaries(node_id))
