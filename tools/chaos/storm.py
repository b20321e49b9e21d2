"""What happens: workers run, one after the other is killed, the database crashes now and then."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tools.chaos.place import Place

IN_BITES = """
import time
from functools import partial
from web.worker import daily, jobs
from web.cli import main
jobs.fire_due = daily.fire_due = partial(jobs.fire_due, chunk={chunk}, progress=lambda done, total: time.sleep({pause}))
main()
"""
"""The worker as it is, but for how many cases it moves at once: so that kills find it in the middle of something."""
CHUNK, PAUSE = 5, 0.05


@dataclass(slots=True)
class Storm:
    """How it went."""

    kills: int = 0
    crashes: int = 0
    away_seconds: float = 0.0
    ended_by_themselves: int = 0


class Workers:
    """So many worker processes; one that is gone is started again, as the system's service manager would."""

    def __init__(self, place: Place, how_many: int) -> None:
        self._place, self._how_many = place, how_many
        self._running: list[subprocess.Popen[bytes]] = []

    def fill_up(self) -> int:
        """Start those that are missing; gives how many had ended by themselves."""
        gone = [worker for worker in self._running if worker.poll() is not None]
        self._running = [worker for worker in self._running if worker not in gone]
        while len(self._running) < self._how_many:
            self._running.append(self._start())
        return len(gone)

    def kill_one(self, dice: random.Random) -> None:
        """kill -9, whatever it does."""
        victim = self._running.pop(dice.randrange(len(self._running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    def stop(self) -> None:
        """In order; one that does not end in time is killed."""
        for worker in self._running:
            worker.terminate()
        for worker in self._running:
            try:
                worker.wait(60)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        program = IN_BITES.format(chunk=CHUNK, pause=PAUSE)
        log = (self._place.folder / "workers.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-c", program, "worker"], env=os.environ | self._place.environment, stderr=log
            )


@contextmanager
def workers_of(place: Place, how_many: int) -> Iterator[Workers]:
    """They run within."""
    workers = Workers(place, how_many)
    try:
        workers.fill_up()
        yield workers
    finally:
        workers.stop()


def rage(
    place: Place, workers: Workers, kills: int, crashes: int, dice: random.Random, fired: Callable[[], int]
) -> Storm:
    """Kill so many workers and crash the database so often, each after some more days took effect, or some seconds."""
    storm = Storm()
    blows = ["kill"] * kills + ["crash"] * crashes
    dice.shuffle(blows)
    for blow in blows:
        _let_pass(fired, fired() + dice.randrange(1, 3 * CHUNK), 10 + 10 * dice.random())
        if blow == "kill":
            workers.kill_one(dice)
            storm.kills += 1
        else:
            storm.away_seconds += place.crash_database()
            storm.crashes += 1
        storm.ended_by_themselves += workers.fill_up()
    return storm


def _let_pass(fired: Callable[[], int], enough: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while fired() < enough and time.monotonic() < end:
        time.sleep(0.05)
