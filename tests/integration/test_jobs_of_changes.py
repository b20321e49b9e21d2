"""A job is there when the change is that left it, and is done by somebody, whoever is killed, whatever fails first."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.carrier import Carrier
from engine.store import Database
from engine.store.deferring import deferred
from engine.store.wire import in_one_trip

DIES_AT_WORK = """
import os, sys
from engine.carrier import Carrier
Carrier(sys.argv[1], {"try": lambda **_: os._exit(9)}).carry_what_waits()
"""


def leave(database: Database, place: str = "huaxi", *, of: str | None = None, number: int = 1) -> None:
    with database.transaction(place) as session:
        in_one_trip(session, deferred("try", of or place, {"number": number}))


def waiting(database: Database) -> int:
    with database.upkeep() as session:
        return session.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")) or 0


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)


def test_a_job_is_done_once_with_what_it_was_told(database: Database) -> None:
    done: list[object] = []
    leave(database, number=7)
    carrier = Carrier(database.logins.application, {"try": lambda **told: done.append(told)})

    carrier.carry_what_waits()
    carrier.carry_what_waits()

    assert done == [{"jurisdiction": "huaxi", "number": 7}]
    assert waiting(database) == 0


def test_what_was_not_committed_left_no_job(database: Database) -> None:
    with database.transaction("huaxi") as session:
        in_one_trip(session, deferred("try", "huaxi", {}))
        session.rollback()

    assert waiting(database) == 0


def test_nobody_leaves_a_job_to_another_jurisdiction(database: Database) -> None:
    with pytest.raises(DBAPIError, match="of the jurisdiction that leaves it"):
        leave(database, "conghua", of="huaxi")

    assert waiting(database) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name) VALUES ('jixiao', 'try')",
        "SELECT procrastinate.procrastinate_register_worker_v1()",
        "SET LOCAL search_path = procrastinate; SELECT procrastinate_register_worker_v1()",
        "ALTER TABLE procrastinate.procrastinate_jobs DISABLE ROW LEVEL SECURITY",
        "SELECT set_config('app.jurisdiction', '*', true); SELECT count(*) FROM procrastinate.procrastinate_jobs",
    ],
)
def test_a_jurisdiction_does_nothing_with_jobs_but_leave_them(database: Database, statement: str) -> None:
    leave(database)

    with pytest.raises(DBAPIError), database.transaction("huaxi") as session:
        session.connection().exec_driver_sql(statement, execution_options={"no_parameters": True})


def test_a_jurisdiction_sees_and_takes_no_job(database: Database) -> None:
    leave(database)

    with database.transaction("huaxi") as session:
        seen = session.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs"))
        touched = session.connection().execute(text("DELETE FROM procrastinate.procrastinate_jobs")).rowcount

    assert (seen, touched) == (0, 0)
    assert waiting(database) == 1


def test_a_job_that_fails_is_tried_again_later(database: Database) -> None:
    tried: list[int] = []

    def fails_at_first(**_: object) -> None:
        tried.append(1)
        if len(tried) < 2:
            raise OSError("示例")

    leave(database)
    with Carrier(database.logins.application, {"try": fails_at_first}):
        until(lambda: len(tried) == 2)
        until(lambda: waiting(database) == 0)


def test_a_job_somebody_died_at_is_done_by_another(database: Database) -> None:
    leave(database)
    url = database.logins.application
    died = subprocess.run([sys.executable, "-W", "error", "-c", DIES_AT_WORK, url], timeout=60, check=False)
    done: list[object] = []
    alive = Carrier(url, {"try": lambda **told: done.append(told)}, silent_seconds=1)
    alive.carry_what_waits()
    at_once = list(done)

    time.sleep(1.1)
    alive.carry_what_waits()

    assert died.returncode == 9
    assert at_once == []
    assert len(done) == 1


def test_two_carriers_do_each_job_once(database: Database) -> None:
    done: list[object] = []
    for number in range(40):
        leave(database, number=number)
    carriers = [Carrier(database.logins.application, {"try": lambda number, **_: done.append(number)})] * 2
    working = [threading.Thread(target=each.carry_what_waits) for each in carriers]

    for each in working:
        each.start()
    for each in working:
        each.join()

    assert sorted(map(str, done)) == sorted(map(str, range(40)))


def test_the_tables_of_jobs_are_those_the_migration_was_written_for() -> None:
    schema = files("procrastinate").joinpath("sql", "schema.sql").read_bytes()

    assert sha256(schema).hexdigest() == "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
