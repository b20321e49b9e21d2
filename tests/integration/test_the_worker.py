"""后台进程: what is due takes effect by itself, once, whoever ticks and whoever is killed; daily jobs are done once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from engine.accounts.keys import keys_from, new_key
from engine.audit.keeping import FileKeeper
from engine.audit.model import Entry
from engine.cases import Case
from engine.clock import SteppingClock, SystemClock, shanghai
from engine.commands.fire_due import fire_due
from engine.jobs import DAILY, JobRun, told
from engine.jobs import runs as job_runs
from engine.moves.delivering import Transactions
from engine.notifications.mail import MailServer
from engine.notifications.robots import RobotHosts
from engine.queries.clockwork import clockwork
from engine.queries.due_everywhere import due_until
from engine.stages import Library
from engine.store import Database
from engine.store.database import tenant_of
from engine.submissions.file_store import FileStore
from engine.words import Job
from tests.office import Office
from tests.trips import trips_to
from web.wiring import wired
from web.worker import jobs
from web.worker.daily import WORK, Ground
from web.worker.jobs import Worker
from web.worker.knowing_the_time import ClockWrong
from web.worker.posting import Post
from web.worker.talking import Robots

NIGHT = shanghai(2020, 9, 2, 4, 30)
PROGRAM = (sys.executable, "-W", "error", "-c", "from web.cli import main; main()")


@pytest.fixture
def keeper(tmp_path: Path) -> FileKeeper:
    return FileKeeper(tmp_path / "anchors.jsonl")


@pytest.fixture
def other(database: Database, library: Library) -> Iterator[Database]:
    """Another machine on the same database."""
    server = wired(database.logins, Library(library.diagrams, library.policies))
    yield server
    server.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def fired(office: Office) -> int:
    with office.transactions() as session:
        return session.scalar(select(func.count()).where(Entry.type == "deadline.fired")) or 0


def worker(database: Database, clock: SteppingClock, keeper: FileKeeper) -> Worker:
    """A worker over a file store nobody used yet."""
    return Worker(database, clock, keeper, FileStore(Path("没有附件")))


def runs(database: Database, place: str) -> dict[Job, JobRun]:
    with database.transaction(place) as session:
        found = {run.job: run for run in told(session, place)}
        session.expunge_all()
    return found


def when_a_new_case_is_late(office: Office, code: str = "示例-1") -> datetime:
    """A moment after the first deadline of a case that has just been opened."""
    case = office.open_case(code=code)
    office.reach(case, "target_filing.fill_target")
    return min(day.due_at for day in office.deadlines(case)) + timedelta(minutes=1)


def test_what_is_due_takes_effect_in_every_jurisdiction(database: Database, keeper: FileKeeper) -> None:
    offices = Office.opened(database), Office.opened(database, "conghua")
    late = max(map(when_a_new_case_is_late, offices))

    done = worker(database, SteppingClock(late), keeper).sweep()

    assert done >= 2
    assert all(fired(office) > 0 for office in offices)
    assert runs(database, "conghua")[Job.SWEEP].done == fired(offices[1])


def test_two_machines_that_tick_at_once_let_everything_take_effect_once(
    database: Database, other: Database, office: Office, keeper: FileKeeper
) -> None:
    late = max(when_a_new_case_is_late(office, f"示例-{n}") for n in range(4))
    workers = [worker(each, SteppingClock(late), keeper) for each in (database, other)]

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda worker: worker.sweep() + worker.sweep(), workers))

    assert sum(done) == fired(office) > 0


class OffBy(SystemClock):
    """The clock of a machine that runs ahead or behind."""

    def __init__(self, apart: timedelta) -> None:
        self._apart = apart

    def now(self) -> datetime:
        return super().now() + self._apart


@pytest.mark.parametrize(
    ("apart", "told"),
    [(timedelta(days=400, hours=2), "快 400 天 2 小时"), (timedelta(minutes=-3), "慢 3 分钟")],
)
def test_a_machine_whose_clock_is_wrong_does_nothing_until_it_is_right(
    database: Database, office: Office, keeper: FileKeeper, apart: timedelta, told: str
) -> None:
    when_a_new_case_is_late(office)
    off = Worker(database, OffBy(apart), keeper, FileStore(Path("没有附件")))
    post = Post(database, OffBy(apart), MailServer.of("smtp://127.0.0.1:9", "绩效 <jixiao@example.com>"))
    robots = Robots(database, OffBy(apart), lambda: keys_from(new_key()), RobotHosts())

    refusals = []
    for work in (off.sweep, off.look, off.carry_on, post.send_what_is_due, robots.say_what_is_due):
        with pytest.raises(ClockWrong) as refusal:
            work()
        refusals.append(refusal.value.message)

    assert all(message.startswith(f"本机时钟比数据库的{told}，") for message in refusals)
    assert fired(office) == 0
    assert Worker(database, OffBy(timedelta(seconds=20)), keeper, FileStore(Path("没有附件"))).sweep() > 0


def test_what_fails_in_one_jurisdiction_is_told_there_and_stops_no_other(
    database: Database, keeper: FileKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    huaxi, conghua = Office.opened(database), Office.opened(database, "conghua")
    late = max(map(when_a_new_case_is_late, (huaxi, conghua)))
    fails_in("conghua", monkeypatch)

    with pytest.raises(KeyError):
        worker(database, SteppingClock(late), keeper).sweep()

    assert fired(huaxi) > 0
    assert runs(database, "huaxi")[Job.SWEEP].fault is None
    assert runs(database, "conghua")[Job.SWEEP].fault == "期限扫描没有办成：KeyError。"


def fails_in(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_there(transactions: Transactions, **how: Any) -> int:
        with transactions() as session:
            if tenant_of(session) == place:
                raise KeyError(place)
        return fire_due(transactions, **how)

    monkeypatch.setattr(jobs, "fire_due", fails_there)


def test_what_one_jurisdiction_has_waiting_hides_nothing_of_another(
    database: Database, keeper: FileKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    huaxi, conghua = Office.opened(database), Office.opened(database, "conghua")
    for n in range(3):
        when_a_new_case_is_late(conghua, f"示例-{n}")
    late = when_a_new_case_is_late(huaxi)
    monkeypatch.setattr(jobs, "MOST_SEEN", 1)
    monkeypatch.setattr(jobs, "CASES_A_TURN", 1)

    with conghua.transactions() as session:
        session.execute(select(Case.id).with_for_update())
        worker(database, SteppingClock(late), keeper).sweep()

    assert fired(huaxi) > 0
    assert fired(conghua) == 0


def test_a_daily_job_is_done_by_one_of_two_workers(
    database: Database, other: Database, office: Office, keeper: FileKeeper
) -> None:
    office.open_case()
    clock = SteppingClock(NIGHT)

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda each: worker(each, clock, keeper).look(), (database, other)))

    assert sorted(job for one in done for place, job in one if place == "huaxi") == sorted(DAILY)
    assert [kept.jurisdiction for kept in keeper.kept("huaxi")] == ["huaxi"]


def test_a_worker_with_nothing_to_take_up_asks_once_for_each_jurisdiction(
    database: Database, office: Office, keeper: FileKeeper
) -> None:
    office.open_case()
    idle = worker(database, SteppingClock(NIGHT), keeper)
    idle.look()
    places = database.parts["library"].policy_ids

    with trips_to(database) as trips:
        done = idle.look()

    assert done == []
    assert "huaxi" in places
    assert len([trip for trip in trips if any("job_runs" in asked for asked in trip)]) == len(places)


def test_a_worker_with_nothing_to_go_on_with_asks_once_for_each_jurisdiction(
    database: Database, keeper: FileKeeper
) -> None:
    idle = worker(database, SteppingClock(NIGHT), keeper)

    places = database.parts["library"].policy_ids

    with trips_to(database) as trips:
        moved = idle.carry_on()

    assert moved == 0
    assert "huaxi" in places
    assert len([trip for trip in trips if any("long_works" in asked for asked in trip)]) == len(
        database.parts["library"].policy_ids
    )


def test_a_job_that_runs_for_the_first_time_has_missed_nothing(
    database: Database, office: Office, keeper: FileKeeper
) -> None:
    office.open_case()

    worker(database, SteppingClock(NIGHT), keeper).look()

    assert {run.missed for run in runs(database, "huaxi").values()} == {0}


def test_days_nobody_was_there_are_counted_and_made_up_for_once(
    database: Database, office: Office, keeper: FileKeeper
) -> None:
    office.open_case()
    worker(database, SteppingClock(NIGHT), keeper).look()

    worker(database, SteppingClock(NIGHT + timedelta(days=4)), keeper).look()

    assert runs(database, "huaxi")[Job.ANCHOR].missed == 3
    assert len(list(keeper.kept("huaxi"))) == 5


def test_a_job_that_fails_is_told_why_and_tried_again_after_an_hour(
    database: Database, office: Office, tmp_path: Path
) -> None:
    office.open_case()
    clock, nowhere = SteppingClock(NIGHT), FileKeeper(tmp_path / "没有的文件夹" / "anchors.jsonl")
    worker(database, clock, nowhere).look()
    failed = runs(database, "huaxi")[Job.ANCHOR]
    clock.move_to(NIGHT + timedelta(minutes=30))
    too_early = worker(database, clock, nowhere).look()
    (tmp_path / "没有的文件夹").mkdir()
    clock.move_to(NIGHT + timedelta(minutes=61))
    worker(database, clock, nowhere).look()

    assert failed.fault
    assert too_early == []
    assert runs(database, "huaxi")[Job.ANCHOR].fault is None


def test_a_job_that_is_tried_again_still_says_what_was_missed_before_it(
    database: Database, office: Office, tmp_path: Path
) -> None:
    office.open_case()
    keeper, nowhere = FileKeeper(tmp_path / "a.jsonl"), FileKeeper(tmp_path / "没有的文件夹" / "a.jsonl")
    worker(database, SteppingClock(NIGHT), keeper).look()
    days_later = NIGHT + timedelta(days=4)
    worker(database, SteppingClock(days_later), nowhere).look()

    worker(database, SteppingClock(days_later + timedelta(hours=2)), keeper).look()

    assert runs(database, "huaxi")[Job.ANCHOR].missed == 3


IN_THE_MIDDLE_OF_ONE = """
import sys, time
from engine.words import Job
from web.cli import main
from web.worker import jobs

def without_end(ground, at):
    print("在办了", file=sys.stderr, flush=True)
    time.sleep(600)

jobs.WORK = {**jobs.WORK, Job.ANCHOR: without_end}
main()
"""


def test_a_daily_job_whose_worker_is_killed_is_begun_again_once_nothing_was_heard_of_it_for_a_minute(
    database: Database, office: Office, keeper: FileKeeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.open_case()
    command = [sys.executable, "-W", "error", "-c", IN_THE_MIDDLE_OF_ONE, "worker"]
    told_to_it = {
        "DATABASE_URL": database.logins.application, "DATABASE_OWNER_URL": "",
        "JIXIAO_ANCHORS": str(tmp_path / "a.jsonl"), "JIXIAO_FILES": str(tmp_path / "files"),
    }  # fmt: skip
    with subprocess.Popen(command, env=os.environ | told_to_it, stderr=subprocess.PIPE, text=True) as killed:
        assert killed.stderr is not None
        assert "在办了\n" in iter(killed.stderr.readline, "")
        killed.send_signal(signal.SIGKILL)
    other = Worker(database, SystemClock(), keeper, FileStore(tmp_path / "files"))

    at_once = other.look()
    monkeypatch.setattr(job_runs, "SILENT", timedelta(0))
    afterwards = other.look()

    ((place, job),) = afterwards
    assert job == Job.ANCHOR
    assert (place, job) not in at_once
    assert runs(database, place)[job].worker == other.name


def test_a_daily_job_is_left_to_whoever_says_again_and_again_that_he_is_at_it_however_long(
    database: Database, other: Database, office: Office, keeper: FileKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.open_case()
    clock = SteppingClock(NIGHT)
    at_it, beside = (worker(each, clock, keeper) for each in (database, other))
    taken: list[list[tuple[str, Job]]] = []

    def takes_long(ground: Ground, at: datetime) -> int:
        if ground.place == "huaxi":
            with office.transactions() as session:
                session.execute(update(JobRun).values(alive_at=func.now() - timedelta(minutes=2)))
            at_it.live()
            taken.append(beside.look())
        return 0

    monkeypatch.setattr(jobs, "WORK", {**WORK, Job.ANCHOR: takes_long})
    at_it.look()

    assert len(taken) == 1
    assert ("huaxi", Job.ANCHOR) not in taken[0]


def test_every_daily_job_has_its_work() -> None:
    assert WORK.keys() == DAILY.keys() == set(Job) - {Job.SWEEP}


def test_a_worker_ticks_until_it_is_told_to_stop(database: Database, office: Office, keeper: FileKeeper) -> None:
    late = when_a_new_case_is_late(office)
    enough = threading.Event()
    ticking = threading.Thread(target=worker(database, SteppingClock(late), keeper).work, args=[enough])
    ticking.start()
    try:
        until(lambda: fired(office) > 0)
    finally:
        enough.set()
        ticking.join(timeout=30)

    assert not ticking.is_alive()


def test_a_worker_killed_at_any_moment_leaves_the_next_one_what_it_did_not_do(
    database: Database, office: Office, tmp_path: Path
) -> None:
    for n in range(6):
        when_a_new_case_is_late(office, f"示例-{n}")
    told_to_it = {
        "DATABASE_URL": database.logins.application,
        "DATABASE_OWNER_URL": "",
        "JIXIAO_ANCHORS": str(tmp_path / "a.jsonl"),
    }

    def started() -> "subprocess.Popen[str]":
        return subprocess.Popen([*PROGRAM, "worker"], env=os.environ | told_to_it, stderr=subprocess.PIPE, text=True)

    with started() as first:
        until(lambda: fired(office) > 0)
        first.send_signal(signal.SIGKILL)
    with started() as second:
        assert second.stderr is not None
        assert "后台进程在运行" in second.stderr.readline()
        until(lambda: nothing_is_due(database))
        second.send_signal(signal.SIGTERM)
        try:
            assert second.wait(30) == 128 + signal.SIGTERM
        finally:
            second.kill()

    with office.transactions() as session:
        told_of = session.scalars(select(Entry.payload).where(Entry.type == "deadline.fired")).all()
    assert len({each["id"] for each in told_of}) == len(told_of) > 0


TOLD_WHILE_IT_FALLS_ASLEEP = """
import signal, threading, time
from web.signals import ending_in_order, wait_for

def tell_nobody():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)  # the thread that waits is not woken by it

with ending_in_order():
    threading.Thread(target=tell_nobody).start()
    wait_for(threading.Event())
"""


def test_a_worker_that_is_told_to_end_while_it_falls_asleep_ends_all_the_same() -> None:
    command = [sys.executable, "-W", "error", "-c", TOLD_WHILE_IT_FALLS_ASLEEP]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert (ended.returncode, ended.stderr) == (128 + signal.SIGTERM, "")


def nothing_is_due(database: Database) -> bool:
    with database.lookout() as session:
        return due_until(session, SystemClock().now()) == []


def test_a_clock_that_stands_still_is_told_to_the_operator(
    database: Database, office: Office, keeper: FileKeeper
) -> None:
    office.open_case()
    worker(database, SteppingClock(NIGHT), keeper).sweep()

    def stands_still(at: datetime) -> list[bool]:
        with office.transactions() as session:
            return [line.stands_still for line in clockwork(session, office.bureau.office, at=at)]

    assert stands_still(NIGHT + timedelta(seconds=40))[0] is False
    assert all(stands_still(NIGHT + timedelta(hours=12)))
