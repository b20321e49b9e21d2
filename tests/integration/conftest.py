"""A bureau of 花溪 at work on a real database; whatever a test did, every case must be sound in the end."""

from collections.abc import Iterator

import pytest

from engine.store import Database
from tests.factories import Bureau, bureau_in
from tests.integration.desk import sound
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """A bureau with a database of its own."""
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture(scope="module")
def shared_bureau(shared_database: Database) -> Iterator[Bureau]:
    with shared_database.transaction("huaxi") as session:
        bureau = bureau_in(session)
    yield bureau
    sound(Office(shared_database, bureau))


@pytest.fixture
def shared_office(shared_database: Database, shared_bureau: Bureau) -> Office:
    """The bureau of all tests of a file, at the beginning of the year; each test works on cases of its own."""
    return Office(shared_database, shared_bureau)
