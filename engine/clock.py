"""What time it is, in one place: instants are UTC, days are Asia/Shanghai."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

SECONDS_TOO_FAR = 60
"""Two machines whose clocks are further apart than this do not agree on what is over."""


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """This instant."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SteppingClock:
    """A clock that stands where it is put; rehearsals and the demo move it by hand."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Put the clock at `at`; it never goes back."""
        self._at = max(self._at, at.astimezone(UTC))


def day_of(at: datetime) -> date:
    """The day in China on which the instant `at` falls."""
    return at.astimezone(SHANGHAI).date()


def shanghai(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """The instant of a Chinese wall-clock reading.

    >>> shanghai(2022, 10, 12).isoformat()
    '2022-10-12T01:00:00+00:00'
    """
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def start_of_day(on: date) -> datetime:
    """The first instant of `on`, China time."""
    return datetime.combine(on, time.min, tzinfo=SHANGHAI).astimezone(UTC)


def first_late(on: date) -> datetime:
    """The first instant that is late for something due on `on`: midnight after it, China time.

    >>> first_late(date(2022, 10, 12)) == shanghai(2022, 10, 13, 0)
    True
    """
    return start_of_day(on + timedelta(days=1))


def last_instant(on: date) -> datetime:
    """The last instant that still belongs to `on`, China time, as finely as the database keeps it.

    >>> last_instant(date(2022, 10, 12)) < first_late(date(2022, 10, 12)), day_of(last_instant(date(2022, 10, 12)))
    (True, datetime.date(2022, 10, 12))
    """
    return datetime.combine(on, time.max, tzinfo=SHANGHAI).astimezone(UTC)
