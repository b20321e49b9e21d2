"""Does a second process slow the first one down? The same lives by one process alone, then by two at once, in turns.

The bare rows are written the same way, to tell what of it is the machine's.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter

from bench.command_life import CommandLife
from bench.floor import FloorCase
from bench.ground import Ground, existing
from bench.recording import recorded
from bench.report import Report, at_most
from bench.timing import middle, percentile
from bench.way import Way
from engine.store import Logins
from tests.factories import Bureau

MAX_RATIO = 2.0
OURS, FLOOR = "jixiao", "底线"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one process did in one turn, a whole life: milliseconds of each step, and how long it took altogether."""

    steps: list[float]
    seconds: float

    @property
    def slow(self) -> float:
        """The milliseconds 95 of 100 steps did not exceed."""
        return percentile(self.steps, 0.95)

    @property
    def speed(self) -> float:
        """Steps a second."""
        return len(self.steps) / self.seconds


@dataclass(frozen=True, slots=True)
class Round:
    """One process alone, then two at once."""

    alone: Turn
    together: list[Turn]


def measure(ground: Ground, rounds: int) -> Report:
    """p95 of a step and steps a second, one process against two."""
    report = Report("两个进程同时办理")
    with _two_workers(ground) as pipes:
        done = [{who: _round(pipes, who) for who in (OURS, FLOOR)} for _ in range(rounds + 1)][1:]  # the first warms up
    _tell(report, "", [each[OURS] for each in done], MAX_RATIO)
    _tell(report, f"{FLOOR}：", [each[FLOOR] for each in done], None)
    report.remarks.append(
        f"每轮先一个进程走一份案卷，再两个进程同时各走一份，共{rounds}轮，取各轮中位数；数据库与客户端同在本机。"
    )
    report.remarks.append("底线两进程之比反映本机余力：两个客户端、两个数据库进程和同机其他工作共用处理器。")
    return report


def work(pipe: Connection, logins: Logins, bureau: Bureau, number: int) -> None:
    """A process of its own: goes through a life whenever it is told to, until nobody tells it any more."""
    with existing(logins, bureau) as ground:
        script = recorded(ground, Way(), f"示例-{number}")
        turns: dict[str, Callable[[int], list[float]]] = {
            OURS: lambda turn: CommandLife(ground, Way(), f"示例-{number}-{turn}").timed(),
            FLOOR: lambda turn: FloorCase(ground.serving, script, number * 1_000_000 + turn).timed(),
        }
        for turn in count(1):
            try:
                who = pipe.recv()
            except EOFError:
                return
            gc.collect()
            began = perf_counter()
            steps = turns[who](turn)
            pipe.send(Turn(steps, perf_counter() - began))


@contextmanager
def _two_workers(ground: Ground) -> Iterator[list[Connection]]:
    context = get_context("spawn")
    pairs = [context.Pipe() for _ in range(2)]
    workers = [
        context.Process(target=work, args=(theirs, ground.database.logins, ground.bureau, number))
        for number, (_, theirs) in enumerate(pairs, start=1)
    ]
    for worker, (_, theirs) in zip(workers, pairs, strict=True):
        worker.start()
        theirs.close()
    try:
        yield [ours for ours, _ in pairs]
    finally:
        for ours, _ in pairs:
            ours.close()
        for worker in workers:
            worker.join()


def _round(pipes: list[Connection], who: str) -> Round:
    return Round(_at_once(pipes[:1], who)[0], _at_once(pipes, who))


def _at_once(pipes: list[Connection], who: str) -> list[Turn]:
    for pipe in pipes:
        pipe.send(who)
    return [pipe.recv() for pipe in pipes]


def _tell(report: Report, prefix: str, rounds: list[Round], most: float | None) -> None:
    ratios = [max(turn.slow for turn in each.together) / each.alone.slow for each in rounds]
    slower = [max(turn.slow for turn in each.together) for each in rounds]
    report.tell(f"{prefix}一个进程每步 p95", middle([each.alone.slow for each in rounds]), "毫秒")
    report.tell(f"{prefix}两个进程每步 p95（较慢的一个）", middle(slower), "毫秒")
    report.tell(f"{prefix}两个为一个的", middle(ratios), "倍", at_most(most) if most else None)
    report.tell(f"{prefix}一个进程每秒办理", middle([each.alone.speed for each in rounds]), "步")
    speeds = [sum(turn.speed for turn in each.together) for each in rounds]
    report.tell(f"{prefix}两个进程每秒办理", middle(speeds), "步")
