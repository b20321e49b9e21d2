"""整年办理续办: an act for many cases that was begun goes on, a portion at a time, whoever drives it."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.events.cases import YearActFinished
from engine.moves.writing import record_outside_cases
from engine.moves.year_acts import KIND, became_of, carried_out, items_of
from engine.portions import LongWork, Result, held_now, left_alone, noted
from engine.store import Database

MOMENT = 1.5
"""Seconds: so long a portion is at it, and so long whoever stops it waits."""

LEFT_ALONE = timedelta(seconds=5)
"""An act of which no portion was noted for so long is driven by no page."""


def carry_on_year_act(
    database: Database, jurisdiction: str, *, at: datetime, now: datetime, act_id: int | None = None
) -> int | None:
    """Do the next portion of that act, or of the one that waited longest; gives how many items had their turn.

    None when nothing waits, or somebody else is at it. Each item is done in a transaction of its own, once, with what
    its person may do at that moment; killed in between, what was done is found done. `now` is the instant by the watch.
    """
    begins = monotonic()
    with database.transaction(jurisdiction) as claim:
        work = left_alone(claim, KIND, now - LEFT_ALONE) if act_id is None else held_now(claim, act_id)
        if work is None:
            return None
        known = became_of(work)
        waiting = [item for item in items_of(work) if item.task not in known]
        gave: dict[str, tuple[Result, str]] = {}
        for tried, item in enumerate(waiting):
            if tried and monotonic() - begins > MOMENT:
                break
            done = carried_out(database, claim, work, item, at)
            if done is not None:
                gave[item.task] = done
        failed = sum(result is not Result.DONE for result, _ in {**known, **gave}.values())
        work = noted(
            claim, work.id, left=len(waiting) - len(gave), moved=len(gave), failed=failed,
            seconds=monotonic() - begins, at=now, goes_on=act_id is None and bool(gave),
            gave={task: [result.value, why] for task, (result, why) in gave.items()},
        )  # fmt: skip
        if act_id is None and work.ended_at is not None:
            _tell(claim, work, at)
        return len(gave)


def _tell(session: Session, work: LongWork, at: datetime) -> None:
    """Who began it hears that it is over; a page that drove it to its end has shown so itself."""
    told: dict[str, Any] = work.content
    over = YearActFinished(
        act=work.id, step=told["step"], called=told["title"], fiscal_year=told["fiscal_year"], person=work.begun_by,
        unit=told["unit"], office=told["roles"][0], total=work.total, undone=work.failed,
    )  # fmt: skip
    record_outside_cases(session, work.jurisdiction, [over], by=None, at=at)
