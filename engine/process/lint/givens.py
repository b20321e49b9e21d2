"""What is known at each place of the diagrams, whichever way a case came there: variables every way has set.

A condition that asks for a variable some way has not set stops the case there; `defined('x') and …` asks first.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from engine.findings import Finding
from engine.process.lint.conditions import parameters, readable
from engine.process.lint.deployment import Deployment
from engine.process.lint.diagram import MODEL, Diagram, Flow, Node, Place, Scope, text_of
from engine.process.lint.graph import reachable
from engine.process.lint.words import MESSAGE_VARIABLES, START_VARIABLES
from engine.process.properties import QuestionKind

WORDS = ("true", "false", "null")
Known = frozenset[str]
Anything = None
"""Of a place no way has been followed to yet."""


def variables_are_set_before(deployment: Deployment) -> Iterator[Finding]:
    """Whichever way a case came, what a condition asks for without looking has been set on it."""
    known = Givens(deployment.diagrams)
    somewhere = known.somewhere
    for diagram in deployment.diagrams:
        for scope in diagram.scopes:
            for place, node, expression in _expressions(scope):
                at_hand = known.before(scope, node)
                if at_hand is Anything:
                    continue
                missing = (_asked_at_once(expression) & somewhere) - at_hand
                if missing:
                    named = "、".join(sorted(missing))
                    yield diagram.error(
                        place,
                        f"“{expression[:60]}”用到的变量“{named}”不是走到这里的每一条路都给出。",
                        f"写成 defined('{min(missing)}') and …，或在前面的每一条路上都给出。",
                    )


def _expressions(scope: Scope) -> Iterator[tuple[Place, str, str]]:
    for flow in scope.flows:
        if readable(flow.condition):
            yield flow, flow.source, flow.condition or ""
    for node in scope.nodes:
        if node.kind == "serviceTask":
            yield from ((node, node.id, each) for each in parameters(node).values() if readable(each))


def _asked_at_once(expression: str) -> set[str]:
    """The variables an expression needs whatever the others say: of `a and b` only those of `a`.

    >>> sorted(_asked_at_once("table.undefined and path == 'x' or other == 'y'"))
    ['table']
    >>> sorted(_asked_at_once("defined('x') and x == 'y'"))
    []
    """
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(expression.strip(), mode="eval")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BoolOp):
            waiting.append(node.values[0])
        elif isinstance(node, ast.IfExp):
            waiting.append(node.test)
        elif isinstance(node, ast.Call):
            waiting.extend(node.args)
        elif isinstance(node, ast.Name):
            names |= {node.id} - {*WORDS}
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return names


class Givens:
    """What is known before each node; followed through sub-processes and called processes until nothing changes."""

    def __init__(self, diagrams: Sequence[Diagram]) -> None:
        self._scopes = [scope for diagram in diagrams for scope in diagram.scopes if _one_start(scope)]
        self._inner = {scope.id: scope for scope in self._scopes if scope.parent is not None}
        self._processes = {scope.id: scope for scope in self._scopes if scope.parent is None}
        self._main = {id(scope): _main_line(scope) for scope in self._scopes}
        self._before: dict[tuple[int, str], Known] = {}
        self._at_end: dict[int, Known] = {}
        self.somewhere = _given_somewhere(diagrams)
        called = {
            node.xml.get("calledElement", "")
            for scope in self._scopes
            for node in scope.nodes
            if node.kind == "callActivity"
        }
        for scope in self._processes.values():
            if scope.id not in called:
                self._enter(scope, Known(START_VARIABLES))
        self._follow()

    def before(self, scope: Scope, node_id: str) -> Known | None:
        """What every way to a node has set; Anything where no way leads."""
        return self._before.get((id(scope), node_id))

    def _follow(self) -> None:
        """Go on until a round changes nothing: what is known at a place only ever gets less."""
        changed = True
        while changed:
            changed = sum(self._pass_on(scope, node) for scope in self._scopes for node in scope.nodes) > 0

    def _pass_on(self, scope: Scope, node: Node) -> bool:
        """Hand on what is known before a node to what follows it; tells whether anybody learns something new."""
        at_hand = self.before(scope, node.id)
        if at_hand is Anything:
            return False
        changed = sum(self._arrive(scope, event.id, at_hand) for event in scope.boundaries(node.id)) > 0
        around = self._around(node)
        if around is not None:
            changed |= self._enter(around, at_hand | _items(node))
        after = self._after(node, at_hand, around)
        if node.kind == "endEvent":
            return (node.id in self._main[id(scope)] and self._learn_at_end(scope, at_hand)) or changed
        if after is Anything:
            return changed
        ways = scope.outgoing(node.id)
        return sum(self._go(scope, node.id, way.target, after | _told_by(way, ways)) for way in ways) > 0 or changed

    def _go(self, scope: Scope, source: str, target: str, after: Known) -> bool:
        """Arrive at a node; at a parallel join with what all ways before it know together."""
        node, main = scope.by_id.get(target), self._main[id(scope)]
        if node is None or (target in main and source not in main):
            return False
        if node.kind == "parallelGateway" and len(scope.incoming(target)) > 1:
            known = [self._out(scope, flow.source) for flow in scope.incoming(target)]
            if Anything in known:
                return False
            after = after.union(*(each for each in known if each is not Anything))
        return self._arrive(scope, target, after)

    def _out(self, scope: Scope, node_id: str) -> Known | None:
        node, at_hand = scope.by_id.get(node_id), self.before(scope, node_id)
        return Anything if node is None or at_hand is Anything else self._after(node, at_hand, self._around(node))

    def _after(self, node: Node, at_hand: Known, around: Scope | None) -> Known | None:
        if node.child("multiInstanceLoopCharacteristics") is not None:
            return at_hand | _collected(node)
        if around is not None:
            inside = self._at_end.get(id(around), Anything)
            return Anything if inside is Anything else at_hand | inside
        return at_hand | _given_by(node)

    def _around(self, node: Node) -> Scope | None:
        if node.kind == "subProcess":
            return self._inner.get(node.id)
        return self._processes.get(node.xml.get("calledElement", "")) if node.kind == "callActivity" else None

    def _enter(self, scope: Scope, known: Known) -> bool:
        return sum(self._arrive(scope, node.id, known) for node in scope.nodes if node.kind == "startEvent") > 0

    def _arrive(self, scope: Scope, node_id: str, known: Known) -> bool:
        place = (id(scope), node_id)
        earlier = self._before.get(place)
        node = scope.by_id[node_id]
        joins = node.kind == "parallelGateway" and len(scope.incoming(node_id)) > 1
        self._before[place] = known if earlier is None or joins else earlier & known
        return self._before[place] != earlier

    def _learn_at_end(self, scope: Scope, known: Known) -> bool:
        earlier = self._at_end.get(id(scope))
        self._at_end[id(scope)] = known if earlier is None else earlier & known
        return self._at_end[id(scope)] != earlier


def _told_by(way: Flow, ways: Sequence[Flow]) -> Known:
    """What is known on a way out of a choice for what it asks: `defined('x')`, or that no other way was taken."""
    if way.condition is not None:
        return _looked_for(way.condition)
    others = (other.condition for other in ways if other.condition is not None)
    return Known(name for each in others for name in _looked_for(f"not ({each})"))


def _looked_for(condition: str) -> Known:
    """The names that must be set where a condition holds.

    >>> sorted(_looked_for("defined('x') and x == 'y' and not (not defined('z') or other)"))
    ['x', 'z']
    """
    if not readable(condition):
        return Known()
    names: set[str] = set()
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(condition.strip(), mode="eval").body, True)]
    while waiting:
        node, holds = waiting.pop()
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            waiting.append((node.operand, not holds))
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And if holds else ast.Or):
            waiting.extend((each, holds) for each in node.values)
        elif holds and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "defined":
            names.update(str(each.value) for each in node.args if isinstance(each, ast.Constant))
    return Known(names)


def _main_line(scope: Scope) -> set[str]:
    """What the token of the scope itself can come to, without the branches of events that do not interrupt."""

    def following(node_id: str) -> list[str]:
        onward = (scope.by_id[each] for each in scope.following(node_id))
        return [node.id for node in onward if node.kind != "boundaryEvent" or node.interrupting]

    return reachable((node.id for node in scope.nodes if node.kind == "startEvent"), following)


def _one_start(scope: Scope) -> bool:
    return sum(node.kind == "startEvent" for node in scope.nodes) == 1


def _given_by(node: Node) -> Known:
    """What is known once a node is left, besides what was known before."""
    names = {asked.variable for asked in node.step.asks if asked.kind is not QuestionKind.AMOUNT}
    names |= {*node.step.computes, text_of(node.extension("calledDecisionId"))}
    operator = node.extension("serviceTaskOperator")
    names.add(operator.get("resultVariable", "") if operator is not None else "")
    if node.kind == "userTask":
        names.add("outcome")
    if "message" in node.events:
        names |= {"outcome", *MESSAGE_VARIABLES}
    return Known(names - {""})


def _items(node: Node) -> Known:
    return Known(each.get("id", "") for each in node.xml.iterfind(f".//{{{MODEL}}}inputDataItem"))


def _collected(node: Node) -> Known:
    return Known(text_of(each) for each in node.xml.iterfind(f".//{{{MODEL}}}loopDataOutputRef"))


def _given_somewhere(diagrams: Sequence[Diagram]) -> Known:
    """Variables some node of these files gives; others are no question of the way (`variables_are_set_somewhere`)."""
    given: Mapping[str, None] = dict.fromkeys(
        name for diagram in diagrams for _, node in diagram.nodes() for name in _given_by(node)
    )
    return Known(given) - Known(MESSAGE_VARIABLES) - Known(START_VARIABLES)
