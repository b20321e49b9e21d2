"""The jobs that changes leave behind, carried by `jixiao worker` beside the clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import text

from engine.carrier import Carrier
from engine.moves.due import calendar_of
from engine.notifications import TELL, leave_for_groups, leave_for_mail, tell, told_since
from engine.store import Database


def carrier_for(database: Database, *, mails: bool = False) -> Carrier:
    """What carries the jobs of a database; it knows what each of them is. `mails`: somebody sends mail."""

    def told(jurisdiction: str, entries: Mapping[str, Sequence[int]]) -> None:
        with database.transaction(jurisdiction) as session:
            new = tell(session, {int(case): seqs for case, seqs in entries.items()})
            if new:
                leave_for_groups(session, new, calendar_of(session))
            if mails and new:
                leave_for_mail(session, new, calendar_of(session))

    return Carrier(database.logins.application, {TELL: told})


def tell_only_since(database: Database, jurisdiction: str, since: datetime) -> int:
    """Of a past that was made up in one go only what happened since then is told; the jobs it left are dropped.

    Gives how many notices that makes. For the owner of the database.
    """
    with database.upkeep() as session:
        session.execute(text("TRUNCATE procrastinate.procrastinate_jobs CASCADE"))
    with database.transaction(jurisdiction) as session:
        return len(tell(session, told_since(session, jurisdiction, since)))
