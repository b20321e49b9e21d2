"""Several running cases move to today's diagrams and tables, each in a transaction of its own."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.migrating import Moved, migrate
from engine.moves.repeating import Asked, on_case
from engine.moves.second_person import must_be_second


def migrate_cases(
    transactions: Callable[[], AbstractContextManager[Session]],
    case_ids: Iterable[int],
    *,
    reason: str,
    second: Actor,
    by: Actor,
    at: datetime,
) -> list[Moved]:
    """Put several cases on today's versions, each in a transaction of its own; who cannot go stays and is named.

    `second` agrees to all of it; a second person who may not is refused before any case is touched.
    """
    must_be_second(second, by, "换用新版流程")
    asked = Asked("migrate_case", by, at)
    return [_moved(transactions, case_id, asked, reason, second) for case_id in case_ids]


def _moved(
    transactions: Callable[[], AbstractContextManager[Session]], case_id: int, asked: Asked, reason: str, second: Actor
) -> Moved:
    try:
        with transactions() as session:
            on_case(
                session, asked, case_id, lambda case: migrate(session, case, reason, second, by=asked.by, at=asked.at)
            )
    except EngineError as refusal:
        return Moved(case_id, refusal.message)
    return Moved(case_id, None)
