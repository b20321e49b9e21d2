"""Questions about who follows whom, answered without recursion."""

from collections.abc import Callable, Iterable

Successors = Callable[[str], Iterable[str]]


def reachable(starts: Iterable[str], successors: Successors) -> set[str]:
    """Everything that can be reached from `starts`, these included."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(successors(node))
    return seen


def cycles(nodes: Iterable[str], successors: Successors) -> list[frozenset[str]]:
    """The knots of a graph: largest groups in which each leads to each; a single node only if it follows itself.

    >>> [sorted(knot) for knot in cycles("abcd", {"a": "b", "b": "ca", "c": "d", "d": "d"}.__getitem__)]
    [['a', 'b'], ['d']]
    """
    members = list(dict.fromkeys(nodes))
    inside = set(members)

    def following(node: str) -> list[str]:
        return [other for other in successors(node) if other in inside]

    after = {node: reachable(following(node), following) for node in members}
    turning = [node for node in members if node in after[node]]
    return list(dict.fromkeys(frozenset(other for other in after[node] if node in after[other]) for node in turning))
