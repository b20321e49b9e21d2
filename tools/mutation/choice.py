"""Which tests have to notice a change, and in which order they are asked."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import zip_longest

from tools.mutation.changes import Change
from tools.mutation.coverage_map import CoverageMap, sources
from tools.mutation.places import PROJECT
from tools.mutation.worker import PASSED, Worker

SLOWER = 6
"""How many times longer than recorded tests may take on a busy machine."""
PATIENCE_SECONDS = 40


class Choice:
    """Picks tests from the map; tests that noticed a change of the same function before come first."""

    def __init__(self, known: CoverageMap) -> None:
        self._map = known
        self._watchful: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._sound: dict[str, bool] = {}

    def tests_for(self, change: Change) -> list[str]:
        """Every test that runs the changed line, the likeliest and quickest first; none if no test runs it."""
        covering = {test for test in self._covering(change) if self._sound.get(test, True)}
        first = [test for test in self._watchful[change.file, change.function] if test in covering]
        room = change.file.split("/")[1]
        own = sorted((test for test in covering if f"/{room}/" in test), key=self._quickest)
        return list(dict.fromkeys([*first, *own, *self._by_turns(covering)]))

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first of them that take no longer than this together; at least one."""
        total, chosen = 0.0, []
        for test in tests:
            total += self._map.seconds[test]
            if chosen and total > seconds:
                break
            chosen.append(test)
        return chosen

    def is_sound(self, test: str, worker: Worker) -> bool:
        """Whether a test that failed passes when nothing is changed; asked once. One that does not is left out."""
        if test not in self._sound:
            answer = worker.run([test], self.limit_seconds([test]))
            self._sound[test] = answer.code == PASSED
        return self._sound[test]

    def limit_seconds(self, tests: Iterable[str]) -> float:
        """How long they may take before a change counts as one that never ends."""
        return PATIENCE_SECONDS + SLOWER * sum(self._map.seconds[test] for test in tests)

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
        if lines.keys().isdisjoint(range(change.line, change.statement[1] + 1)):
            return frozenset()
        return self._of_its_readers(change) or _union(lines, lines) or self._of_the_room(change.file)

    def _of_the_room(self, file: str) -> frozenset[str]:
        """The tests of everything that stands in the same folder: the last resort for what only the import runs."""
        folder = file.rpartition("/")[0]
        neighbours = [each for each in self._map.files if each.rpartition("/")[0] == folder]
        return frozenset().union(*(_union(lines, lines) for lines in map(self._map.tests_of, neighbours)))

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

    def _quickest(self, test: str) -> tuple[float, str]:
        return self._map.seconds[test], test

    def _by_turns(self, tests: Iterable[str]) -> Iterator[str]:
        """The quickest test of each file, then the second of each, and so on: unlike tests notice unlike things."""
        files: defaultdict[str, list[str]] = defaultdict(list)
        for test in sorted(tests, key=self._quickest):
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
