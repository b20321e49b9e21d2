"""Whether a stage was already opened for somebody who arrives late."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.stages.model import Launch

_ARRIVE = text("SELECT pg_advisory_xact_lock_shared(hashtext(:launch))")
_AWAIT = text("SELECT pg_advisory_xact_lock(hashtext(:launch))")


def launched_for(
    session: Session, *, jurisdiction: str, fiscal_year: int, message: str, object_kind: str, case_id: int
) -> Launch | None:
    """The latest launch that sent `message` to cases like this one, or None when it was not sent yet.

    Whoever asks is in its way: the next launch waits until the asking transaction is over and then sees the case.
    """
    session.execute(_ARRIVE, {"launch": _place(jurisdiction, fiscal_year, message)})
    launches = session.scalars(
        select(Launch)
        .where(Launch.jurisdiction == jurisdiction, Launch.fiscal_year == fiscal_year, Launch.message == message)
        .order_by(Launch.id.desc())
    )
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
