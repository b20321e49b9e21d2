"""`make chaos`: a small storm is weathered, and the checker behind it sees what it is there to see."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from engine.audit.model import Entry
from engine.clock import SystemClock
from engine.commands.fire_due import fire_due
from engine.deadlines.model import Deadline
from engine.notifications import Notice, Sending
from engine.words import DeadlineState
from tools.chaos.checker import examined, left_in
from tools.chaos.clerks import Said, clerks_of
from tools.chaos.place import JURISDICTION, Place, a_place
from tools.chaos.programs import programs_of
from tools.chaos.storm import Blow, rage
from web.wiring import transactions_of
from web.worker.carrying import carrier_for
from web.worker.posting import Post

Spoiled = Callable[[Any], None]


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place(12, filings=2) as place:
        yield place


def all_fired(place: Place) -> None:
    fire_due(transactions_of(place.database, JURISDICTION), at=SystemClock().now())


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.2)


def test_a_small_storm_is_weathered(place: Place) -> None:
    blows = {Blow.KILL: 2, Blow.PAGES: 1, Blow.CRASH: 1, Blow.CLOCK: 1, Blow.DISK: int(place.own_disk)}

    with programs_of(place, 2) as programs:
        with clerks_of(place, 2) as clerks:
            storm = rage(place, programs, blows, random.Random(1))  # noqa: S311 - no secret
        programs.fill_up()
        until(lambda: not left_in(place))

    found = examined(place, [clerk.said for clerk in clerks])

    assert storm.blows == +Counter(blows)
    assert found.is_sound, found
    assert found.fired == 12
    assert found.saved == 2
    assert found.notices > found.mails > 0


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


def told_and_mailed(place: Place) -> None:
    all_fired(place)
    carrier_for(place.database, mails=True).carry_what_waits()
    Post(place.database, SystemClock(), place.letters.server).send_what_is_due()


def a_notice_that_is_gone(place: Place) -> None:
    with place.database.upkeep() as session:
        one = select(Notice.id).limit(1).scalar_subquery()
        session.execute(delete(Sending).where(Sending.notice_id == one))
        session.execute(delete(Notice).where(Notice.id == one))


def a_notice_of_nothing(place: Place) -> None:
    with place.database.upkeep() as session:
        one = select(Notice.id).limit(1).scalar_subquery()
        session.execute(update(Notice).where(Notice.id == one).values(seq=9999))


def a_mail_of_nothing(place: Place) -> None:
    place.letters.arrived["ren0@example.com", "【示例】没有这回事"] += 1


def test_the_checker_sees_who_was_not_told_and_who_was_told_of_nothing(place: Place) -> None:
    told_and_mailed(place)
    before = examined(place)

    a_notice_that_is_gone(place)
    a_notice_of_nothing(place)
    a_mail_of_nothing(place)
    after = examined(place)

    assert before.is_sound, before
    assert after.notices_missing > 0
    assert after.notices_invented == 1
    assert after.mails_invented > 0


def test_the_checker_sees_a_mail_that_never_came(place: Place) -> None:
    told_and_mailed(place)

    place.letters.arrived.clear()

    assert examined(place).mails_missing > 0


def test_the_checker_sees_what_the_pages_said_was_done_and_is_not(place: Place) -> None:
    all_fired(place)
    first, second = place.filings

    found = examined(place, [Said(saved={first: 3}, handed_in={second})])

    assert len(found.pages) == 2
    assert not found.is_sound
