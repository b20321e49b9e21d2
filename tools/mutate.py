"""`python -m tools.mutate map | run | report`: do the tests notice when the code is changed?

    python -m tools.mutate map                               # after every change of the code: who runs which line
    python -m tools.mutate run --sample 150 --seed 1 engine/results engine/deadlines
    python -m tools.mutate run --again                       # after new tests: those that survived, once more
    python -m tools.mutate report

Not part of `make check`: a run over everything takes hours. Needs `coverage` beside the locked dependencies.
"""

import random
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tools.mutation.changes import Change, changes_in
from tools.mutation.choice import Choice
from tools.mutation.coverage_map import CoverageMap, MapMissing, record
from tools.mutation.ledger import Ledger, Verdict, reasons, summary
from tools.mutation.places import PROJECT
from tools.mutation.worker import PASSED, Answer, Worker, copied_tree

ROOMS = ("moves", "commands", "results", "scoring", "scores", "deadlines", "policies")

console = Console(width=140 if not sys.stdout.isatty() else None)


@click.group()
def main() -> None:
    """变异测试：把代码改错一处，看有没有测试发现。"""


@main.command("map")
@click.argument("tests", nargs=-1)
@click.option("--anew", is_flag=True, help="已经记录过的测试也重新记录。")
def make_map(tests: tuple[str, ...], anew: bool) -> None:
    """跑一遍测试（可以写明哪些），记下每一行由哪些测试执行；中断后再运行会接着做，代码改过就重新开始。"""
    sys.exit(record(tests, anew=anew))


@main.command()
@click.argument("places", nargs=-1)
@click.option("--sample", type=click.IntRange(1), help="只随机抽取这么多处。")
@click.option("--seed", default=1, show_default=True, help="抽取用的种子。")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="同时用几个进程。")
@click.option("--seconds", default=60.0, show_default=True, help="每处改动最多运行多少秒的测试。")
@click.option("--again", is_flag=True, help="只重试上次没有被发现的。")
def run(places: tuple[str, ...], sample: int | None, seed: int, workers: int, seconds: float, again: bool) -> None:
    """逐处改错代码并运行相关测试；中断后再运行会接着做。"""
    ledger = Ledger()
    chosen = _sample(_changes(places), sample, seed)
    if again:
        due = [change for change in chosen if (verdict := ledger.of(change)) is not None and verdict.survived]
    else:
        due = [change for change in chosen if ledger.of(change) is None]
    try:
        known = CoverageMap()
        for file in {change.file for change in due}:
            known.must_fit(file)
    except MapMissing as refusal:
        raise click.ClickException(str(refusal)) from refusal
    for stopped in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopped, signal.default_int_handler)
    _try_all(due, Choice(known), ledger, workers, seconds)
    _show(chosen, ledger)


@main.command()
@click.argument("places", nargs=-1)
def report(places: tuple[str, ...]) -> None:
    """已经试过的结果：各部分发现了多少，没有发现的是哪些。"""
    _show(_changes(places), Ledger())


def _changes(places: Sequence[str]) -> list[Change]:
    """All changes of these files and folders, of the rooms where decisions are made if none is named."""
    asked = [PROJECT / place for place in places] or [PROJECT / "engine" / room for room in ROOMS]
    files = sorted({file for place in asked for file in ([place] if place.is_file() else place.rglob("*.py"))})
    names = {file: str(file.resolve().relative_to(PROJECT)) for file in files}
    return [change for file in files for change in changes_in(names[file], file.read_bytes())]


def _sample(changes: list[Change], size: int | None, seed: int) -> list[Change]:
    if size is None or size >= len(changes):
        return changes
    drawn = random.Random(seed).sample(sorted(changes, key=lambda change: change.id), size)
    return sorted(drawn, key=lambda change: (change.file, change.line))


def _try_all(due: list[Change], choice: Choice, ledger: Ledger, workers: int, seconds: float) -> None:
    if not due:
        return
    free: SimpleQueue[Worker] = SimpleQueue()
    everybody = [Worker(copied_tree()) for _ in range(min(workers, len(due)))]
    for worker in everybody:
        free.put(worker)

    def one(change: Change) -> Verdict:
        worker = free.get()
        try:
            return _verdict(worker, change, choice, seconds)
        finally:
            free.put(worker)

    pool = ThreadPoolExecutor(len(everybody))
    try:
        with Progress(console=console) as progress:
            bar = progress.add_task("", total=len(due))
            for change, verdict in zip(due, pool.map(one, due), strict=True):
                ledger.keep(verdict)
                progress.advance(bar)
                if verdict.survived or verdict.status == "broken":
                    progress.console.print(_told(change, verdict), markup=False, highlight=False, soft_wrap=True)
    finally:
        pool.shutdown(cancel_futures=True)
        for worker in everybody:
            worker.close()


def _verdict(worker: Worker, change: Change, choice: Choice, seconds: float) -> Verdict:
    while covering := choice.tests_for(change):
        asked = choice.within(covering, seconds)
        limit = choice.limit_seconds(asked)
        answer = worker.try_out(change, asked, limit)
        if answer.by is not None and not choice.is_sound(answer.by, worker):
            continue
        if answer.by is not None:
            choice.noticed(change, answer.by)
        status = _status(answer, worker, asked, limit)
        return Verdict(change.id, change.digest, status, answer.by, len(asked), len(covering), answer.seconds)
    return Verdict(change.id, change.digest, "uncovered")


def _status(answer: Answer, worker: Worker, asked: list[str], limit: float) -> str:
    if answer.code is None:
        return "timeout"
    if answer.code == PASSED:
        return "survived"
    if answer.by is not None:
        return "killed"
    found = worker.run(["--collect-only", *asked], limit)  # the changed code could not even be imported; can ours?
    return "killed" if found.code == PASSED else "broken"


def _show(changes: list[Change], ledger: Ledger) -> None:
    explained = reasons()
    table = Table(title="代码改错一处，测试发现了多少")
    for heading in ("部分", "可改处", "已试", "发现", "没有发现", "其中写明理由", "发现率"):
        table.add_column(heading, justify="left" if heading == "部分" else "right")
    for row in summary(changes, ledger, explained):
        table.add_row(
            row.room, *map(str, (row.known, row.tried, row.killed, row.survived, row.with_reason)), row.percent
        )
    console.print(table)
    for line in _survivors(changes, ledger):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _survivors(changes: list[Change], ledger: Ledger) -> Iterator[str]:
    explained = reasons()
    for change in changes:
        verdict = ledger.of(change)
        if verdict is not None and (verdict.survived or verdict.status == "broken"):
            yield _told(change, verdict) + (f"\n    理由：{explained[change.id]}" if change.id in explained else "")


def _told(change: Change, verdict: Verdict) -> str:
    how = {"survived": f"{verdict.asked}/{verdict.covering} 个测试没有发现", "uncovered": "没有测试执行这一行"}
    return f"{change.id} {change.file}:{change.line} {change}  （{how.get(verdict.status, '测试不能运行')}）"


if __name__ == "__main__":
    main()
