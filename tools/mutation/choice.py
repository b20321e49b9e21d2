"""Which tests have to notice a change, and in which order they are asked."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import zip_longest

from tools.mutation.changes import Change
from tools.mutation.coverage_map import PROJECT, CoverageMap, sources


class Choice:
    """Picks tests from the map; tests that noticed a change of the same function before come first."""

    def __init__(self, known: CoverageMap) -> None:
        self._map = known
        self._watchful: defaultdict[tuple[str, str], list[str]] = defaultdict(list)

    def tests_for(self, change: Change) -> list[str]:
        """Every test that runs the changed line, the likeliest and quickest first; none if no test runs it."""
        covering = self._covering(change)
        first = [test for test in self._watchful[change.file, change.function] if test in covering]
        return list(dict.fromkeys([*first, *self._by_turns(covering)]))

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first of them that take no longer than this together; at least one."""
        total, chosen = 0.0, []
        for test in tests:
            total += self._map.seconds[test]
            if chosen and total > seconds:
                break
            chosen.append(test)
        return chosen

    def seconds_of(self, tests: Iterable[str]) -> float:
        """How long they took when the map was made."""
        return sum(self._map.seconds[test] for test in tests)

    def noticed(self, change: Change, test: str) -> None:
        """Remember which test noticed a change of this function."""
        watchful = self._watchful[change.file, change.function]
        if test not in watchful:
            watchful.insert(0, test)

    def _covering(self, change: Change) -> frozenset[str]:
        lines = self._map.tests_of(change.file)
        for place in ((change.line, change.line), change.statement):
            found = _union(lines, range(place[0], place[1] + 1))
            if found:
                return found
        whole_module = _union(lines, lines)
        if change.names:
            return self._of_its_readers(change) or whole_module
        is_run_by_import = not lines.keys().isdisjoint(range(change.line, change.statement[1] + 1))
        return whole_module if is_run_by_import else frozenset()

    def _of_its_readers(self, change: Change) -> frozenset[str]:
        """The tests of all lines that read what the changed statement names: it is run by the import alone."""
        found: frozenset[str] = frozenset()
        for name in change.names:
            for file, line in self._readers.get(name, ()):
                found |= self._map.tests_of(file).get(line, frozenset())
        return found

    @cached_property
    def _readers(self) -> Mapping[str, list[tuple[str, int]]]:
        readers: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for path in sources():
            for name, line in _names_in(ast.parse(path.read_bytes())):
                readers[name].append((str(path.relative_to(PROJECT)), line))
        return readers

    def _by_turns(self, tests: Iterable[str]) -> Iterator[str]:
        """The quickest test of each file, then the second of each, and so on: unlike tests notice unlike things."""
        files: defaultdict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=lambda test: (self._map.seconds[test], test)):
            files[test.partition("::")[0]].append(test)
        return (test for turn in zip_longest(*files.values()) for test in turn if test is not None)


def _union(lines: Mapping[int, frozenset[str]], wanted: Iterable[int]) -> frozenset[str]:
    return frozenset().union(*(lines.get(line, frozenset()) for line in wanted))


def _names_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
