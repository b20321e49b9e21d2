"""Where it happens: a database of its own that loses nothing, with cases whose days are long over."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from engine.clock import SystemClock, shanghai
from engine.commands.start_case import start_case
from engine.errors import Unavailable
from engine.store import Database, Logins, embedded
from tests.factories import bureau_in, new_project
from web.settings import PROJECT
from web.wiring import create_empty, open_database

JURISDICTION = "huaxi"
BEGUN = shanghai(2020, 9, 1)
"""When the cases began; every day they were given is over."""
NAME = "jixiao_chaos"


@dataclass(frozen=True, slots=True)
class Place:
    """The database, and the folder with its server, anchors and files."""

    database: Database
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a worker is told."""
        return {
            "DATABASE_URL": self.database.logins.application, "DATABASE_OWNER_URL": "",
            "JIXIAO_ANCHORS": str(self.folder / "anchors.jsonl"), "JIXIAO_FILES": str(self.folder / "files"),
            "PYTHONPATH": str(PROJECT),
        }  # fmt: skip

    def crash_database(self) -> float:
        """Let the server end at once, as with a power failure, and start it again; gives the seconds it was away."""
        note = self.folder / "pg" / "data" / "postmaster.pid"
        began = time.monotonic()
        os.kill(int(note.read_text().split()[0]), signal.SIGQUIT)
        while not self.answers():
            time.sleep(0.1)
        self.database.engine.dispose()  # its connections are of the server that is gone
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether the database does; one that is down is started again by the asking."""
        try:
            with self.database.upkeep() as session:
                session.execute(text("SELECT 1"))
        except (OperationalError, Unavailable):
            return False
        return True


@contextmanager
def a_place(cases: int) -> Iterator[Place]:
    """It, with so many cases; gone afterwards."""
    with TemporaryDirectory(prefix="jixiao-chaos-") as told:
        folder = Path(told)
        folder.chmod(0o755)  # started by root, the server runs under an account of its own
        home = folder / "pg"
        try:
            server = Logins.of_owner(embedded.start(home))
            database = open_database(create_empty(server, NAME), PROJECT / "bpmn", SystemClock().now())
            try:
                _begin(database, cases)
                yield Place(database, folder)
            finally:
                database.close()
        finally:
            embedded.leave(home)


def _begin(database: Database, cases: int) -> None:
    with database.transaction(JURISDICTION) as session:
        bureau = bureau_in(session, JURISDICTION)
    for number in range(cases):
        with database.transaction(JURISDICTION) as session:
            start_case(session, new_project(bureau, f"示例-{number}"), by=bureau.office, at=BEGUN)
