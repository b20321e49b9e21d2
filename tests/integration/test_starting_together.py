"""Machines that start at the same moment on one database, and databases this program must not touch."""

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import create_engine, func, select, text

from engine.deadlines.model import CalendarRecord
from engine.errors import DefinitionError
from engine.stages import Definition, Library
from engine.store import Database, Logins
from engine.store.schema import migrate
from tests.integration.crowd import processes
from tests.integration.dying import start_up
from tests.integration.refusals import must_be_a_sentence
from web.wiring import create_empty, drop

_numbers = count(1)


@pytest.fixture
def empty(server: Logins) -> Iterator[Logins]:
    """An empty database of its own."""
    name = f"starting_{next(_numbers)}"
    yield create_empty(server, name)
    drop(server, name)


def test_four_that_start_at_once_on_an_empty_database_get_it_ready_once(empty: Logins, library: Library) -> None:
    machines = [processes.Process(target=start_up, args=(empty,)) for _ in range(4)]

    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join(60)

    assert [machine.exitcode for machine in machines] == [0] * 4
    database = Database(empty)
    with database.upkeep() as session:
        kept = session.scalar(select(func.count()).select_from(Definition))
        years = session.scalar(select(func.count()).select_from(CalendarRecord))
    database.close()
    assert (kept, years) == (1 + len(library.policies.names()), 10)


def test_a_database_of_a_later_release_is_left_alone(empty: Logins) -> None:
    migrate(empty.as_owner())
    engine = create_engine(empty.as_owner())
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DefinitionError) as refusal:
        migrate(empty.as_owner())

    assert refusal.value.code == "store.schema_unknown"
    must_be_a_sentence(refusal.value.message)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()
