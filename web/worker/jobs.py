"""What the clock does by itself: `jixiao worker` looks every few seconds for what is due, and once a day at the rest.

What each daily job does stands in `daily`. Any number of workers may run on any number of machines. Who does what is
decided by the database: a deadline is claimed with its case, a daily job by its row; a worker that is killed leaves
nothing behind that the next one does not do.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.audit.keeping import AnchorKeeper
from engine.clock import Clock, SystemClock
from engine.commands.fire_due import fire_due
from engine.errors import EngineError, Unavailable
from engine.jobs import DAILY, SWEEP_SECONDS, end, live, note, take_up, waiting
from engine.moves.faults import in_short
from engine.queries.due_everywhere import due_until
from engine.stages import Library
from engine.store import Database
from engine.submissions.file_store import FileStore
from engine.ticker import Ticker
from engine.words import Job
from web.signals import wait_for
from web.wiring import transactions_of
from web.worker.daily import WORK, Ground
from web.worker.going_on import CARRY_SECONDS, carry_on
from web.worker.knowing_the_time import must_know_the_time

LOOK_SECONDS = 20
"""How often a worker asks whether a daily job waits to be taken up."""

LIVE_SECONDS = 10
"""How often it says that it is still at the one it took up."""

SHOWN_AFTER = timedelta(seconds=30)
"""A sweep that found nothing is noted so often, to show that the clock runs."""

CASES_A_TURN = 2000
"""So many cases of one jurisdiction are swept before it is the next one's turn."""

MOST_SEEN = 1000
"""So many of what is due are looked at to know where; there may be more behind them, anywhere."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Swept:
    """What a sweep has done in one jurisdiction so far: how many deadlines took effect, and whether it is through."""

    fired: int = 0
    over: bool = False
    fault: Exception | None = None


def said_of(job: Job, fault: Exception) -> str:
    """Why a job did not end well, for the operator; the log has the rest."""
    return fault.message if isinstance(fault, EngineError) else f"{job.label}没有办成：{type(fault).__name__}。"


class Worker:
    """One process of the clock over one database."""

    def __init__(self, database: Database, clock: Clock, keeper: AnchorKeeper | None, files: FileStore) -> None:
        self.name = f"{socket.gethostname()}/{os.getpid()}"
        self._database, self._clock, self._outside = database, clock, (keeper, files)
        self._noted_at = clock.now() - SHOWN_AFTER
        self._fault = ""
        self._under_way: tuple[str, Job] | None = None

    def work(
        self, until: threading.Event, ready: Callable[[], None] = lambda: None, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """Tick until the event; what is under way is ended first."""
        ticker = Ticker()
        ticker.every(SWEEP_SECONDS, lambda: self._seen_to(self.sweep))
        ticker.every(look_seconds, lambda: self._seen_to(self.look))
        ticker.every(LIVE_SECONDS, lambda: self._seen_to(self.live))
        ticker.every(CARRY_SECONDS, lambda: self._seen_to(self.carry_on))
        ticker.start()
        try:
            ready()
            wait_for(until)
        finally:
            ticker.stop()

    def sweep(self) -> int:
        """Let everything that is due take effect, in every jurisdiction; gives how many deadlines did.

        Places take turns, so that a long backlog of one keeps no other waiting; what fails in one stops no other.
        """
        must_know_the_time(self._database, self._clock)
        begun = self._clock.now()
        swept: dict[str, _Swept] = {}
        while waiting := self._places_due() - {place for place, so_far in swept.items() if so_far.over}:
            for place in sorted(waiting):
                self._sweep(place, begun, swept.setdefault(place, _Swept()))
        if swept or begun - self._noted_at >= SHOWN_AFTER:
            self._note(begun, swept)
        faults = [so_far.fault for so_far in swept.values() if so_far.fault is not None]
        if faults:
            raise faults[0]
        return sum(so_far.fired for so_far in swept.values())

    def carry_on(self) -> int:
        """Go on with the launches nobody drives; gives how many cases moved."""
        must_know_the_time(self._database, self._clock)
        return carry_on(self._database, self._clock, SystemClock())

    def _sweep(self, place: str, at: datetime, so_far: _Swept) -> None:
        """One turn of a jurisdiction: the cases that have waited longest, or all when nothing came of those."""
        transactions = transactions_of(self._database, place)
        try:
            fired = fire_due(transactions, at=at, most=CASES_A_TURN)
            if not fired:
                fired, so_far.over = fire_due(transactions, at=at), True
        except Unavailable:
            raise
        except Exception as reason:  # noqa: BLE001 - told when the others had their turn
            so_far.fault, so_far.over = reason, True
        else:
            so_far.fired += fired

    def look(self) -> list[tuple[str, Job]]:
        """Do the daily jobs that wait, each for one jurisdiction after the other; gives those this worker did."""
        must_know_the_time(self._database, self._clock)
        waits = {(job, place) for place in self._places() for job in self._waiting(place)}
        return [
            (place, job) for job in DAILY for place in self._places() if (job, place) in waits and self._did(place, job)
        ]

    def _waiting(self, place: str) -> list[Job]:
        with self._database.transaction(place) as session:
            return waiting(session, place, self._clock.now())

    def live(self) -> None:
        """Say of the daily job under way that somebody is at it."""
        if (mine := self._under_way) is not None:
            place, job = mine
            with self._database.transaction(place) as session:
                live(session, place, job, self.name)

    def _places(self) -> list[str]:
        library: Library = self._database.parts["library"]
        return sorted(library.policy_ids)

    def _places_due(self) -> set[str]:
        with self._database.lookout() as session:
            oldest = due_until(session, self._clock.now(), most=MOST_SEEN)
        return set(self._places()) if len(oldest) == MOST_SEEN else {due.jurisdiction for due in oldest}

    def _note(self, begun: datetime, swept: Mapping[str, _Swept]) -> None:
        self._noted_at = begun
        ended = self._clock.now()
        for place in self._places():
            of_it = swept.get(place, _Swept())
            fault = None if of_it.fault is None else said_of(Job.SWEEP, of_it.fault)
            with self._database.transaction(place) as session:
                note(session, place, Job.SWEEP, self.name, begun, ended, done=of_it.fired, fault=fault)

    def _did(self, place: str, job: Job) -> bool:
        with self._database.transaction(place) as session:
            mine = take_up(session, place, job, self.name, self._clock.now())
        if not mine:
            return False
        fault, self._under_way = None, (place, job)
        try:
            done = WORK[job](Ground(self._database, place, *self._outside), self._clock.now())
        except Exception as reason:  # noqa: BLE001 - told where the operator looks, and tried again later
            fault, done = said_of(job, reason), 0
            _log.warning("%s：%s", place, fault, exc_info=None if isinstance(reason, EngineError) else reason)
        finally:
            self._under_way = None
        with self._database.transaction(place) as session:
            end(session, place, job, self.name, self._clock.now(), done=done, fault=fault)
        return True

    def _seen_to(self, work: Callable[[], object]) -> None:
        """Do it; a fault is told once, not at every tick, and the clock goes on."""
        try:
            work()
        except Exception as reason:  # noqa: BLE001 - nothing may stop the clock
            said = in_short(reason)
            if said != self._fault:
                _log.warning("定时办理没有走通，过几秒再试：%s", said)
            self._fault = said
        else:
            self._fault = ""
