"""Files that were sent and never put with a case leave the file store after a week."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from engine.moves.delivering import Transactions
from engine.submissions.file_clearing import clear
from engine.submissions.file_store import FileStore

KEPT = timedelta(days=7)
"""So long a file may lie there before a row names it; an upload takes minutes."""


def clear_files(lookout: Transactions, store: FileStore, *, at: datetime) -> int:
    """Take them out of the store, whichever jurisdiction they were sent to; gives how many went.

    The store is one for all jurisdictions, so it is the clock that asks, in a `lookout`: what any of them names stays.
    """

    def unnamed(hashes: Sequence[str]) -> Collection[str]:
        with lookout() as session:
            return set(session.scalars(select(func.unnamed_files(list(hashes)))))

    return clear(store, unnamed, at - KEPT)
