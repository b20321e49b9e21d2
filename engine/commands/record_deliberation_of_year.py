"""审议 of all documents of a kind in a year, as congress considers them together."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor, Role
from engine.moves.repeating import done_before, remember
from engine.moves.sittings import DeliberationRefused, Sitting, columns_of, refuse_bad_sitting, told_of
from engine.moves.writing import record_outside_cases
from engine.policies import DECISIONS
from engine.results.model import Deliberation


def record_deliberation_of_year(
    session: Session,
    fiscal_year: int,
    document_kind: str,
    sitting: Sitting,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Deliberation:
    """Note a sitting about all documents of a kind in a year, as congress considers them together."""
    by.must_hold(Role.PERFORMANCE_OFFICE)
    refuse_bad_sitting(sitting, at)
    if document_kind not in DECISIONS["publication_gate"].inputs["document_kind"].words:
        raise DeliberationRefused(
            f"没有“{document_kind}”这种公开事项，没有登记。请重新选择。", document_kind=document_kind
        )
    known = done_before(session, by.jurisdiction, key, "record_deliberation_of_year", at, {})
    if known is not None:
        return session.get_one(Deliberation, int(known["deliberation"]))
    row = Deliberation(
        jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, case_id=None,
        **columns_of(sitting, document_kind, by, at),
    )  # fmt: skip
    session.add(row)
    session.flush()
    remember(session, by.jurisdiction, key, {"deliberation": row.id})
    told = told_of(sitting, document_kind, fiscal_year)
    record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
    return row
