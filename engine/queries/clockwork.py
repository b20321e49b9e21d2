"""后台进程: what the clock did by itself for a jurisdiction, and whether it still does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.jobs import DAILY, JobRun, next_slot, slot_of, slots_between, told
from engine.moves.permissions import must_be_let_in
from engine.words import Job

STOPPED_AFTER = timedelta(minutes=2)
"""A clock that runs notes a sweep every half minute."""
LATE_AFTER = timedelta(hours=2)
"""A daily job that was not done by then is missing."""


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job: its last run (None: never), when the next is planned, and how many planned runs nobody did.

    `stands_still`: it should have run by now and has not. `took` is how long the last run that ended lasted.
    """

    job: Job
    last: JobRun | None
    next_at: datetime
    missed: int
    stands_still: bool
    took: timedelta | None


def clockwork(session: Session, actor: Actor, *, at: datetime) -> tuple[JobLine, ...]:
    """Every job of the actor's jurisdiction; for the operator and 绩效股."""
    must_be_let_in("see_operations", actor)
    runs = {run.job: run for run in told(session, actor.jurisdiction)}
    return tuple(_line(job, runs.get(job), at) for job in Job)


def _line(job: Job, last: JobRun | None, at: datetime) -> JobLine:
    took = last.ended_at - last.started_at if last is not None and last.ended_at is not None else None
    if job not in DAILY:
        return JobLine(job, last, next_slot(job, at), 0, last is None or at - last.started_at > STOPPED_AFTER, took)
    slot = slot_of(job, at)
    waits = last is None or last.slot < slot
    missed = 0 if last is None else last.missed if not waits else slots_between(job, last.slot, slot)
    return JobLine(job, last, slot if waits else next_slot(job, at), missed, waits and at - slot > LATE_AFTER, took)
