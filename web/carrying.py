"""The jobs that changes leave behind, carried by `jixiao worker` beside the clock."""

from collections.abc import Mapping, Sequence

from engine.carrier import Carrier
from engine.notifications import TELL, tell
from engine.store import Database


def carrier_for(database: Database) -> Carrier:
    """What carries the jobs of a database; it knows what each of them is."""

    def told(jurisdiction: str, entries: Mapping[str, Sequence[int]]) -> None:
        with database.transaction(jurisdiction) as session:
            tell(session, {int(case): seqs for case, seqs in entries.items()})

    return Carrier(database.logins.application, {TELL: told})
