"""Whether a stage was already opened for somebody who arrives late."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.stages.model import Launch


def launched_for(
    session: Session, *, jurisdiction: str, fiscal_year: int, message: str, object_kind: str, case_id: int
) -> Launch | None:
    """The latest launch that sent `message` to cases like this one, or None when it was not sent yet."""
    launches = session.scalars(
        select(Launch)
        .where(Launch.jurisdiction == jurisdiction, Launch.fiscal_year == fiscal_year, Launch.message == message)
        .order_by(Launch.id.desc())
    )
    return next((launch for launch in launches if covers(launch, object_kind, case_id)), None)


def covers(launch: Launch, object_kind: str, case_id: int) -> bool:
    """Whether a launch was meant for this case: an empty scope means everybody."""
    kinds, cases = launch.scope.get("object_kinds"), launch.scope.get("case_ids")
    return (not kinds or object_kind in kinds) and (not cases or case_id in cases)
