"""手机日历: an address is its person's, the days are theirs, and asking twice is asking once."""

from datetime import timedelta

import pytest

from engine.accounts.limits import digest_of
from engine.clock import day_of
from engine.commands.subscribe_calendar import subscribe_calendar
from engine.commands.tell_calendar import tell_calendar
from engine.directory import Actor, Person
from engine.notifications.calendar import ToldDay
from engine.queries.own_days import FeedShown, calendar_feed, feed_owner, own_days
from tests.integration.desk import project_at
from tests.office import Office

OURS, NEXT = digest_of("示例甲"), digest_of("示例乙")


@pytest.fixture
def case(office: Office) -> int:
    """A target waits to be filled in."""
    return project_at(office, "fill_target")


def subscribe(office: Office, who: Actor, digest: bytes | None, key: str | None = None) -> None:
    with office.transactions() as session:
        subscribe_calendar(session, digest, by=who, at=office.now, key=key)


def owner(office: Office, digest: bytes) -> int | None:
    with office.transactions() as session:
        found = feed_owner(session, digest)
        return None if found is None else found.id


def shown(office: Office, who: Actor) -> FeedShown | None:
    with office.transactions() as session:
        return calendar_feed(session, who)


def told(office: Office, digest: bytes, who: Actor) -> tuple[ToldDay, ...]:
    with office.transactions() as session:
        days = own_days(session, session.get_one(Person, who.person_id), day_of(office.now))
        return tell_calendar(session, digest, days, at=office.now)


def test_an_address_is_that_of_who_took_it_and_a_substitute_takes_their_own(office: Office, case: int) -> None:
    clerk, head = office.bureau.clerk, office.bureau.head
    stands_in = Actor(head.person_id, head.name, head.jurisdiction, clerk.unit_id, clerk.roles, clerk.person_id)
    subscribe(office, stands_in, OURS)

    assert owner(office, OURS) == head.person_id
    assert (shown(office, clerk), shown(office, head)) == (None, FeedShown(office.now, None))


def test_the_same_request_again_does_not_bring_back_an_address_given_up(office: Office, case: int) -> None:
    clerk = office.bureau.clerk
    subscribe(office, clerk, OURS, key="示例")
    subscribe(office, clerk, NEXT)
    subscribe(office, clerk, OURS, key="示例")

    assert [owner(office, each) for each in (OURS, NEXT)] == [None, clerk.person_id]

    subscribe(office, clerk, None)

    assert owner(office, NEXT) is None
    assert shown(office, clerk) is None
    assert told(office, NEXT, clerk) == ()


def test_days_are_those_of_the_office_the_work_lies_with(office: Office, case: int) -> None:
    clerk, division = office.bureau.clerk, office.bureau.division
    subscribe(office, clerk, OURS)
    subscribe(office, division, NEXT)

    (day,) = told(office, OURS, clerk)

    assert day.day.path == f"/tasks/{office.tasks(case)[0].id}"
    assert told(office, NEXT, division) == ()


def test_that_a_phone_asked_is_noted_within_the_hour(office: Office, case: int) -> None:
    clerk, first = office.bureau.clerk, office.now
    subscribe(office, clerk, OURS)
    told(office, OURS, clerk)
    office.clock.move_to(first + timedelta(minutes=59))
    told(office, OURS, clerk)
    early = shown(office, clerk)
    office.clock.move_to(first + timedelta(hours=1))
    told(office, OURS, clerk)

    assert early == FeedShown(first, first)
    assert shown(office, clerk) == FeedShown(first, first + timedelta(hours=1))
