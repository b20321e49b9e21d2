"""Whoever comes in by the browser: which session, which person in which office, and how they are refused.

- `site` is what the doors of one installation share; `visit` is one request of one person.
- `door` lets a page be opened only by those the engine's table names; every page has a line in that table.
- `reading` puts on record what observers are shown.
- `turns` lets a few requests be worked on at a time.
- `forgery` keeps other sites from sending our forms, `headers` keeps foreign code out of our pages;
  `sizes` bounds what is sent, `turns` how much is worked on at once.
- `refusals` turns what the engine says no to, and what nobody foresaw, into a page with the right status.
"""

from web.visits.door import (
    SeatGone,
    SessionOver,
    acting,
    before_all_else,
    open_to_all,
    own_affairs,
    requires,
    seated,
    signed_in,
)
from web.visits.site import Site
from web.visits.visit import Arrival, Visit

__all__ = [
    "Arrival",
    "SeatGone",
    "SessionOver",
    "Site",
    "Visit",
    "acting",
    "before_all_else",
    "open_to_all",
    "own_affairs",
    "requires",
    "seated",
    "signed_in",
]
