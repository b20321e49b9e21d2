"""A request key is remembered for ninety days, then dropped."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from engine.commands.forget_keys import forget_keys
from engine.moves.repeating import DoneCommand
from tests.factories import START
from tests.office import Office

NOW = START + timedelta(days=400)


@pytest.fixture
def office(database) -> Office:
    return Office.opened(database)


def given_keys(office: Office, *ages: timedelta) -> None:
    """A key of each age, called after its number."""
    with office.transactions() as session:
        for number, age in enumerate(ages):
            _asked(session, office, f"key {number}", NOW - age)


def _asked(session, office: Office, key: str, at: datetime) -> None:
    row = {
        "jurisdiction": office.bureau.jurisdiction, "person_id": office.bureau.clerk.person_id, "key": key,
        "command": "complete_task", "fingerprint": bytes(16), "answer": None, "at": at,
    }  # fmt: skip
    session.execute(insert(DoneCommand), row)


def remembered(office: Office) -> list[str]:
    with office.transactions() as session:
        return sorted(session.scalars(select(DoneCommand.key)))


def test_a_key_is_remembered_for_ninety_days(office: Office) -> None:
    given_keys(office, timedelta(days=91), timedelta(days=90, seconds=1), timedelta(days=90), timedelta(0))

    counts = [forget_keys(office.transactions, at=NOW) for _ in range(2)]

    assert counts == [2, 0]
    assert remembered(office) == ["key 2", "key 3"]


@pytest.mark.parametrize("chunk", [1, 3, 6, 7, 100])
def test_however_many_go_at_a_time_all_old_keys_go(office: Office, chunk: int) -> None:
    given_keys(office, *[timedelta(days=100)] * 6, timedelta(days=1))

    assert forget_keys(office.transactions, at=NOW, chunk=chunk) == 6

    assert remembered(office) == ["key 6"]


def test_keys_of_other_jurisdictions_stay(office: Office, database) -> None:
    elsewhere = Office.opened(database, "conghua")
    given_keys(office, timedelta(days=100))
    given_keys(elsewhere, timedelta(days=100))

    assert forget_keys(office.transactions, at=NOW) == 1

    assert (remembered(office), remembered(elsewhere)) == ([], ["key 0"])
