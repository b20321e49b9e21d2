"""Whether a stage was already opened for somebody who arrives late."""

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from engine.stages.model import Launch
from engine.store.base import table_of
from engine.store.wire import Order, in_one_trip

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
    launches = (Launch(**row._asdict()) for row in found.rows)
    return next((launch for launch in launches if covers(launch, object_kind, case_id)), None)


def await_arrivals(session: Session, jurisdiction: str, fiscal_year: int, message: str) -> None:
    """Wait for the cases that are just arriving where `message` is awaited; who arrives later finds the launch."""
    session.execute(_AWAIT, {"launch": _place(jurisdiction, fiscal_year, message)})


def _place(jurisdiction: str, fiscal_year: int, message: str) -> str:
    return f"launch {jurisdiction} {fiscal_year} {message}"


def covers(launch: Launch, object_kind: str, case_id: int) -> bool:
    """Whether a launch was meant for this case: an empty scope means everybody."""
    kinds, cases = launch.scope.get("object_kinds"), launch.scope.get("case_ids")
    return (not kinds or object_kind in kinds) and (not cases or case_id in cases)
