"""审议 of all documents of a kind in a year, as congress considers them together."""

from dataclasses import astuple
from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.sittings import DeliberationRefused, Sitting, columns_of, refuse_bad_sitting, told_of
from engine.moves.writing import record_outside_cases
from engine.moves.years import must_be_a_fiscal_year
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
) -> Receipt:
    """Note a sitting about all documents of a kind in a year, as congress considers them together."""

    def work() -> dict[str, int]:
        must_be_a_fiscal_year(fiscal_year)
        refuse_bad_sitting(sitting, at)
        if document_kind not in DECISIONS["publication_gate"].inputs["document_kind"].words:
            raise DeliberationRefused(
                f"没有“{document_kind}”这种公开事项，没有登记。请重新选择。", document_kind=document_kind
            )
        row = Deliberation(
            jurisdiction=by.jurisdiction, fiscal_year=fiscal_year, case_id=None,
            **columns_of(sitting, document_kind, by, at),
        )  # fmt: skip
        session.add(row)
        told = told_of(sitting, document_kind, fiscal_year)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"deliberation": row.id}

    content = {"fiscal_year": fiscal_year, "document_kind": document_kind, "sitting": astuple(sitting)}
    return once(session, Asked("record_deliberation_of_year", by, at, key, content=content), work)
