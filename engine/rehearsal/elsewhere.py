"""Shares of the cases lived through in processes of their own, so that a year takes as many cores as there are.

Such a process opens the database like any other machine. It ends with the pipe to whoever started it, however that
one ended.
"""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from traceback import format_exc

from engine.errors import EngineError, WrongState
from engine.rehearsal.days import Share, Stretch
from engine.rehearsal.ground import Ground
from engine.rehearsal.people import Town
from engine.store import Database
from engine.store.storable import refusal_of

Opens = Callable[[], Database]
"""Opens the database of the rehearsal once more; can be pickled."""
WORTH_A_PROCESS = 20
"""Fewer objects than these are sooner done here than another process has started."""
MOST = 8


class ProcessLost(WrongState):
    """Another process of the rehearsal ended before its work was done."""

    code = "rehearsal.process_lost"


def processes_for(objects: int) -> int:
    """How many processes a rehearsal of so many objects is worth on this machine, this one among them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, objects // WORTH_A_PROCESS, MOST))


class ShareFailed(Exception):
    """Another process of the rehearsal met an error nobody foresaw; says its trace."""


class Elsewhere:
    """A share of the cases in a process of its own, which is starting up from now on."""

    def __init__(self, opens: Opens) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_live, args=(theirs, opens), daemon=True)
        with ThreadPoolExecutor(1) as aside:  # told to end, the main thread leaves no process without its first words
            aside.submit(self._process.start).result()
        theirs.close()
        self.closed = 0

    def settle(self, town: Town, seed: int) -> None:
        """Say who lives there and what the dice are thrown with."""
        self._tell((town, seed))

    def begin(self, stretch: Stretch) -> None:
        """Let the share live through a stretch; meanwhile there is time for something else."""
        self._tell(stretch)

    def end(self) -> None:
        """Wait until it has. Refuses what a command refused there, and when the process is gone."""
        try:
            answer = self._pipe.recv()
        except EOFError:
            raise _lost() from None
        if isinstance(answer, EngineError | ShareFailed):
            raise answer
        self.closed = answer

    def leave(self) -> None:
        """End the process, whatever it does."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()

    def _tell(self, what: object) -> None:
        try:
            self._pipe.send(what)
        except BrokenPipeError:
            raise _lost() from None


@contextmanager
def elsewhere(opens: Opens, how_many: int) -> Iterator[list[Elsewhere]]:
    """So many processes, gone afterwards."""
    with ExitStack() as stack:
        started = []
        for _ in range(how_many):
            started.append(Elsewhere(opens))
            stack.callback(started[-1].leave)
        yield started


def _live(pipe: Connection, opens: Opens) -> None:
    """The life of such a process. An error that is no refusal ends it, and is told to whoever started it."""
    for each in (signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # a terminal interrupts everybody; who started us tells us
    with suppress(EOFError, BrokenPipeError):
        try:
            database = opens()
            town, seed = pipe.recv()
            share = Share(Ground(database, town, seed))
            while True:
                share.live(pipe.recv())
                pipe.send(len(share.closed))
        except EngineError as refusal:
            pipe.send(refusal)
        except (EOFError, BrokenPipeError):
            raise
        except Exception as fault:  # noqa: BLE001 - told over there, with its trace, as what it is
            pipe.send(refusal_of(getattr(fault, "orig", fault)) or ShareFailed(format_exc()))


def _lost() -> ProcessLost:
    return ProcessLost("演练的一个进程中途停止了，没有写出结果。如果是内存不够，请用 --processes 1 再试。")
