"""手机日历: a phone has asked for somebody's days; what it is told is kept, so that what changes is told to have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notifications import CalendarFeed
from engine.notifications.calendar import OwnDay, ToldDay, from_plain, plain, told_anew

NOTED_EVERY = timedelta(hours=1)
"""That it was asked is noted so often, unless something changed."""


def tell_calendar(session: Session, digest: bytes, days: Sequence[OwnDay], *, at: datetime) -> tuple[ToldDay, ...]:
    """What the calendar of this address is told now that its person has these days; nothing where there is none."""
    asked = select(CalendarFeed).where(CalendarFeed.digest == digest).with_for_update()
    feed = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if feed is None:
        return ()
    before = from_plain(feed.told)
    told = told_anew(before, days, at)
    if told != before:
        feed.told = plain(told)
    if told != before or feed.read_at is None or at - feed.read_at >= NOTED_EVERY:
        feed.read_at = at
    session.flush()
    return told
