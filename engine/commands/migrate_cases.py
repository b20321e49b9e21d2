"""Several running cases move to today's diagrams and tables, each in a transaction of its own."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.migrating import Moved, migrate


def migrate_cases(
    transactions: Callable[[], AbstractContextManager[Session]],
    case_ids: Iterable[int],
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> list[Moved]:
    """Put several cases on today's versions, each in a transaction of its own; who cannot go stays and is named."""
    results = []
    for case_id in case_ids:
        try:
            with transactions() as session:
                migrate(session, case_id, reason=reason, by=by, at=at)
            results.append(Moved(case_id, None))
        except EngineError as refusal:
            results.append(Moved(case_id, refusal.message))
    return results
