"""What the clock does by itself: when a job was last taken up, by which worker, and how it ended.

One row for each job of a jurisdiction. `slots` says when a job has to run (pure), `runs` who takes it up: any number of
workers ask, one gets it, and says that it lives for as long as it is at it; one that dies gives it back after a minute.
"""

from engine.jobs.model import JobRun
from engine.jobs.runs import end, live, note, take_up, told, waiting
from engine.jobs.slots import DAILY, SWEEP_SECONDS, next_slot, slot_of, slots_between

__all__ = [
    "DAILY",
    "SWEEP_SECONDS",
    "JobRun",
    "end",
    "live",
    "next_slot",
    "note",
    "slot_of",
    "slots_between",
    "take_up",
    "told",
    "waiting",
]
