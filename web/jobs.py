"""What the clock does by itself: `jixiao worker` looks every few seconds for what is due, and once a day at the rest.

What each daily job does stands in `web.daily`. Any number of workers may run on any number of machines. Who does what
is decided by the database: a deadline is claimed with its case, a daily job by its row; a worker that is killed leaves
nothing behind that the next one does not do.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from engine.audit.keeping import AnchorKeeper
from engine.clock import SteppingClock, SystemClock
from engine.commands.fire_due import fire_due
from engine.errors import EngineError
from engine.jobs import DAILY, SWEEP_SECONDS, end, note, take_up
from engine.queries.due_everywhere import due_until
from engine.stages import Library
from engine.store import Database
from engine.ticker import Ticker
from engine.words import Job
from web.daily import WORK, Ground
from web.wiring import transactions_of

LOOK_SECONDS = 20
"""How often a worker asks whether a daily job waits to be taken up."""

SHOWN_AFTER = timedelta(seconds=30)
"""A sweep that found nothing is noted so often, to show that the clock runs."""

_log = logging.getLogger(__name__)


class Worker:
    """One process of the clock over one database."""

    def __init__(self, database: Database, clock: SystemClock | SteppingClock, keeper: AnchorKeeper) -> None:
        self.name = f"{socket.gethostname()}/{os.getpid()}"
        self._database, self._clock, self._keeper = database, clock, keeper
        self._noted_at = clock.now() - SHOWN_AFTER
        self._fault = ""

    def work(self, until: threading.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Tick until the event; what is under way is ended first."""
        ticker = Ticker()
        ticker.every(SWEEP_SECONDS, lambda: self._seen_to(self.sweep))
        ticker.every(LOOK_SECONDS, lambda: self._seen_to(self.look))
        ticker.start()
        ready()
        try:
            until.wait()
        finally:
            ticker.stop()

    def sweep(self) -> int:
        """Let everything that is due take effect, in every jurisdiction; gives how many deadlines did."""
        begun = self._clock.now()
        fired: dict[str, int] = {}
        while places := self._places_due() - fired.keys():
            for place in sorted(places):
                fired[place] = fire_due(transactions_of(self._database, place), at=begun)
        if fired or begun - self._noted_at >= SHOWN_AFTER:
            self._note(begun, fired)
        return sum(fired.values())

    def look(self) -> list[tuple[str, Job]]:
        """Do the daily jobs that wait, each for one jurisdiction after the other; gives those this worker did."""
        return [(place, job) for job in DAILY for place in self._places() if self._did(place, job)]

    def _places(self) -> list[str]:
        library: Library = self._database.parts["library"]
        return sorted(library.policy_ids)

    def _places_due(self) -> set[str]:
        with self._database.lookout() as session:
            return {due.jurisdiction for due in due_until(session, self._clock.now())}

    def _note(self, begun: datetime, fired: dict[str, int]) -> None:
        self._noted_at = begun
        ended = self._clock.now()
        for place in self._places():
            with self._database.transaction(place) as session:
                note(session, place, Job.SWEEP, self.name, begun, ended, done=fired.get(place, 0))

    def _did(self, place: str, job: Job) -> bool:
        with self._database.transaction(place) as session:
            mine = take_up(session, place, job, self.name, self._clock.now())
        if not mine:
            return False
        fault = None
        try:
            done = WORK[job](Ground(self._database, place, self._keeper), self._clock.now())
        except (EngineError, DBAPIError, OSError) as reason:
            fault = reason.message if isinstance(reason, EngineError) else f"{job.label}没有办成。"
            _log.warning("%s（%s）：%s", job.label, place, reason)
            done = 0
        with self._database.transaction(place) as session:
            end(session, place, job, self.name, self._clock.now(), done=done, fault=fault)
        return True

    def _seen_to(self, work: Callable[[], object]) -> None:
        """Do it; a fault is told once, not at every tick, and the clock goes on."""
        try:
            work()
        except Exception as reason:  # noqa: BLE001 - nothing may stop the clock
            said = reason.message if isinstance(reason, EngineError) else f"{type(reason).__name__}: {reason}"
            if said != self._fault:
                _log.warning("定时办理没有走通，过几秒再试：%s", said)
            self._fault = said
        else:
            self._fault = ""
