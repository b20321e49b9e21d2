"""What a long work is doing now, and how long it will still take; no session, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from engine.portions.model import LongWork

QUIET = timedelta(minutes=1)
"""A work of which no portion was noted for so long has been left by whoever drove it."""


class Doing(StrEnum):
    """What becomes of a work at a moment."""

    RUNNING = "running"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    OVER = "over"


class Result(StrEnum):
    """What became of one item of a frozen list, the worst first."""

    FAILED = "失败"
    SKIPPED = "跳过"
    DONE = "成功"


@dataclass(frozen=True, slots=True)
class Standing:
    """A work at a moment: `seconds_left` is None while nobody can say, or nobody works on it."""

    doing: Doing
    total: int
    done: int
    failed: int
    seconds_left: int | None
    portion_at: datetime
    continued_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether somebody drives it."""
        return self.doing is Doing.RUNNING

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is left."""
        return self.doing is Doing.OVER

    @property
    def left(self) -> int:
        """How many items are still to be done."""
        return self.total - self.done


def standing_of(work: LongWork, now: datetime) -> Standing:
    """How a work stands at `now`, an instant of the watch."""
    doing = _doing(work, now)
    left = work.total - work.done
    knows = doing is Doing.RUNNING and work.seconds_each is not None
    seconds = max(1, ceil(left * (work.seconds_each or 0))) if knows else None
    return Standing(doing, work.total, work.done, work.failed, seconds, work.portion_at, work.continued_at)


def _doing(work: LongWork, now: datetime) -> Doing:
    if work.ended_at is not None:
        return Doing.OVER
    if work.stopped_at is not None:
        return Doing.STOPPED
    return Doing.INTERRUPTED if now - work.portion_at > QUIET else Doing.RUNNING
