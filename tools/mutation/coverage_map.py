"""Which test runs which line: made by one run of the suite under coverage, kept in var/mutation."""

import hashlib
import inspect
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import coverage
import pytest

from tools.mutation.places import HOME, PROJECT

MEASURED = ("engine", "web", "webhooks")
LINES = "lines.db"
TESTS = "tests.jsonl"
CLOCKS = ("monotonic()", "perf_counter()")
"""A test that measures how long something takes says nothing about a changed line on a busy machine."""


class MapMissing(Exception):
    """There is no map yet, or it was made of other code."""


def digest(path: Path) -> str:
    """What a file says, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@dataclass(eq=False)
class Recorder:
    """A pytest plugin: one coverage context a test, and a line in the map's list of tests when each is over.

    Tests that stand in the list already are not run again, so that a recording that was stopped goes on.
    """

    measuring: coverage.Coverage
    listed: Path
    known: Collection[str]
    seconds: float = 0.0
    passed: bool = True

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid not in self.known]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.seconds, self.passed = 0.0, True
        self.measuring.switch_context(item.nodeid)
        yield
        self.measuring.switch_context("")
        function = getattr(item, "function", None)
        is_clock = function is not None and any(clock in inspect.getsource(function) for clock in CLOCKS)
        test = {"test": item.nodeid, "seconds": round(self.seconds, 3), "asked": self.passed and not is_clock}
        with self.listed.open("a", encoding="utf-8") as file:
            print(json.dumps(test), file=file)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds += report.duration
        self.passed = self.passed and report.outcome == "passed"


def record(tests: Iterable[str], *, anew: bool = False, home: Path = HOME) -> int:
    """Run those of the tests (all, if none are named) that the map does not have yet under coverage.

    Begins anew when any code has changed since the map was begun. Gives pytest's exit code.
    """
    home.mkdir(parents=True, exist_ok=True)
    files = {str(path.relative_to(PROJECT)): digest(path) for path in sources()}
    measuring = coverage.Coverage(data_file=home / LINES, source_pkgs=list(MEASURED), config_file=False)
    measuring.set_option("run:disable_warnings", ["module-not-imported"])
    known: dict[str, Any] = {}
    if not anew and (home / LINES).exists() and (home / TESTS).exists() and _files(home) == files:
        known = {each["test"]: each for each in _tests(home)}
        measuring.load()
    else:
        measuring.erase()
        (home / TESTS).write_text(json.dumps({"files": files}) + "\n", "utf-8")
    measuring.start()
    recorder = Recorder(measuring, home / TESTS, known)
    code = pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[recorder])
    measuring.stop()
    measuring.save()
    return int(code)


def _files(home: Path) -> dict[str, str]:
    with (home / TESTS).open(encoding="utf-8") as file:
        found: dict[str, str] = json.loads(file.readline())["files"]
    return found


def _tests(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / TESTS).read_text("utf-8").splitlines()[1:]]


def sources() -> list[Path]:
    """Every module of ours whose lines are counted."""
    return sorted(path for room in MEASURED for path in (PROJECT / room).rglob("*.py"))


class CoverageMap:
    """The map as it was recorded."""

    def __init__(self, home: Path = HOME) -> None:
        if not (home / TESTS).exists():
            raise MapMissing("还没有覆盖记录。请先运行 python -m tools.mutate map。")
        tests = _tests(home)
        self.files: Mapping[str, str] = _files(home)
        self.seconds: Mapping[str, float] = {each["test"]: each["seconds"] for each in tests}
        self._asked = frozenset(each["test"] for each in tests if each["asked"])
        self._data = coverage.CoverageData(str(home / LINES))
        self._data.read()
        self._tests_of = cache(self._read)

    def must_fit(self, file: str) -> None:
        """Refuse a file that has changed since the map was made: its lines are other lines now."""
        if self.files.get(file) != digest(PROJECT / file):
            raise MapMissing(f"{file} 在记录覆盖之后改过。请重新运行 python -m tools.mutate map。")

    def tests_of(self, file: str) -> Mapping[int, frozenset[str]]:
        """Line → the tests that run it; a line that only an import runs has none."""
        found: Mapping[int, frozenset[str]] = self._tests_of(file)
        return found

    def _read(self, file: str) -> dict[int, frozenset[str]]:
        lines = self._data.contexts_by_lineno(str(PROJECT / file))
        return {line: self._asked.intersection(tests) for line, tests in lines.items()}
