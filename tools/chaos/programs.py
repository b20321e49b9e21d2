"""The programs that run: workers and the pages, each by a clock of its own, killed and begun again."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.chaos.place import Place

_WITH_A_CLOCK = """
import os, time
from datetime import timedelta
from functools import partial
from engine import clock
right = clock.SystemClock.now
def now(self):
    with open(os.environ["CHAOS_CLOCK"]) as told:
        return right(self) + timedelta(seconds=float(told.read() or 0))
clock.SystemClock.now = now
from web.cli import main
"""
CHUNK, PAUSE, LEASE_SECONDS = 5, 0.05, 20
_IN_BITES = f"""
from engine.notifications import sendings
from web.worker import daily, jobs
bite = partial(jobs.fire_due, chunk={CHUNK}, progress=lambda done, total: time.sleep({PAUSE}))
jobs.fire_due = daily.fire_due = bite
sendings.LEASE = timedelta(seconds={LEASE_SECONDS})
"""
"""The worker as it is, but for how many cases it moves at once, so that kills find it in the middle of something, and
for how long the mails of one that was killed lie."""

PAGES = "pages"
PATIENCE_SECONDS = 60


@dataclass(slots=True)
class Program:
    """One of them: how it is begun, and the process that runs now."""

    name: str
    words: tuple[str, ...]
    text: str
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it runs."""
        return self.process is None or self.process.poll() is not None

    def begin(self, place: Place) -> None:
        """Start it, in a group of its own with whatever it starts."""
        with (place.folder / f"{self.name}.log").open("ab") as log:
            command = [sys.executable, "-c", self.text, *self.words]
            told = os.environ | place.environment(self.name)
            self.process = subprocess.Popen(command, env=told, stdout=log, stderr=log, process_group=0)

    def kill(self) -> None:
        """kill -9 for it and what it started."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill_a_child(self, dice: random.Random) -> None:
        """kill -9 for one process it started, which it has to start again; for all of it when it has none yet."""
        assert self.process is not None
        of_it = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        children = of_it.read_text(encoding="ascii").split() if of_it.exists() else []
        if not children:
            self.kill()
            return
        with suppress(ProcessLookupError):
            os.kill(int(dice.choice(children)), signal.SIGKILL)

    def end(self) -> None:
        """In order; killed when that takes long."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_SECONDS)
        self.kill()


class Programs:
    """So many workers, and the pages; one that is gone is started again, as the system's service manager would."""

    def __init__(self, place: Place, workers: int) -> None:
        self._place = place
        text = f"{_WITH_A_CLOCK}{_IN_BITES}main()"
        self.workers = [Program(f"worker-{number}", ("worker",), text) for number in range(workers)]
        served = ("serve", "--port", str(place.port), "--workers", "2")
        self.pages = Program(PAGES, served, f"{_WITH_A_CLOCK}main()")

    def fill_up(self) -> int:
        """Start those that are missing; gives how many had ended by themselves."""
        gone = 0
        for program in (*self.workers, self.pages):
            if program.is_over:
                gone += program.process is not None
                program.begin(self._place)
        return gone

    def kill_a_worker(self, dice: random.Random) -> None:
        """kill -9, whatever it does."""
        dice.choice(self.workers).kill()

    def kill_pages(self, dice: random.Random) -> None:
        """All processes of the pages, or one of those that answer."""
        if dice.random() < 0.5:
            self.pages.kill()
        else:
            self.pages.kill_a_child(dice)

    def put_a_clock_wrong(self, dice: random.Random) -> None:
        """Of one machine: a worker's by hours or days, that of the pages by minutes, forwards or back."""
        program = dice.choice((*self.workers, self.pages))
        most = 600 if program is self.pages else 3 * 86400
        self._put(program, dice.choice((-1, 1)) * dice.uniform(most / 50, most))

    def put_clocks_right(self) -> None:
        """All of them."""
        for program in (*self.workers, self.pages):
            self._put(program, 0)

    def _put(self, program: Program, seconds: float) -> None:
        file = self._place.clock_of(program.name)
        new = file.with_suffix(".new")
        new.write_text(f"{seconds}", encoding="ascii")
        new.replace(file)

    def end(self) -> None:
        """All of them."""
        for program in (*self.workers, self.pages):
            program.end()


@contextmanager
def programs_of(place: Place, workers: int) -> Iterator[Programs]:
    """They run within."""
    programs = Programs(place, workers)
    try:
        programs.put_clocks_right()
        programs.fill_up()
        yield programs
    finally:
        programs.end()
