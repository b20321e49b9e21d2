"""One jurisdiction with forty thousand cases, for every file that looks at plans."""

from dataclasses import dataclass

import pytest

from engine.store import Database
from tests.factories import Bureau, bureau_in
from tests.integration.queries.volume import planted


@dataclass(frozen=True)
class Crowd:
    """The database, the people of the bureau, and the first of the many units."""

    database: Database
    bureau: Bureau
    first_unit: int


@pytest.fixture(scope="module")
def crowd(shared_database: Database) -> Crowd:
    with shared_database.transaction("huaxi") as session:
        bureau = bureau_in(session)
    return Crowd(shared_database, bureau, planted(shared_database, bureau))
