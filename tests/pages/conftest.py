"""The pages of one bureau without a server: people with accounts, each before a page of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from engine.accounts import keys_from, open_account
from engine.clock import SteppingClock
from engine.directory import Actor, Person
from engine.store import Database
from engine.submissions.file_store import FileStore
from tests.integration.desk import sound
from tests.office import Office
from tests.office.memory import by_heart
from tests.pages.hands import Hands
from tests.pages.pages_over import pages_over
from web.visits import Site

PASSWORD = "Ceshi-Mima-2022"
SitsDown = Callable[[Actor], Hands]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """A bureau with a database of its own."""
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def hands_of(database: Database, office: Office, tmp_path: Path) -> SitsDown:
    """Gives the hands of somebody of the bureau, signed in the first time they are asked for."""
    return seats_at(database, office, tmp_path / "files")


def seats_at(database: Database, office: Office, files: Path) -> SitsDown:
    """Accounts for everybody of a bureau, and their hands; what they attach lies in `files`."""

    def open_accounts() -> None:
        with office.transactions() as session:
            for actor in office.bureau.everybody():
                person = session.get_one(Person, actor.person_id)
                open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)

    by_heart(database, "open accounts", open_accounts, office.clock)
    site = pages_over(
        Site(
            database,
            keys_from(Fernet.generate_key().decode()),
            office.clock,
            SteppingClock(office.now),
            kept=FileStore(files),
        )
    )
    known: dict[int, Hands] = {}

    def sit_down(actor: Actor) -> Hands:
        if actor.person_id not in known:
            login = f"{actor.name}@{actor.unit_id}"
            known[actor.person_id] = Hands(site.test_client()).sign_in(login, PASSWORD, actor.jurisdiction)
        return known[actor.person_id]

    return sit_down
