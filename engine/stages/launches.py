"""Whether a stage was already opened: for somebody who arrives late, or for whom it is to be opened once more."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from engine.stages.model import Launch
from engine.store.base import table_of
from engine.store.wire import Answer, Order, in_one_trip

_ARRIVE = text("SELECT pg_advisory_xact_lock_shared(hashtext(:launch))")
_LAUNCHES = (
    select(table_of(Launch))
    .where(
        Launch.jurisdiction == bindparam("of"),
        Launch.fiscal_year == bindparam("year"),
        Launch.message == bindparam("sent"),
    )
    .order_by(Launch.id.desc())
)
_AWAIT = text("SELECT pg_advisory_xact_lock(hashtext(:launch))")


def launched_for(
    session: Session, *, jurisdiction: str, fiscal_year: int, message: str, object_kind: str, case_id: int
) -> Launch | None:
    """The latest launch that sent `message` to cases like this one, or None when it was not sent yet.

    Whoever asks is in its way: the next launch waits until the asking transaction is over and then sees the case.
    """
    year = {"of": jurisdiction, "year": fiscal_year, "sent": message}
    _, found = in_one_trip(
        session, Order(_ARRIVE, {"launch": _place(jurisdiction, fiscal_year, message)}), Order(_LAUNCHES, year)
    )
    return next((each for each in _launches(found) if covers(each, object_kind, case_id)), None)


def launched_before(
    session: Session, jurisdiction: str, fiscal_year: int, message: str, scope: Mapping[str, Any]
) -> Launch | None:
    """The latest launch that sent `message` to all of this scope, or to more; None when there is none."""
    (found,) = in_one_trip(
        session, Order(_LAUNCHES, {"of": jurisdiction, "year": fiscal_year, "sent": message})
    )  # fmt: skip
    return next((each for each in _launches(found) if _covers_all(each, scope)), None)


def await_arrivals(session: Session, jurisdiction: str, fiscal_year: int, message: str) -> None:
    """Wait for the cases that are just arriving where `message` is awaited; who arrives later finds the launch."""
    session.execute(_AWAIT, {"launch": _place(jurisdiction, fiscal_year, message)})


def _launches(found: Answer) -> Iterator[Launch]:
    return (Launch(**row._asdict()) for row in found.rows)


def _covers_all(launch: Launch, scope: Mapping[str, Any]) -> bool:
    """Whether a launch was meant for everybody another one would be for; what a scope does not name it leaves open."""
    named = ((launch.scope.get(part), scope.get(part)) for part in ("object_kinds", "case_ids"))
    return all(not theirs or (ours and set(ours) <= set(theirs)) for theirs, ours in named)


def _place(jurisdiction: str, fiscal_year: int, message: str) -> str:
    return f"launch {jurisdiction} {fiscal_year} {message}"


def covers(launch: Launch, object_kind: str, case_id: int) -> bool:
    """Whether a launch was meant for this case: an empty scope means everybody."""
    kinds, cases = launch.scope.get("object_kinds"), launch.scope.get("case_ids")
    return (not kinds or object_kind in kinds) and (not cases or case_id in cases)
