"""Two workers on one database, either killed at any moment: every day takes effect once, and every chain is whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from engine.audit.model import Entry
from engine.clock import SystemClock
from engine.deadlines.model import Deadline
from engine.queries.due_everywhere import due_until
from engine.store import Database
from engine.words import DeadlineState
from tests.integration.desk import sound
from tests.office import Office

CASES, ROUNDS = 170, 3
"""Three days of each case are over by now."""
IN_SMALL_BITES = """
import time
from functools import partial
from web.worker import daily, jobs
from web.cli import main
jobs.fire_due = daily.fire_due = partial(jobs.fire_due, chunk=3, progress=lambda done, total: time.sleep(0.2))
main()
"""
"""The worker as it is, but in small bites and out of breath: so that the two meet, and kills find it in between."""


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def start(database: Database, tmp_path: object) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts one more worker; none is left at the end."""
    told = {
        "DATABASE_URL": database.logins.application, "DATABASE_OWNER_URL": "",
        "JIXIAO_ANCHORS": f"{tmp_path}/a.jsonl", "JIXIAO_FILES": f"{tmp_path}/files",
    }  # fmt: skip
    started: list[subprocess.Popen[str]] = []

    def one() -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-c", IN_SMALL_BITES, "worker"]
        started.append(subprocess.Popen(command, env=os.environ | told, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield one
    for worker in started:
        worker.kill()
        worker.communicate()


def fired(office: Office) -> int:
    with office.transactions() as session:
        return session.scalar(select(func.count()).where(Entry.type == "deadline.fired")) or 0


def nothing_is_due(database: Database) -> bool:
    with database.lookout() as session:
        return due_until(session, SystemClock().now()) == []


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def test_five_hundred_days_take_effect_once_whoever_is_killed_when(
    office: Office, database: Database, start: Callable[[], "subprocess.Popen[str]"]
) -> None:
    for number in range(CASES):
        office.reach(office.open_case(code=f"示例-{number}"), "target_filing.fill_target")
    dice = random.Random(20221012)  # noqa: S311 - when somebody is killed is no secret

    for _ in range(ROUNDS):
        pair = [start(), start()]
        dice.shuffle(pair)
        for victim in pair:
            enough = fired(office) + dice.randrange(1, 40)
            until(lambda enough=enough: fired(office) >= min(enough, 500))
            victim.send_signal(signal.SIGKILL)
    in_between = not nothing_is_due(database)
    last = [start(), start()]
    until(lambda: nothing_is_due(database))
    for worker in last:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)

    assert in_between
    with office.transactions() as session:
        told_of = [each["id"] for each in session.scalars(select(Entry.payload).where(Entry.type == "deadline.fired"))]
        rows = session.scalars(select(Deadline.id).where(Deadline.state == DeadlineState.FIRED)).all()
    assert len(told_of) == len(set(told_of)) >= 500
    assert sorted(told_of) == sorted(row.hex for row in rows)
