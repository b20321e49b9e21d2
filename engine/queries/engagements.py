"""Which engagement of an agency something in a case was done under: one question, as a part of larger ones."""

from typing import Any

from sqlalchemy import select

from engine.results.model import Assignment
from engine.store.base import table_of

_then = table_of(Assignment).alias("then").c


def engagement_then(case_id: Any, at: Any) -> Any:
    """The number of the engagement that ran in a case at an instant, nothing before the first: to be compared."""
    return _latest(_then.id, case_id, at)


def agency_then(case_id: Any, at: Any) -> Any:
    """The number of the agency that was engaged in a case at an instant, nothing before the first: to be compared."""
    return _latest(_then.agency_id, case_id, at)


def _latest(column: Any, case_id: Any, at: Any) -> Any:
    return (
        select(column)
        .where(_then.case_id == case_id, _then.assigned_at <= at)
        .order_by(_then.assigned_at.desc(), _then.id.desc())
        .limit(1)
        .scalar_subquery()
    )
