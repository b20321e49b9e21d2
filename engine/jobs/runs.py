"""Who takes up a job, and how it ended; asked by any number of workers at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.jobs.model import JobRun
from engine.jobs.slots import DAILY, slot_of, slots_between
from engine.store.base import table_of
from engine.words import Job

PATIENCE = timedelta(hours=1)
"""A run that failed is taken up again after so long."""

SILENT = timedelta(minutes=1)
"""A run under way nobody has heard of for so long, by the clock of the database, is taken for lost and taken up again.
"""

_runs = table_of(JobRun)


def take_up(session: Session, jurisdiction: str, job: Job, worker: str, at: datetime) -> bool:
    """Whether this worker is to run the job now; from then on nobody else is."""
    slot = slot_of(job, at)
    run = {
        "slot": slot, "worker": worker, "started_at": at, "alive_at": func.now(), "ended_at": None, "done": None,
        "fault": None,
    }  # fmt: skip
    begun = insert(_runs).values(jurisdiction=jurisdiction, job=job, missed=0, **run).on_conflict_do_nothing()
    if session.execute(begun.returning(_runs.c.job)).first() is not None:
        return True
    here = _runs.c.jurisdiction == jurisdiction, _runs.c.job == job
    asked = select(_runs, _silent().label("is_lost")).where(*here).with_for_update(skip_locked=True)
    last = session.execute(asked).one_or_none()
    if last is None or not _is_free(last, slot, at):
        return False
    missed = slots_between(job, last.slot, slot) if last.slot < slot else last.missed
    session.execute(update(_runs).where(*here).values(missed=missed, **run))
    return True


def waiting(session: Session, jurisdiction: str, at: datetime) -> list[Job]:
    """The daily jobs of a jurisdiction somebody should take up now, in the order of their hours; one statement for all.

    It locks nothing and promises nothing: whether a job is really one's own, `take_up` says.
    """
    asked = select(_runs, _silent().label("is_lost")).where(
        _runs.c.jurisdiction == jurisdiction, _runs.c.job.in_(DAILY)
    )
    last = {run.job: run for run in session.execute(asked)}
    return [job for job in DAILY if (run := last.get(job)) is None or _is_free(run, slot_of(job, at), at)]


def _is_free(last: Row[Any], slot: datetime, at: datetime) -> bool:
    """Whether the last run of a job leaves it to be taken up: lost on the way, or over and due again."""
    return bool(last.is_lost) if last.ended_at is None else _is_due(last, slot, at)


def _silent() -> ColumnElement[bool]:
    return or_(_runs.c.alive_at.is_(None), _runs.c.alive_at < func.now() - SILENT)


def _is_due(last: Row[Any], slot: datetime, at: datetime) -> bool:
    """Whether a run that ended has to be followed by another now."""
    return bool(last.slot < slot or (last.fault is not None and at - last.started_at >= PATIENCE))


def live(session: Session, jurisdiction: str, job: Job, worker: str) -> None:
    """Say that this worker is still at the job; nothing when another has taken it up meanwhile."""
    mine = _runs.c.jurisdiction == jurisdiction, _runs.c.job == job, _runs.c.worker == worker
    session.execute(update(_runs).where(*mine, _runs.c.ended_at.is_(None)).values(alive_at=func.now()))


def end(
    session: Session, jurisdiction: str, job: Job, worker: str, at: datetime, *, done: int, fault: str | None = None
) -> None:
    """Keep how the run of this worker ended; nothing when another has taken it up meanwhile."""
    mine = _runs.c.jurisdiction == jurisdiction, _runs.c.job == job, _runs.c.worker == worker
    session.execute(update(_runs).where(*mine).values(ended_at=at, done=done, fault=fault))


def note(
    session: Session,
    jurisdiction: str,
    job: Job,
    worker: str,
    started_at: datetime,
    ended_at: datetime,
    *,
    done: int,
    fault: str | None = None,
) -> None:
    """Keep a run nobody had to take up, because several may be at it at once."""
    run = {
        "slot": started_at, "worker": worker, "started_at": started_at, "ended_at": ended_at, "done": done,
        "fault": fault,
    }  # fmt: skip
    noted = insert(_runs).values(jurisdiction=jurisdiction, job=job, missed=0, **run)
    session.execute(noted.on_conflict_do_update(index_elements=[_runs.c.jurisdiction, _runs.c.job], set_=run))


def told(session: Session, jurisdiction: str) -> Sequence[JobRun]:
    """The last run of each job of a jurisdiction that ever ran."""
    return session.scalars(select(JobRun).where(JobRun.jurisdiction == jurisdiction)).all()
