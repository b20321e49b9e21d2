"""Twenty people at twenty machines: processes with connections of their own that all do something at the same moment.

They are forked from one process that has read the diagrams, so that a crowd is there within a second.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.exc import DBAPIError

from engine.clock import shanghai
from engine.errors import EngineError
from engine.stages import Library
from engine.store import Database, Logins
from web.wiring import wired

Job = Callable[..., Any]
BPMN = Path(__file__).resolve().parents[2] / "bpmn"
PATIENCE_SECONDS = 60
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.integration.crowd_reads"])


@cache
def library() -> Library:
    """The diagrams and tables, read once for a whole crowd."""
    return Library.read(BPMN)


class Crowd:
    """Processes that wait for something to do."""

    def __init__(self, logins: Logins, size: int) -> None:
        self.barrier = processes.Barrier(size)
        self.ends: list[Connection] = []
        self.people = []
        for number in range(size):
            mine, theirs = processes.Pipe()
            person = processes.Process(target=_live, args=(logins, number, self.barrier, theirs), daemon=True)
            person.start()
            theirs.close()
            self.ends.append(mine)
            self.people.append(person)

    def all_do(self, job: Job, *given: Any, each: Callable[[int], tuple[Any, ...]] = lambda number: ()) -> list[Any]:
        """What everybody got out of `job(database, number, *given, *each(number))`, begun at the same moment."""
        self.all_begin(job, *given, each=each)
        return [_answer(end) for end in self.ends]

    def all_begin(self, job: Job, *given: Any, each: Callable[[int], tuple[Any, ...]] = lambda number: ()) -> None:
        """Let everybody begin, without waiting for what comes of it."""
        for number, end in enumerate(self.ends):
            end.send((job, (*given, *each(number))))

    def is_killed(self, moment: Callable[[], float]) -> None:
        """Kill one after the other, each after so many seconds more."""
        for person in self.people:
            time.sleep(moment())
            person.kill()

    def go_home(self) -> None:
        """Everybody stops."""
        for end in self.ends:
            end.close()
        for person in self.people:
            person.join(PATIENCE_SECONDS)


@contextmanager
def crowd_at(logins: Logins, size: int = 20) -> Iterator[Crowd]:
    """A crowd working on that database."""
    crowd = Crowd(logins, size)
    try:
        yield crowd
    finally:
        crowd.go_home()


def attempt(database: Database, work: Callable[[Any], Any], jurisdiction: str = "huaxi") -> str:
    """ "done", or the code of the refusal; a fault of the database comes out as its SQLSTATE. Not tried again."""
    try:
        with database.transaction(jurisdiction) as session:
            work(session)
            return "done"
    except EngineError as refusal:
        return refusal.code
    except DBAPIError as fault:
        return f"sqlstate {getattr(fault.orig, 'sqlstate', None)}"


def in_any_order(number: int, things: list[Any]) -> list[Any]:
    """The same things, each person in an order of their own."""
    return Random(number).sample(things, len(things))


def opened(logins: Logins) -> Database:
    """The database as a process of its own opens it."""
    database = wired(logins, library(), pool_size=1)
    with database.upkeep() as session:
        library().keep(session, shanghai(2020, 9, 1))
        database.freshen(session)
    return database


def _live(logins: Logins, number: int, barrier: Any, end: Connection) -> None:
    database = opened(logins)
    while True:
        try:
            job, given = end.recv()
        except EOFError:
            break
        barrier.wait(PATIENCE_SECONDS)
        end.send(job(database, number, *given))
    database.close()


def _answer(end: Connection) -> Any:
    if not end.poll(PATIENCE_SECONDS):
        raise TimeoutError("somebody in the crowd never answered")
    return end.recv()
