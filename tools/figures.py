"""`python -m tools.figures map | run | report`: does a scenario notice when a figure of the law is moved a little?

    python -m tools.figures map                    # after every change of tables or scenarios: who asks which row
    python -m tools.figures run --place huaxi --seconds 60
    python -m tools.figures report

Not part of `make check`: a run over everything takes hours. What no scenario notices needs a reason in docs/figures.md.
"""

import json
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import pytest

from engine.policies.load import policy_files
from engine.policies.model import Policy
from engine.policies.table import Table
from tools.mutation.changes import Change
from tools.mutation.figures import figures_in
from tools.mutation.ledger import Ledger, Verdict, reasons
from tools.mutation.places import HOME, PROJECT
from tools.mutation.worker import PASSED, Worker, copied_tree

SPECS = "tests/steps"
MAP = HOME / "figures.jsonl"
REASONS = PROJECT / "docs" / "figures.md"
PATIENCE_SECONDS, SLOWER = 40, 6


@dataclass(eq=False)
class Recorder:
    """A pytest plugin: which rows answered in each test, which tables were asked, and of which places."""

    rows: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    seconds: float = 0.0
    passed: bool = True

    def pytest_configure(self) -> None:
        asked, decided = Table.rows_for, Policy.decide

        def rows_for(table: Table, *given: Any, **how: Any) -> Any:
            found = asked(table, *given, **how)
            self.tables.add(table.file)
            self.rows.update(row.id for row in found)
            return found

        def decide(policy: Policy, *given: Any, **how: Any) -> Any:
            self.places.add(policy.name)
            return decided(policy, *given, **how)

        Table.rows_for, Policy.decide = rows_for, decide  # type: ignore[method-assign]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.rows, self.tables, self.places, self.seconds, self.passed = set(), set(), set(), 0.0, True
        yield
        if self.passed:
            told = {"rows": sorted(self.rows), "tables": sorted(self.tables), "places": sorted(self.places)}
            with MAP.open("a", encoding="utf-8") as file:
                print(json.dumps({"test": item.nodeid, "seconds": round(self.seconds, 3), **told}), file=file)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds += report.duration
        self.passed = self.passed and report.passed


@click.group()
def main() -> None:
    """决策表里的数各改一点，看有没有场景发现。"""


@main.command("map")
def make_map() -> None:
    """跑一遍全部场景，记下每个场景问过哪些表、由哪些行回答。"""
    MAP.parent.mkdir(parents=True, exist_ok=True)
    MAP.unlink(missing_ok=True)
    raise SystemExit(int(pytest.main(["-q", "-p", "no:cacheprovider", "-n0", SPECS], plugins=[Recorder()])))


@main.command()
@click.option("--place", help="只试这个地区的（national 是全国的表）。")
@click.option("--table", help="只试这个名称的表，例如 grade；pack 是地区包。")
@click.option("--seconds", default=60.0, show_default=True, help="每个数最多运行多少秒的场景。")
@click.option("--again", is_flag=True, help="只重试上次没有被发现的。")
def run(place: str | None, table: str | None, seconds: float, again: bool) -> None:
    """逐个改动并运行问到它的场景；中断后再运行会接着做。"""
    for stopped in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopped, signal.default_int_handler)
    ledger, known = _ledger(), _map()
    worker = Worker(copied_tree())
    try:
        for change in _figures(place, table):
            before = ledger.of(change)
            if before is not None and not (again and before.survived):
                continue
            asked = _within(_asked(change, known), known, seconds)
            verdict = (
                Verdict(change.id, change.digest, "uncovered") if not asked else _tried(worker, change, asked, known)
            )
            ledger.keep(verdict)
            if verdict.survived:
                click.echo(_told(change, verdict))
    finally:
        worker.close()


@main.command()
@click.option("--place", help="只看这个地区的。")
@click.option("--table", help="只看这个名称的表。")
def report(place: str | None, table: str | None) -> None:
    """试过的有多少，哪些没有场景发现，理由是什么。"""
    ledger, explained = _ledger(), reasons(REASONS)
    tried = [(change, verdict) for change in _figures(place, table) if (verdict := ledger.of(change)) is not None]
    left = [(change, verdict) for change, verdict in tried if verdict.survived]
    for change, verdict in left:
        click.echo(_told(change, verdict) + f"\n    理由：{explained.get(change.id, '（没有写）')}")
    without = sum(change.id not in explained for change, _ in left)
    click.echo(
        f"试过 {len(tried)} 个数，场景发现 {len(tried) - len(left)} 个，"
        f"没有发现 {len(left)} 个，其中没有写理由的 {without} 个。"
    )


def _figures(place: str | None, table: str | None) -> Iterator[Change]:
    files = policy_files(PROJECT / "bpmn")
    folder = "" if place is None else "decisions/" if place == "national" else f"policies/{place}/"
    wanted = {name for name in files if name.startswith(folder) and table in (None, Path(name).stem)}
    return figures_in({name: content for name, content in files.items() if name in wanted})


def _ledger() -> Ledger:
    return Ledger(HOME / "figure_verdicts.jsonl")


def _map() -> dict[str, dict[str, Any]]:
    if not MAP.exists():
        raise click.ClickException("还没有记录。请先运行 python -m tools.figures map。")
    return {each["test"]: each for each in map(json.loads, MAP.read_text("utf-8").splitlines())}


def _asked(change: Change, known: dict[str, dict[str, Any]]) -> list[str]:
    """The tests this row answered first, then those that asked the table (of a pack: that are of the place)."""
    file = change.file.removeprefix("bpmn/")
    place = Path(file).parts[1]

    def nearness(test: dict[str, Any]) -> int:
        if change.function in test["rows"]:
            return 0
        return 1 if file in test["tables"] or (file.endswith(".toml") and place in test["places"]) else 2

    near = sorted((nearness(test), test["seconds"], name) for name, test in known.items())
    return [name for how_near, _, name in near if how_near < 2]


def _within(tests: Sequence[str], known: dict[str, dict[str, Any]], seconds: float) -> list[str]:
    chosen, total = [], 0.0
    for test in tests:
        total += known[test]["seconds"]
        if chosen and total > seconds:
            break
        chosen.append(test)
    return chosen


def _tried(worker: Worker, change: Change, asked: list[str], known: dict[str, dict[str, Any]]) -> Verdict:
    limit = PATIENCE_SECONDS + SLOWER * sum(known[test]["seconds"] for test in asked)
    answer = worker.try_out(change, asked, limit)
    status = "survived" if answer.code == PASSED else "timeout" if answer.code is None else "killed"
    return Verdict(change.id, change.digest, status, answer.by, len(asked), len(asked), answer.seconds)


def _told(change: Change, verdict: Verdict) -> str:
    how = "没有场景问到" if verdict.status == "uncovered" else f"{verdict.asked} 个场景没有发现"
    return f"{change.id} {change.file}:{change.line} {change.function} {change.before} → {change.after}  （{how}）"


if __name__ == "__main__":
    main()
