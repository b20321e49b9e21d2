"""A session that is over is told of for ninety days, then forgotten; so are counted tries whose time is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.accounts import Attempts, SignIn
from engine.accounts.limits import counted, digest_of
from engine.accounts.model import LONGEST
from engine.commands.forget_sessions import forget_sessions
from engine.store import Database
from tests.factories import START
from tests.office import Office

NOW = START + timedelta(days=400)


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def sessions_over_since(office: Office, *ages: timedelta) -> None:
    """A session for each age, called after its number."""
    with office.transactions() as session:
        for number, age in enumerate(ages):
            begun_at = NOW - age - LONGEST
            session.add(
                SignIn(
                    jurisdiction=office.bureau.jurisdiction, digest=digest_of(f"{office.bureau.jurisdiction} {number}"),
                    person_id=office.bureau.clerk.person_id, begun_at=begun_at, seen_at=begun_at,
                    ends_at=begun_at + LONGEST, from_address=str(number), agent="", second_factor=False,
                    must_change=False,
                )
            )  # fmt: skip


def told_of(office: Office) -> list[str]:
    with office.transactions() as session:
        return sorted(session.scalars(select(SignIn.from_address)))


def test_a_session_is_told_of_for_ninety_days_after_its_end(office: Office) -> None:
    sessions_over_since(office, timedelta(days=91), timedelta(days=90, seconds=1), timedelta(days=90), timedelta(0))

    counts = [forget_sessions(office.transactions, at=NOW) for _ in range(2)]

    assert counts == [2, 0]
    assert told_of(office) == ["2", "3"]


@pytest.mark.parametrize("chunk", [1, 3, 6, 7])
def test_however_many_go_at_a_time_all_old_sessions_go(office: Office, chunk: int) -> None:
    sessions_over_since(office, *[timedelta(days=100)] * 6, timedelta(days=1))

    assert forget_sessions(office.transactions, at=NOW, chunk=chunk) == 6

    assert told_of(office) == ["6"]


def test_tries_are_forgotten_when_their_time_is_over_and_counted_until_then(office: Office) -> None:
    with office.transactions() as session:
        counted(session, "sign_in", "过去", 60, NOW - timedelta(minutes=2))
        counted(session, "sign_in", "现在", 60, NOW - timedelta(seconds=30))

    forget_sessions(office.transactions, at=NOW)

    with office.transactions() as session:
        assert session.scalars(select(Attempts.key)).all() == [digest_of("现在")]


def test_sessions_of_other_jurisdictions_stay(office: Office, database: Database) -> None:
    elsewhere = Office.opened(database, "conghua")
    sessions_over_since(office, timedelta(days=100))
    sessions_over_since(elsewhere, timedelta(days=100))

    assert forget_sessions(office.transactions, at=NOW) == 1

    assert (told_of(office), told_of(elsewhere)) == ([], ["0"])
