"""What workers go on with when nobody has its page open: launches and acts for a year that were begun."""

from time import monotonic

from engine.clock import Clock
from engine.commands.carry_on_launch import carry_on_launch
from engine.commands.carry_on_year_act import carry_on_year_act
from engine.portions import nothing_begun
from engine.stages import Library
from engine.store import Database
from web.wiring import transactions_of

CARRY_SECONDS = 5
"""How often a worker looks for work nobody drives."""

MOST_SECONDS = 10
"""So long it is at it in one go, so that a worker that is told to stop does so soon."""


def carry_on(database: Database, clock: Clock, watch: Clock) -> int:
    """Go on with all nobody drives, a portion of each jurisdiction in turn; gives how many cases moved."""
    library: Library = database.parts["library"]
    places = [place for place in sorted(library.policy_ids) if _begun(database, place)]
    moved, ends = 0, monotonic() + MOST_SECONDS
    while places and monotonic() < ends:
        for place in list(places):
            done = (
                carry_on_launch(transactions_of(database, place), at=clock.now(), now=watch.now()),
                carry_on_year_act(database, place, at=clock.now(), now=watch.now()),
            )
            if done == (None, None):
                places.remove(place)
            moved += sum(each or 0 for each in done)
    return moved


def _begun(database: Database, place: str) -> bool:
    with database.transaction(place) as session:
        return not nothing_begun(session)
