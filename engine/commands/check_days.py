"""期限自查: once a day the clock looks whether a day passed it by. None should; each that did is an incident."""

from datetime import datetime

from engine.moves.delivering import Transactions
from engine.moves.incidents import note_incident
from engine.moves.lost_days import lost_days


def check_days(transactions: Transactions, *, at: datetime) -> int:
    """Put on record what passed and came to nothing in the jurisdiction; gives how many days. Asked after a sweep."""
    with transactions() as session:
        lost = lost_days(session, at)
        for day in lost:
            note_incident(session, day.attempt, day.reason, at=at)
    return len(lost)
