"""`jixiao demo` has a worker beside its pages: days fire by the demo's clock, once, and it goes with who started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import create_engine, select, text

from engine.audit.model import Entry
from engine.clock import shanghai
from engine.commands.try_mail import try_mail
from engine.commands.wish_for_mail import Wishes, wish_for_mail
from engine.directory import Actor, Unit
from engine.jobs import DAILY, slot_of, told
from engine.rehearsal.demo import TODAY
from engine.rehearsal.demo_clock import move_demo_clock
from engine.stages import Library
from engine.store import Database, Logins
from engine.words import NoticeKind, Role
from tests.factories import person_in
from tests.integration.desk import sound
from tests.mail_servers import SENDER, Taking, mail_server
from tests.office import Office
from web.demo import NAME, OURS
from web.wiring import create_empty, drop, wired
from web.worker.beside import worker_beside

HOLDS_ONE = """
import sys
from web.worker.beside import worker_beside
with worker_beside() as worker:
    print(worker.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def demo(server: Logins, template: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A demo database in which nobody has done anything yet, named by the environment."""
    logins = create_empty(server, NAME, template)
    owner = create_engine(logins.as_owner(), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f"COMMENT ON DATABASE \"{NAME}\" IS '{OURS}'"))
    owner.dispose()
    monkeypatch.setenv("DATABASE_URL", server.application)
    monkeypatch.setenv("DATABASE_OWNER_URL", server.as_owner())
    database = wired(logins, library)
    with database.upkeep() as session:
        database.freshen(session)
    yield database
    database.close()
    drop(server, NAME)


@pytest.fixture
def office(demo: Database) -> Iterator[Office]:
    office = Office.opened(demo)
    yield office
    sound(office)


@pytest.fixture
def operator(office: Office) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.finance_id), "示例运维", Role.OPERATOR)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def fired(office: Office) -> list[str]:
    with office.transactions() as session:
        return [each["id"] for each in session.scalars(select(Entry.payload).where(Entry.type == "deadline.fired"))]


def test_what_is_due_by_the_demos_clock_fires_beside_the_pages_once(office: Office, operator: Actor) -> None:
    office.clock.move_to(shanghai(2022, 9, 20))
    case = office.open_case(fiscal_year=2023)
    office.reach(case, "target_filing.fill_target")
    due_on = min(day.due_on for day in office.deadlines(case) if day.due_on)
    days = [shanghai(TODAY.year, TODAY.month, TODAY.day)]

    with worker_beside() as worker:
        until(lambda: done_every_daily_job(office, days[-1]))
        before = fired(office)
        while days[-1].date() <= due_on:
            with office.transactions() as session:
                days.append(move_demo_clock(session, days[-1], by=operator))
        until(lambda: fired(office) != before)
        until(lambda: done_every_daily_job(office, days[-1]))

    assert before == []
    assert len(fired(office)) == len(set(fired(office))) > 0
    assert worker.returncode == 0


def test_it_sends_mail_too_where_a_mail_server_is_set(
    office: Office, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = Taking()
    with office.transactions() as session:
        wish_for_mail(session, Wishes("weihu@example.com", (NoticeKind.NEW_TASK,)), by=operator, at=office.now)
        try_mail(session, by=operator, at=office.now)

    with mail_server(taking) as server:
        monkeypatch.setenv("JIXIAO_SMTP", f"smtp://{server.host}:{server.port}")
        monkeypatch.setenv("JIXIAO_MAIL_FROM", SENDER)
        with worker_beside():
            until(lambda: bool(taking.mails))

    assert [mail["To"] for mail in taking.mails] == ["weihu@example.com"]


def done_every_daily_job(office: Office, at: datetime) -> bool:
    with office.transactions() as session:
        runs = {run.job: run.slot for run in told(session, "huaxi") if run.ended_at is not None and run.fault is None}
    return all(runs.get(job) == slot_of(job, at) for job in DAILY)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_it_ends_with_who_started_it_even_if_that_is_killed(office: Office) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        worker = int(holder.stdout.readline())
        alive = runs(worker)
        holder.send_signal(signal.SIGKILL)

    until(lambda: not runs(worker))
    assert alive


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat", encoding="utf-8") as told_of:
        return told_of.read().rpartition(")")[2].split()[0] != "Z"


def test_without_a_demo_database_it_says_so_and_ends(
    server: Logins, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", server.application)
    monkeypatch.setenv("DATABASE_OWNER_URL", server.as_owner())

    with worker_beside() as worker:
        until(lambda: worker.poll() is not None)

    assert worker.returncode == 1
    assert "演示的后台进程没有开：还没有演示库" in capfd.readouterr().err
