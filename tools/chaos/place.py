"""Where it happens: a database of its own that loses nothing, cases whose days are long over, targets to be filed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from engine.clock import SteppingClock, SystemClock, shanghai
from engine.commands.save_draft import save_draft
from engine.commands.start_case import start_case
from engine.commands.wish_for_mail import Wishes, wish_for_mail
from engine.errors import Unavailable
from engine.store import Database, Logins, embedded
from engine.tasks import Task
from engine.words import NoticeKind
from tests.factories import new_project
from tests.office import Desk, Office
from tools.chaos.letters import Letter, Letters, a_letter_box
from web.settings import PROJECT
from web.wiring import create_empty, open_database

JURISDICTION = "huaxi"
BEGUN = shanghai(2020, 9, 1)
"""When the cases began whose days are over, every one they were given."""
NAME = "jixiao_chaos"
FILING = "target_filing.fill_target"
PEOPLE_PER_CASE = 25
"""A target is filed at the pages beside so many cases whose days are over."""

PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """The database, and the folder with its server, anchors, files, and the clocks of the machines.

    Up to the case `last_old` days are over; of those behind it none is, and `filings` are theirs: targets to hand in.
    `own_disk`: the server lies on a file system of its own that may be filled up.
    """

    database: Database
    folder: Path
    office: Office
    letters: Letters
    last_old: int
    filings: tuple[UUID, ...]
    own_disk: bool
    port: int
    key: str

    @property
    def arrived(self) -> Counter[Letter]:
        """The mails that came to the letter box."""
        return self.letters.arrived

    def environment(self, name: str) -> dict[str, str]:
        """What a program of that name is told."""
        return {
            "DATABASE_URL": self.database.logins.application, "DATABASE_OWNER_URL": "",
            "JIXIAO_ANCHORS": str(self.folder / "anchors.jsonl"), "JIXIAO_FILES": str(self.folder / "files"),
            "JIXIAO_SMTP": f"smtp://{self.letters.server.address}", "JIXIAO_MAIL_FROM": self.letters.server.sender,
            "JIXIAO_URL": "http://jixiao.invalid", "JIXIAO_SECRET_KEYS": self.key,
            "CHAOS_CLOCK": str(self.clock_of(name)), "PYTHONPATH": str(PROJECT),
        }  # fmt: skip

    def clock_of(self, name: str) -> Path:
        """The file that says by how many seconds that program's clock is wrong."""
        return self.folder / f"clock-{name}"

    def crash_database(self) -> float:
        """Let the server end at once, as with a power failure, and start it again; gives the seconds it was away."""
        note = self.folder / "pg" / "data" / "postmaster.pid"
        began = time.monotonic()
        os.kill(int(note.read_text().split()[0]), signal.SIGQUIT)
        self.wait_for_database()
        return time.monotonic() - began

    def fill_disk(self, seconds: float) -> None:
        """Take all the room the server has, for so long."""
        filler = self.folder / "pg" / "filler"
        piece = b"x" * PIECE
        with filler.open("wb", buffering=0) as file:
            while piece:
                try:
                    file.write(piece)
                except OSError:
                    piece = piece[: len(piece) // 2]
        time.sleep(seconds)
        filler.unlink()
        self.wait_for_database()

    def wait_for_database(self) -> None:
        """Until it answers."""
        while not self.answers():
            time.sleep(0.1)
        self.database.engine.dispose()  # its connections may be of the server that is gone

    def answers(self) -> bool:
        """Whether the database does; one that is down is started again by the asking."""
        try:
            with self.database.upkeep() as session:
                session.execute(text("SELECT 1"))
        except (OperationalError, Unavailable):
            return False
        return True


@contextmanager
def a_place(cases: int, *, filings: int | None = None) -> Iterator[Place]:
    """It, with so many cases whose days are over and so many targets to file; gone afterwards."""
    with TemporaryDirectory(prefix="jixiao-chaos-") as told, a_letter_box() as letters:
        folder = Path(told)
        folder.chmod(0o755)  # started by root, the server runs under an account of its own
        home = folder / "pg"
        home.mkdir()
        with _disk_of_its_own(home, _megabytes(cases)) as own_disk:
            try:
                server = Logins.of_owner(embedded.start(home))
                now = SystemClock().now()
                database = open_database(create_empty(server, NAME), PROJECT / "bpmn", now)
                try:
                    office = Office.opened(database, JURISDICTION)
                    last_old = _begin(office, cases)
                    many = filings if filings is not None else max(4, cases // PEOPLE_PER_CASE)
                    to_file = tuple(
                        _to_file(Office(database, office.bureau, SteppingClock(now)), n) for n in range(many)
                    )
                    key = Fernet.generate_key().decode()
                    yield Place(database, folder, office, letters, last_old, to_file, own_disk, _free_port(), key)
                finally:
                    database.close()
            finally:
                embedded.leave(home)


@contextmanager
def _disk_of_its_own(home: Path, megabytes: int) -> Iterator[bool]:
    """Whether there is one: only root on Linux can mount it, and there has to be memory enough for two."""
    may = sys.platform == "linux" and os.geteuid() == 0 and _memory_left_mb() > 2 * megabytes
    size = ("-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "jixiao-chaos", str(home))
    mounted = may and subprocess.run(("mount", *size), capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(("umount", "--lazy", str(home)), check=True)


def _megabytes(cases: int) -> int:
    """What that many cases take, and the journal of the server, which grows up to a border."""
    return min(300 + cases, 1500) + cases * 3 // 20


def _memory_left_mb() -> float:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("MemAvailable:"))


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _begin(office: Office, cases: int) -> int:
    """The number of the last case; three people want mail of everything."""
    bureau = office.bureau
    with office.transactions() as session:
        for number, person in enumerate((bureau.clerk, bureau.head, bureau.office)):
            wishes = Wishes(f"ren{number}@example.com", tuple(NoticeKind))
            wish_for_mail(session, wishes, by=person, at=BEGUN)
    last: int | None = None
    for number in range(cases):
        with office.transactions() as session:
            begun = start_case(session, new_project(bureau, f"示例-{number}"), by=bureau.office, at=BEGUN)
            last = begun.case_id
    assert last is not None
    return last


def _to_file(office: Office, number: int) -> UUID:
    """A target of next year's budget, typed in already so that it could be handed in."""
    case = office.open_case(code=f"示例-申报-{number}", fiscal_year=office.now.year + 1)
    office.reach(case, FILING)
    (task,) = office.tasks(case)
    with office.transactions() as session:
        standing = session.get_one(Task, task.id)
        content = Desk(session, office.bureau, standing, office.now, office.bureau.clerk).paper()
        save_draft(session, task.id, dict(content or {}), by=office.bureau.clerk, at=office.now, version=None)
    return task.id
