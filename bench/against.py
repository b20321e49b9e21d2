"""`python -m bench.against TREE`: this program and an earlier one of itself, turn by turn on the same machine.

TREE is a folder with that earlier commit checked out (`git worktree add --detach TREE COMMIT`). Each lives in a process
of its own with an empty database of its own; both use only what every version of the bench has had.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground, ground
from bench.timing import middle, milliseconds, ratio, turn_by_turn
from bench.way import JURISDICTION, STRAIGHT, Way

NOW, THEN = "现在", "从前"
STEPS, STARTS, DUE = "human_step", "start_case", "due_deadlines"
NAMES = {STEPS: "办理一步", STARTS: "立案", DUE: "五百个期限同时到期，每个", "rehearsal": "花溪 2021 演练"}
CROWD, TURN, STARTED = 4_000, 500, 50
YEAR = (
    *("rehearse", "huaxi", "--year", "2021"),
    *("--departments", "data/huaxi_2021_departments.csv"),
    *("--projects", "data/huaxi_2021_projects.csv"),
    *("--published", "data/seed_aggregates.csv"),
)


@click.command()
@click.argument("tree", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=6, help="每项轮流几次。")
def main(tree: Path, rounds: int) -> None:
    """与另一个文件夹里的旧版本轮流量：办理、立案、成批到期、年度演练。"""
    here = Path(__file__).resolve().parents[1]
    console = Console() if sys.stdout.isatty() else Console(width=120)
    with _at_work(here) as now, _at_work(tree) as then:
        for what in (DUE, STEPS, STARTS):
            turns: dict[str, list[float]] = {NOW: [], THEN: []}
            for number in range(rounds):
                for name, ask in ((NOW, now), (THEN, then))[:: 1 if number % 2 else -1]:
                    turns[name].append(ask(what))
            _tell(console, what, turns)
    _tell(console, "rehearsal", turn_by_turn({NOW: lambda: _year(here), THEN: lambda: _year(tree)}, 2))


def _tell(console: Console, what: str, turns: dict[str, list[float]]) -> None:
    told = "，".join(f"{name} {middle(spent):,.2f} 毫秒" for name, spent in turns.items())
    console.print(f"{NAMES[what]}：{told}；现在的速度为从前的 {ratio(turns[THEN], turns[NOW]):.2f} 倍", soft_wrap=True)


@contextmanager
def _at_work(tree: Path) -> Iterator[Callable[[str], float]]:
    """A worker with the program of that folder; asked for something, it says the milliseconds of one."""
    asked = subprocess.Popen(
        [sys.executable, __file__, "--work"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )  # fmt: skip
    assert asked.stdin is not None
    assert asked.stdout is not None
    lines, answers = asked.stdin, asked.stdout

    def ask(what: str) -> float:
        print(what, file=lines, flush=True)
        return float(json.loads(answers.readline()))

    try:
        yield ask
    finally:
        lines.close()
        asked.wait()


def _year(tree: Path) -> None:
    with TemporaryDirectory(prefix="jixiao-bench-") as folder:
        begun = [sys.executable, "-c", "from web.cli import main; main()", *YEAR, "--out", str(Path(folder) / "out")]
        subprocess.run(begun, check=True, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, capture_output=True)


def _work() -> None:
    """What a worker does until nobody asks any more."""
    from bench.ground import BPMN
    from engine.stages import Library

    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    with redirect_stdout(sys.stderr), ground(Library.read(BPMN)) as place:
        ways: dict[str, Callable[[], float]] = {
            STEPS: lambda: middle(CommandLife(place, Way(), f"示例-{next(_codes)}").timed()),
            STARTS: lambda: milliseconds(lambda: _started(place)) / STARTED,
            DUE: _firing(place),
        }
        for line in sys.stdin:
            print(json.dumps(ways[line.strip()]()), file=answers, flush=True)


_codes = count()


def _started(place: Ground) -> None:
    for _ in range(STARTED):
        CommandLife(place, Way(), f"示例-{next(_codes)}")


def _firing(place: Ground) -> Callable[[], float]:
    """Some hundred deadlines that are due at once, by the quickest command there is; milliseconds for each."""
    fire: Callable[[], Any] | None = None

    def fired() -> float:
        nonlocal fire
        if fire is None:
            life = CommandLife(place, STRAIGHT, "示例-到期")
            life.live_until("fill_target")
            grown(place, life.case_id, CROWD - 1, units_of(place))
            fire = _fires(place)
        return milliseconds(fire) / TURN

    return fired


def _fires(place: Ground) -> Callable[[], Any]:
    from datetime import timedelta

    from sqlalchemy import func, select

    from engine.commands.fire_deadline import fire_deadline
    from engine.deadlines.model import Deadline

    with place.database.transaction(JURISDICTION) as session:
        first = session.scalars(select(func.min(Deadline.due_at)).where(Deadline.state == "pending")).one()
    assert first is not None
    at = first + timedelta(hours=1)
    try:
        from engine.commands.fire_due import fire_due
        from web.wiring import transactions_of
    except ImportError:
        return lambda: _one_by_one(place, at, fire_deadline)
    return lambda: fire_due(transactions_of(place.database, JURISDICTION), at=at, most=TURN)


def _one_by_one(place: Ground, at: Any, fire_deadline: Callable[..., Any]) -> None:
    from sqlalchemy import select

    from engine.deadlines.model import Deadline

    due = select(Deadline.id).where(Deadline.state == "pending", Deadline.due_at <= at)
    with place.database.transaction(JURISDICTION) as session:
        numbers = session.scalars(due.order_by(Deadline.due_at, Deadline.case_id).limit(TURN)).all()
    for number in numbers:
        with place.database.transaction(JURISDICTION) as session:
            fire_deadline(session, number, at=at)


if __name__ == "__main__":
    _work() if sys.argv[1:] == ["--work"] else main()
