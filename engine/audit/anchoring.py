"""Anchoring the days that are over, as it is done once a day: none is left out, however long nobody did it."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine.audit.anchors import GRACE, anchor_day
from engine.audit.keeping import AnchorKeeper
from engine.audit.model import Anchor, Entry
from engine.clock import day_of
from engine.store.archives import CaseArchive

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext(:anchors))")


def anchor_what_is_over(
    session: Session, jurisdiction: str, *, at: datetime, keeper: AnchorKeeper | None = None
) -> list[Anchor]:
    """Anchor every day that is over and has no anchor yet, in order; a journal that has none begins with yesterday.

    Nothing where nothing was ever written. A keeper that refuses stops all of it.
    """
    session.execute(_ONE_AT_A_TIME, {"anchors": f"anchors {jurisdiction}"})
    last = session.scalar(select(func.max(Anchor.day)).where(Anchor.jurisdiction == jurisdiction))
    if last is None and not _has_journal(session, jurisdiction):
        return []
    return [anchor_day(session, jurisdiction, day, at=at, keeper=keeper) for day in days_over(last, at)]


def days_over(last: date | None, at: datetime) -> list[date]:
    """The days over by `at` that come after `last`; without a `last` only the latest, which stands for all before it.

    >>> from engine.clock import shanghai
    >>> [day.day for day in days_over(date(2022, 10, 8), shanghai(2022, 10, 12, 1))]
    [9, 10, 11]
    >>> [day.day for day in days_over(None, shanghai(2022, 10, 12, 0, 59))]
    [10]
    """
    latest = day_of(at - GRACE) - timedelta(days=1)
    first = latest if last is None else last + timedelta(days=1)
    return [first + timedelta(days=n) for n in range((latest - first).days + 1)]


def _has_journal(session: Session, jurisdiction: str) -> bool:
    homes = (Entry, CaseArchive)
    return any(
        session.scalar(select(home.jurisdiction).where(home.jurisdiction == jurisdiction).limit(1)) for home in homes
    )
