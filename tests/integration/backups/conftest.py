"""A bureau with work and papers to be backed up, and another machine to restore it on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest

from engine.backups import Made, Restored, back_up, restore
from engine.commands.attach import attach
from engine.stages import Library
from engine.store import Database, Logins, embedded
from engine.submissions.file_store import FileStore
from tests.factories import START
from tests.integration.desk import project_at, the_task
from tests.office import Office
from web.wiring import create_empty, drop, wired

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
_numbers = count(1)


@dataclass
class Installation:
    """A database with its attached files."""

    database: Database
    store: FileStore

    def back_up(self, file: Path, *, force: bool = False) -> Made:
        return back_up(self.database, self.store, file, START, force=force)


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def here(office: Office, tmp_path: Path) -> Installation:
    """A bureau with a case at work that has a paper attached."""
    store = FileStore(tmp_path / "files")
    task = the_task(office, project_at(office, "check_target"), "check_target")
    with office.transactions() as session:
        attach(
            session, store, task.id, "佐证材料", "验收单.pdf", BytesIO(PDF), by=office.bureau.department, at=office.now
        )
    return Installation(office.database, store)


@pytest.fixture
def backup(here: Installation, tmp_path: Path) -> Path:
    here.back_up(tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


Restoring = Callable[[Path], tuple[Restored, Installation]]


@pytest.fixture(scope="session")
def new_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logins]:
    """A server that has never seen anything of ours."""
    folder = tmp_path_factory.mktemp("new machine") / "pg"
    yield Logins.of_owner(embedded.start(folder, throwaway=True))
    embedded.leave(folder, throwaway=True)


@contextmanager
def empty_database(server: Logins) -> Iterator[Logins]:
    name = f"restored_{next(_numbers)}"
    yield create_empty(server, name)
    drop(server, name)


@pytest.fixture
def empty(new_machine: Logins) -> Iterator[Logins]:
    """An empty database there."""
    with empty_database(new_machine) as logins:
        yield logins


@pytest.fixture
def restored(empty: Logins, library: Library, tmp_path: Path) -> Iterator[Restoring]:
    """Restores a backup on the new machine and opens what came out of it."""
    opened: list[Database] = []

    def restoring(file: Path) -> tuple[Restored, Installation]:
        store = FileStore(tmp_path / "files of the new machine")
        found = restore(file, empty.as_owner(), store)
        opened.append(wired(empty, Library(library.diagrams, library.policies)))
        return found, Installation(opened[-1], store)

    yield restoring
    for database in opened:
        database.close()
