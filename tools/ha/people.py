"""Who is at it meanwhile: writers that open cases, somebody who opens a page again and again, a worker, the pages."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from sqlalchemy.exc import DBAPIError

from engine.accounts import sessions
from engine.clock import SystemClock, shanghai
from engine.commands.start_case import start_case
from engine.directory import Person
from engine.errors import Unavailable
from engine.stages import Library
from engine.store import Database, Logins
from tests.factories import Bureau, new_project
from tools.ha.judge import Acknowledged
from web.settings import PROJECT
from web.wiring import wired

JURISDICTION = "huaxi"
BEGUN = shanghai(2020, 9, 1)
"""When the cases begin; every day they are given is over, so that the worker has its hands full."""
PAUSE_SECONDS = 0.2
SESSION = "jx_session"


def write(logins: Logins, bureau: Bureau, number: int, receipts: Path) -> None:
    """Open one case after the other until told to end; every one acknowledged is noted, every other asked for again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked_to_end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.set())
    database = wired(logins, Library.read(PROJECT / "bpmn"))
    with receipts.open("a", encoding="utf-8") as notes:
        count = 0
        while not asked_to_end.is_set():
            count += 1
            _until_acknowledged(database, bureau, f"示例-{number}-{count}", notes.write, asked_to_end)
            notes.flush()
            time.sleep(PAUSE_SECONDS / 4)
    database.close()


def _until_acknowledged(
    database: Database, bureau: Bureau, code: str, note: Callable[[str], object], asked_to_end: threading.Event
) -> None:
    while not asked_to_end.is_set():
        try:
            with database.transaction(JURISDICTION) as session:
                receipt = start_case(session, new_project(bureau, code), by=bureau.office, at=BEGUN, key=code)
        except (Unavailable, DBAPIError):
            time.sleep(PAUSE_SECONDS)
        else:
            step = Acknowledged(time.time(), code, tuple(event.id for event in receipt.events))
            note(json.dumps(asdict(step), ensure_ascii=False) + "\n")
            return


@dataclass
class Reader:
    """Somebody signed in who opens the page of their tasks again and again: when it came, and what came instead."""

    address: str
    cookie: str
    came: list[float] = field(default_factory=list)
    instead: set[str] = field(default_factory=set)
    _enough: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        """Until `stop`."""
        while not self._enough.wait(PAUSE_SECONDS):
            with suppress(URLError, OSError):
                asked = Request(self.address, headers={"Cookie": f"{SESSION}={JURISDICTION}.{self.cookie}"})  # noqa: S310
                try:
                    with urlopen(asked, timeout=30) as answer:  # noqa: S310 - on loopback
                        answer.read()
                        if not answer.url.startswith(f"{self.address}login"):
                            self.came.append(time.time())
                except URLError as fault:
                    self.instead.add(str(getattr(fault, "code", "没有应答")))

    def stop(self) -> None:
        self._enough.set()


def cookie_of(database: Database, bureau: Bureau) -> str:
    """What the browser of the clerk carries once signed in."""
    with database.transaction(JURISDICTION) as session:
        clerk = session.get_one(Person, bureau.clerk.person_id)
        _, token = sessions.begin(
            session, clerk, from_address="127.0.0.1", agent="make ha", at=SystemClock().now(),
            second_factor=False, must_change=False,
        )  # fmt: skip
    return token


@dataclass
class People:
    """All of them, each at work until told to stop."""

    folder: Path
    reader: Reader
    writers: list[BaseProcess] = field(default_factory=list)

    def acknowledged(self) -> list[Acknowledged]:
        """Everything the writers were told is done."""
        lines = [line for file in sorted(self.folder.glob("receipts-*.jsonl")) for line in file.open(encoding="utf-8")]
        told = [json.loads(line) for line in lines if line.endswith("\n")]
        return [Acknowledged(each["at"], each["code"], tuple(each["events"])) for each in told]

    def stop_writing(self) -> None:
        """No more cases; whoever waits for an answer gives up."""
        for writer in self.writers:
            writer.terminate()
        for writer in self.writers:
            writer.join(60)
        self.reader.stop()


@contextmanager
def people_at(database: Database, bureau: Bureau, folder: Path, writers: int, port: int) -> Iterator[People]:
    """They are at work within."""
    reader = Reader(f"http://127.0.0.1:{port}/", cookie_of(database, bureau))
    people = People(folder, reader)
    reading = threading.Thread(target=reader.read, daemon=True)
    with ExitStack() as stack:
        for words in (["worker"], ["serve", "--port", str(port), "--workers", "1"]):
            stack.enter_context(_running(database.logins, folder, words))
        processes = get_context("spawn")
        for number in range(writers):
            told = (database.logins, bureau, number, folder / f"receipts-{number}.jsonl")
            writer = processes.Process(target=write, args=told, daemon=True)
            writer.start()
            people.writers.append(writer)
        stack.callback(people.stop_writing)
        reading.start()
        yield people


@contextmanager
def _running(logins: Logins, folder: Path, words: list[str]) -> Iterator[None]:
    """A command of the product, begun again when it ends by itself, as the system's service manager would."""
    told = {
        "DATABASE_URL": logins.application, "DATABASE_OWNER_URL": "", "JIXIAO_LOGS": str(folder / "logs"),
        "JIXIAO_ANCHORS": str(folder / "anchors.jsonl"), "JIXIAO_FILES": str(folder / "files"),
        "PYTHONPATH": str(PROJECT),
    }  # fmt: skip
    enough = threading.Event()

    def keep() -> None:
        while not enough.is_set():
            with (folder / f"{words[0]}.log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "web.cli", *words], env=os.environ | told, cwd=PROJECT,
                    stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            while process.poll() is None and not enough.wait(0.2):
                pass
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            enough.wait(2)

    keeping = threading.Thread(target=keep)
    keeping.start()
    try:
        yield
    finally:
        enough.set()
        keeping.join()
