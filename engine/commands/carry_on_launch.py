"""后台续办部署: a launch that was begun and that nobody drives goes on, a portion at a time."""

from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy.orm import Session

from engine.audit.events.cases import LaunchFinished
from engine.directory import Actor
from engine.moves.delivering import Transactions
from engine.moves.launching import KIND, carry_launch, failed_of, launch_by_id
from engine.moves.writing import record_outside_cases
from engine.portions import LongWork, begun_with, left_alone, noted, postponed
from engine.stages.model import Launch
from engine.words import Role

PORTION = 500
"""So many cases move in one portion, which is one transaction."""

LEFT_ALONE = timedelta(seconds=5)
"""A launch of which no portion was noted for so long is driven by no page."""


def carry_on_launch(transactions: Transactions, *, at: datetime, now: datetime) -> int | None:
    """Do the next portion of the launch that waited longest; gives how many cases moved, None when nothing waits.

    Any number of workers may ask at once: each gets another launch or none, and one that is killed leaves its own to
    the next. `now` is the instant by the watch. What somebody stopped is left alone until somebody goes on with
    it; a fault is raised when the launch was put behind the others.
    """
    begins = monotonic()
    with transactions() as claim:
        work = left_alone(claim, KIND, now - LEFT_ALONE)
        if work is None:
            return None
        by, launch_id = begun_with(claim, work, Role.PERFORMANCE_OFFICE), int(work.subject)
        fault = None
        try:
            done = carry_launch(transactions, launch_id, by=by, at=at, most=PORTION)
        except Exception as reason:  # noqa: BLE001 - told when the work was put behind the others
            postponed(claim, work.id, at=now)
            fault = reason
        else:
            failed, seconds = failed_of(claim, launch_id), monotonic() - begins
            work = noted(
                claim, work.id, left=done.left, moved=done.moved, failed=failed, seconds=seconds, at=now,
                goes_on=done.moved > 0,
            )  # fmt: skip
            if work.ended_at is not None:
                _tell(claim, work, launch_by_id(claim, launch_id), by, at)
    if fault is not None:
        raise fault
    return done.moved


def _tell(session: Session, work: LongWork, launch: Launch, by: Actor, at: datetime) -> None:
    """Who began it hears that it is over; a page that drove it to its end has shown so itself."""
    stage, _, _ = launch.message.partition(".")
    over = LaunchFinished(
        launch=launch.id, stage=stage, fiscal_year=launch.fiscal_year, person=by.person_id, unit=by.unit_id,
        total=work.total, failed=work.failed,
    )  # fmt: skip
    record_outside_cases(session, launch.jurisdiction, [over], by=None, at=at)
