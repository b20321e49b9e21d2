"""The one file that imports APScheduler: calls functions every so often, in this process, until told to stop.

It remembers nothing: what has to be done stands in the database, and whoever comes by does it. So any number of
processes tick beside each other, and each may be killed at any moment.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler

from engine.clock import SHANGHAI

logging.getLogger("apscheduler").setLevel(logging.ERROR)
"""That a call is left out because the one before it is still under way is how it is meant, and nothing to tell."""

_ONE_AT_A_TIME = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Ticker:
    """Calls what it was given: at once when it starts, then again and again; a call that takes long delays the next."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(timezone=SHANGHAI, job_defaults=_ONE_AT_A_TIME)

    def every(self, seconds: float, work: Callable[[], object]) -> None:
        """Call `work` every `seconds`; it has to see to its own faults."""
        self._scheduler.add_job(work, "interval", seconds=seconds, next_run_time=datetime.now(SHANGHAI))

    def start(self) -> None:
        """Begin; the calls come from threads of their own."""
        self._scheduler.start()

    def stop(self) -> None:
        """No call begins any more; waits for those under way."""
        self._scheduler.shutdown(wait=True)
