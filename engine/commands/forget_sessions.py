"""Sessions that were over long ago are forgotten, with the counted tries of who came in; their log stays."""

from datetime import datetime

from engine.accounts.clearing import forget_some
from engine.moves.delivering import Transactions

CHUNK = 5_000
"""How many go in one transaction."""


def forget_sessions(transactions: Transactions, *, at: datetime, chunk: int = CHUNK) -> int:
    """Forget them in the jurisdiction, `chunk` a transaction; gives how many went. Asked again, the rest."""
    forgotten, gone = 0, chunk
    while gone >= chunk:
        with transactions() as session:
            gone = forget_some(session, at, chunk)
        forgotten += gone
    return forgotten
