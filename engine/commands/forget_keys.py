"""Request keys nobody can ask for any more are dropped, so that the table does not grow for ever."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_

from engine.moves.delivering import Transactions
from engine.moves.repeating import DoneCommand
from engine.store.base import table_of

KEPT = timedelta(days=90)
"""How long a key is remembered."""

CHUNK = 5_000
"""How many keys go in one transaction."""

_done = table_of(DoneCommand)
_KEY = (_done.c.jurisdiction, _done.c.person_id, _done.c.key)


def forget_keys(transactions: Transactions, *, at: datetime, chunk: int = CHUNK) -> int:
    """Drop the keys of the jurisdiction that are older than `KEPT`, `chunk` a transaction; gives how many.

    A request sent again under a key that was dropped is a new request. Keys another machine is dropping are left to it.
    """
    old = select(*_KEY).where(_done.c.at < at - KEPT).limit(chunk).with_for_update(skip_locked=True).cte("old")
    dropped, gone = 0, chunk
    while gone == chunk:
        with transactions() as session:
            gone = session.execute(delete(_done).where(tuple_(*_KEY).in_(select(old)))).rowcount  # type: ignore[attr-defined]
        dropped += gone
    return dropped
