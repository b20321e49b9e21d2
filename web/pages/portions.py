"""进度 on a page: a long work done portion by portion, driven by whoever has the page open and said so."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from flask import request

from engine.portions import LongWork, Standing, begun, noted, standing_of, stopped, work_of
from web.visits import Visit


class Portion:
    """One portion being done: how long it takes is measured from here."""

    def __init__(self) -> None:
        self._from = monotonic()

    @property
    def seconds(self) -> float:
        """So long it has taken up to now."""
        return monotonic() - self._from

    def note(
        self,
        visit: Visit,
        kind: str,
        subject: object,
        *,
        moved: int,
        left: int,
        failed: int = 0,
        gave: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down what it did; a work that is over with its first portion is no long work."""
        session, now = visit.session, visit.arrival.now
        work = work_of(session, kind, subject)
        if work is None and left:
            work = begun(session, kind, subject, moved + left, by=visit.actor, at=now)
        if work is not None:
            noted(
                session, work.id, moved=moved, left=left, failed=failed, gave=gave, seconds=self.seconds, at=now
            )  # fmt: skip


def standing(visit: Visit, kind: str, subject: object) -> Standing | None:
    """How the work on that subject stands; None where it never was a long one."""
    work = work_of(visit.session, kind, subject)
    return standing_of(work, visit.arrival.now) if work is not None else None


def is_halted(visit: Visit, work: LongWork | None) -> bool:
    """Whether a portion the page sends by itself has to be left alone: somebody stopped the work meanwhile."""
    return work is not None and work.stopped_at is not None and request.form.get("go") != "1"


def halt(visit: Visit, work: LongWork | None) -> None:
    """停止."""
    if work is not None:
        stopped(visit.session, work, at=visit.arrival.now)


def is_driven() -> bool:
    """Whether the page asked for is that of somebody who drives the work."""
    return request.args.get("auto") == "1"
