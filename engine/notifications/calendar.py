"""手机日历: one's own deadlines as a calendar tells them to what was told before. Pure: no clock, no database.

A calendar that is subscribed to goes by numbers: a day that was told before and changed, or is no more, is told again
under its name with the next number, or phones keep the day they know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

GONE_FOR = timedelta(days=30)
"""So long a day that is no more is told to be cancelled; who has not looked by then has no such day any more."""


@dataclass(frozen=True, slots=True)
class OwnDay:
    """One day somebody has to keep: its name for ever, the day, of what, and the page it is about."""

    uid: str
    on: date
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class ToldDay:
    """The same as a calendar is told it: for the how manieth time it changed, since when, and whether it is no more."""

    day: OwnDay
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def told_anew(before: Iterable[ToldDay], now: Iterable[OwnDay], at: datetime) -> tuple[ToldDay, ...]:
    """What a calendar is told at `at` that was told `before`.

    >>> from engine.clock import shanghai
    >>> day = OwnDay("1", date(2022, 10, 12), "示例", "/tasks/1")
    >>> moved = OwnDay("1", date(2022, 10, 19), "示例", "/tasks/1")
    >>> first = told_anew((), [day], shanghai(2022, 10, 1))
    >>> second = told_anew(first, [moved], shanghai(2022, 10, 2))
    >>> third = told_anew(second, [], shanghai(2022, 10, 3))
    >>> [(told.sequence, told.day.on.day, told.cancelled) for told in (*first, *second, *third)]
    [(0, 12, False), (1, 19, False), (2, 19, True)]
    >>> told_anew(third, [], shanghai(2022, 11, 3))
    ()
    """
    known = {told.day.uid: told for told in before}
    days = {day.uid: day for day in now}
    still = (_still(known.get(uid), day, at) for uid, day in days.items())
    gone = (_gone(told, at) for uid, told in known.items() if uid not in days)
    return (*still, *(told for told in gone if at - told.changed_at < GONE_FOR))


def _still(told: ToldDay | None, day: OwnDay, at: datetime) -> ToldDay:
    if told is None:
        return ToldDay(day, 0, at)
    return told if told.day == day and not told.cancelled else ToldDay(day, told.sequence + 1, at)


def _gone(told: ToldDay, at: datetime) -> ToldDay:
    return told if told.cancelled else ToldDay(told.day, told.sequence + 1, at, cancelled=True)


def plain(told: Iterable[ToldDay]) -> list[dict[str, Any]]:
    """As a row keeps it."""
    return [
        {
            "uid": each.day.uid, "on": each.day.on.isoformat(), "words": each.day.words, "path": each.day.path,
            "sequence": each.sequence, "at": each.changed_at.isoformat(), "cancelled": each.cancelled,
        }
        for each in told
    ]  # fmt: skip


def from_plain(kept: Iterable[Mapping[str, Any]]) -> tuple[ToldDay, ...]:
    """The same from a row."""
    return tuple(
        ToldDay(
            OwnDay(each["uid"], date.fromisoformat(each["on"]), each["words"], each["path"]),
            each["sequence"],
            datetime.fromisoformat(each["at"]),
            each["cancelled"],
        )
        for each in kept
    )
