"""手机日历: what a phone is answered at the address somebody took for their calendar.

No cookie, no login: the address is the key, of 256 random bits, so that nobody has to count who guesses. What is
counted is how often one is asked.
"""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from engine.accounts.limits import digest_of, within
from engine.clock import day_of
from engine.commands.tell_calendar import tell_calendar
from engine.queries.own_days import feed_owner, own_days
from engine.store import retrying
from web.icalendar_answers import icalendar_answer
from web.visits import open_to_all
from web.visits.site import site

page = Blueprint("calendar_feeds", __name__)
LONGEST_TOKEN = 100
PER_HOUR = 60
"""So often one address is answered."""
HOUR = 3600


@page.get("/calendar-feeds/<jurisdiction>/<token>.ics")
@open_to_all
def read(jurisdiction: str, token: str) -> Any:
    """The calendar; the same “no such thing” for an address that is wrong, given up, or of somebody who left."""
    if jurisdiction not in site().jurisdictions or len(token) > LONGEST_TOKEN:
        return _nothing_here()
    return retrying(site().database, jurisdiction, lambda session: _told(session, jurisdiction, token))


def address_of(jurisdiction: str, token: str) -> str:
    """What somebody puts into their phone."""
    return f"{pages_address()}/calendar-feeds/{jurisdiction}/{token}.ics"


def pages_address() -> str:
    """Under which address people reach the pages: as the installation says, else as this visitor did."""
    return site().pages or request.url_root.rstrip("/")


def _told(session: Session, jurisdiction: str, token: str) -> Response:
    at, digest = site().clock.now(), digest_of(token)
    owner = feed_owner(session, digest)
    if owner is None:
        return _nothing_here()
    if not within(session, "calendar_feed", token, PER_HOUR, HOUR, site().watch.now()):
        return _too_often()
    days = tell_calendar(session, digest, own_days(session, owner, day_of(at)), at=at)
    return icalendar_answer(f"绩效期限（{site().jurisdictions[jurisdiction]}）", days, pages_address())


def _nothing_here() -> Response:
    return Response("没有这个日历。请在“通知设置”里重新生成地址。", 404, mimetype="text/plain")


def _too_often() -> Response:
    return Response("问得太勤了，请一小时后再来。", 429, {"Retry-After": str(HOUR)}, mimetype="text/plain")
