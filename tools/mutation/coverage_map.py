"""Which test runs which line: made by one run of the suite under coverage, kept in var/mutation."""

import hashlib
import inspect
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import coverage
import pytest

PROJECT = Path(__file__).resolve().parents[2]
HOME = PROJECT / "var" / "mutation"
MEASURED = ("engine", "web", "webhooks")
CLOCKS = ("monotonic()", "perf_counter()")
"""A test that measures how long something takes says nothing about a changed line on a busy machine."""


class MapMissing(Exception):
    """There is no map yet, or it was made of other code."""


def digest(path: Path) -> str:
    """What a file says, in short."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@dataclass(eq=False)
class Recorder:
    """A pytest plugin: one coverage context a test, and how long each takes; failed ones and clocks are left out."""

    measuring: coverage.Coverage
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    left_out: set[str] = field(default_factory=set)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measuring.switch_context(item.nodeid)
        function = getattr(item, "function", None)
        if function is not None and any(clock in inspect.getsource(function) for clock in CLOCKS):
            self.left_out.add(item.nodeid)
        yield
        self.measuring.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.left_out.add(report.nodeid)


def record(tests: Iterable[str], *, home: Path = HOME) -> int:
    """Run these tests under coverage and add them to the map, or make it anew with all; gives pytest's exit code."""
    asked = list(tests)
    home.mkdir(parents=True, exist_ok=True)
    known: dict[str, Any] = json.loads((home / "tests.json").read_text("utf-8")) if asked and _made(home) else {}
    files = {str(path.relative_to(PROJECT)): digest(path) for path in sources()}
    measuring = coverage.Coverage(data_file=home / "lines.db", source_pkgs=list(MEASURED), config_file=False)
    measuring.set_option("run:disable_warnings", ["module-not-imported"])
    if known:
        if known["files"] != files:
            raise MapMissing("代码在记录覆盖之后改过，不能只补记几个测试。请整个重新记录。")
        measuring.load()
    else:
        measuring.erase()
    recorder = Recorder(measuring)
    measuring.start()
    code = pytest.main(["-q", "-p", "no:cacheprovider", *asked], plugins=[recorder])
    measuring.stop()
    measuring.save()
    seconds = {**known.get("seconds", {}), **recorder.seconds}
    left_out = sorted((set(known.get("left_out", ())) - recorder.seconds.keys()) | recorder.left_out)
    whole = {"files": files, "seconds": seconds, "left_out": left_out}
    (home / "tests.json").write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    return int(code)


def _made(home: Path) -> bool:
    return (home / "tests.json").exists() and (home / "lines.db").exists()


def sources() -> list[Path]:
    """Every module of ours whose lines are counted."""
    return sorted(path for room in MEASURED for path in (PROJECT / room).rglob("*.py"))


class CoverageMap:
    """The map as it was recorded."""

    def __init__(self, home: Path = HOME) -> None:
        if not _made(home):
            raise MapMissing("还没有覆盖记录。请先运行 python -m tools.mutate map。")
        known = json.loads((home / "tests.json").read_text("utf-8"))
        self.files: Mapping[str, str] = known["files"]
        self.seconds: Mapping[str, float] = known["seconds"]
        self._left_out = frozenset(known["left_out"])
        self._data = coverage.CoverageData(str(home / "lines.db"))
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
        return {line: frozenset(tests) - self._left_out - {""} for line, tests in lines.items()}
