"""A real PostgreSQL for every test that touches data: one server a run, and for each test a database as new."""

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import URL
from sqlalchemy.orm import Session

from engine.accounts import passwords
from engine.clock import SteppingClock
from engine.stages import Library
from engine.store import Database, Logins, embedded
from tests.factories import START, Bureau
from tests.integration.store.clusters import Administrator
from tests.kept_database import KeptDatabase
from tests.office import bureau_of
from web.wiring import create_empty, drop, open_database, wired

BPMN = Path(__file__).resolve().parents[1] / "bpmn"
NAMED_SERVER = "JIXIAO_TEST_SERVER"
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")
"""Which of several test processes this is: they may share a server."""
ROOM = 3 * 2**30
for ignored in (signal.SIGINT, signal.SIGHUP):  # whoever started the tests may have them ignored, and so would children
    if signal.getsignal(ignored) is signal.SIG_IGN:
        signal.signal(ignored, signal.default_int_handler if ignored is signal.SIGINT else signal.SIG_DFL)
settings.register_profile("whenever", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whenever")  # nothing is timed: how long an example takes says how busy the machine is
_numbers = count(1)
gc.set_threshold(200_000, 20, 100)  # what a test leaves is small: looking for it all the time takes an eighth of a run


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server that was named only the tests that use it are run."""
    if not os.environ.get(NAMED_SERVER):
        return
    using = [item for item in items if "server" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in using])
    items[:] = using


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords hashed with the least effort: in earnest each takes up to a second of a busy machine."""
    earnest, passwords.HASHER = passwords.HASHER, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.HASHER = earnest


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.read(BPMN)


@pytest.fixture(scope="session")
def server() -> Iterator[Logins]:
    """The server that was named by its owner's URL (the application's login has the same password), or our own."""
    told = os.environ.get(NAMED_SERVER)
    if told:
        yield Logins.of_owner(told)
        return
    with TemporaryDirectory(prefix="jixiao-", dir=_quick_place()) as place:
        Path(place).chmod(0o755)  # started by root, the server runs under an account of its own
        folder = Path(place) / "pg"
        yield Logins.of_owner(embedded.start(folder, throwaway=True))
        embedded.leave(folder, throwaway=True)


@pytest.fixture(scope="session")
def administrator(server: Logins) -> URL:
    """The superuser of the server, by his URL."""
    return Administrator.of(server).url


def _quick_place() -> Path | None:
    """Where the server lies: in memory where there is room, because databases are copied and dropped all the time."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else None


@pytest.fixture(scope="session")
def template(server: Logins, library: Library) -> Iterator[str]:
    """The name of a migrated database that every test starts from."""
    name = f"template_of_{PROCESS}"
    logins = create_empty(server, name)
    open_database(logins, BPMN, START, library).close()
    _never_looked_at(Administrator.of(server).url.set(database=name))
    yield name
    drop(server, name)


def _never_looked_at(database: URL) -> None:
    """Whatever a migration does leaves one row changed once more, which in time makes the server look at that table."""
    place = database.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("ALTER TABLE alembic_version SET (autovacuum_enabled = off)")
        connection.execute("DELETE FROM pg_statistic WHERE starelid >= 16384")


@contextmanager
def fresh_database(server: Logins, template: str, library: Library) -> Iterator[Database]:
    """A copy of the template that is gone afterwards."""
    name = f"test_{PROCESS}_{next(_numbers)}"
    database = wired(create_empty(server, name, template), library)
    with database.upkeep() as session:
        database.freshen(session)
    yield database
    database.close()
    drop(server, name)


@pytest.fixture(scope="session")
def kept_database(server: Logins, template: str, library: Library, administrator: URL) -> Iterator[KeptDatabase]:
    kept = KeptDatabase(server, template, library, PROCESS, administrator, shared=bool(os.environ.get(NAMED_SERVER)))
    yield kept
    kept.close()


@pytest.fixture
def database(kept_database: KeptDatabase) -> Iterator[Database]:
    """A database in which nobody has done anything yet."""
    with kept_database.lent() as database:
        yield database


@pytest.fixture(scope="module")
def shared_database(server: Logins, template: str, library: Library) -> Iterator[Database]:
    """One database for all tests of a file, which leave no trace in it or work on cases of their own."""
    with fresh_database(server, template, library) as database:
        yield database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One open transaction of 花溪."""
    with database.transaction("huaxi") as session:
        yield session


@pytest.fixture
def bureau(database: Database) -> Bureau:
    """The people of 花溪, already committed."""
    return bureau_of(database)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(START)
