"""`make chaos`: a small storm is weathered, and the checker behind it sees what it is there to see."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from engine.audit.model import Entry
from engine.clock import SystemClock
from engine.commands.fire_due import fire_due
from engine.deadlines.model import Deadline
from engine.words import DeadlineState
from tools.chaos.checker import examined, fired_in, left_in
from tools.chaos.place import JURISDICTION, Place, a_place
from tools.chaos.storm import rage, workers_of
from web.wiring import transactions_of

Spoiled = Callable[[Any], None]


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place(12) as place:
        yield place


def all_fired(place: Place) -> None:
    fire_due(transactions_of(place.database, JURISDICTION), at=SystemClock().now())


def test_a_small_storm_is_weathered(place: Place) -> None:
    with workers_of(place, 2) as workers:
        storm = rage(place, workers, 2, 1, random.Random(1), lambda: fired_in(place))  # noqa: S311 - no secret
        all_fired(place)

    found = examined(place)

    assert (storm.kills, storm.crashes) == (2, 1)
    assert (found.lost, found.doubled, found.faults) == (0, 0, ())
    assert found.fired >= found.cases == 12


def test_the_checker_sees_what_did_not_fire(place: Place) -> None:
    assert left_in(place) > 0

    assert examined(place).lost > 0


def a_fired_day_that_pends(session: Any) -> None:
    one = select(Deadline.id).where(Deadline.state == DeadlineState.FIRED).limit(1).scalar_subquery()
    session.execute(update(Deadline).where(Deadline.id == one).values(state=DeadlineState.PENDING))


def an_entry_that_is_gone(session: Any) -> None:
    one = select(Entry.id).where(Entry.type == "deadline.fired").limit(1).scalar_subquery()
    session.execute(text("ALTER TABLE journal DISABLE TRIGGER USER"))
    session.execute(delete(Entry).where(Entry.id == one))
    session.execute(text("ALTER TABLE journal ENABLE TRIGGER USER"))


@pytest.mark.parametrize("spoil", [a_fired_day_that_pends, an_entry_that_is_gone])
def test_the_checker_sees_what_was_lost(place: Place, spoil: Spoiled) -> None:
    all_fired(place)
    before = examined(place)

    with place.database.upkeep() as session:
        spoil(session)

    assert before.faults == ()
    assert examined(place).faults != ()
