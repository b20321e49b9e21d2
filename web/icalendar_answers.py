"""Days as an iCalendar file (RFC 5545) a phone subscribes to."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from flask import Response
from icalendar import Calendar, Event

from engine.notifications.calendar import ToldDay

ASK_AGAIN = timedelta(hours=1)
"""So often a phone is asked to look; most look when they like."""


def icalendar_answer(name: str, days: Iterable[ToldDay], pages: str) -> Response:
    """Whole days without a time, under the name of the calendar; `pages` is what the paths of days are added to."""
    calendar = Calendar()
    calendar.add("prodid", "-//jixiao//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for told in days:
        calendar.add_component(_event(told, pages))
    return Response(calendar.to_ical(), mimetype="text/calendar", content_type="text/calendar; charset=utf-8")


def _event(told: ToldDay, pages: str) -> Event:
    link = f"{pages.rstrip('/')}{told.day.path}"
    event = Event()
    event.add("uid", f"{told.day.uid}@jixiao.invalid")
    event.add("summary", told.day.words)
    event.add("dtstart", told.day.on)
    event.add("dtend", told.day.on + timedelta(days=1))
    event.add("dtstamp", told.changed_at.astimezone(UTC))
    event.add("last-modified", told.changed_at.astimezone(UTC))
    event.add("sequence", told.sequence)
    event.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("url", link)
    event.add("description", link)
    return event
