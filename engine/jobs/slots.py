"""When a job has to run: every few seconds, or once a day at a time of day in China."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType

from engine.clock import SHANGHAI
from engine.words import Job

SWEEP_SECONDS = 2
"""How often a worker looks for what is due; a deadline takes effect within so many seconds of its instant."""

DAILY: Mapping[Job, time] = MappingProxyType(
    {
        Job.CHECK_DAYS: time(0, 40),
        Job.ANCHOR: time(1, 5),
        Job.CALENDAR: time(1, 20),
        Job.POLICIES: time(1, 30),
        Job.PUBLICATIONS: time(1, 40),
        Job.FORGET_KEYS: time(3, 20),
        Job.FORGET_SESSIONS: time(3, 30),
        Job.CLEAR_FILES: time(3, 40),
        Job.SUBSTITUTIONS: time(7, 30),
    }
)
"""Once a day, at this time in China; a day nobody ran it is made up for as soon as somebody can."""

_DAY = timedelta(days=1)


def slot_of(job: Job, at: datetime) -> datetime:
    """The instant the run that counts at `at` was planned for: the latest one that is not later.

    >>> from engine.clock import shanghai
    >>> slot_of(Job.ANCHOR, shanghai(2022, 10, 12, 1, 4)).isoformat()
    '2022-10-11T01:05:00+08:00'
    >>> slot_of(Job.ANCHOR, shanghai(2022, 10, 12, 1, 5)).isoformat()
    '2022-10-12T01:05:00+08:00'
    """
    here = at.astimezone(SHANGHAI)
    if job not in DAILY:
        return here
    today = datetime.combine(here.date(), DAILY[job], tzinfo=SHANGHAI)
    return today if today <= here else today - _DAY


def next_slot(job: Job, at: datetime) -> datetime:
    """When it runs next after `at`."""
    return slot_of(job, at) + (_DAY if job in DAILY else timedelta(seconds=SWEEP_SECONDS))


def slots_between(job: Job, last: datetime, now: datetime) -> int:
    """How many runs were planned after the slot `last` and before the slot `now`.

    >>> from engine.clock import shanghai
    >>> slots_between(Job.ANCHOR, shanghai(2022, 10, 8, 1, 5), shanghai(2022, 10, 12, 1, 5))
    3
    """
    return max(0, (now - last) // _DAY - 1) if job in DAILY else 0
