"""A launch that was begun goes on without anybody's browser: portion by portion, by any number of workers, once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from engine.cases import Case, Incident
from engine.clock import SteppingClock
from engine.commands.carry_on_launch import LEFT_ALONE, carry_on_launch
from engine.commands.launch_stage import launch_stage
from engine.moves import delivering
from engine.moves.launching import KIND
from engine.notifications import Notice
from engine.portions import LongWork, stopped, work_of
from engine.stages import Library
from engine.store import Database
from engine.words import CaseKind, NoticeKind
from tests.office import FISCAL_YEAR, Office
from web.wiring import wired
from web.worker.carrying import carrier_for
from web.worker.going_on import carry_on

carrying = import_module("engine.commands.carry_on_launch")
PROGRAM = (sys.executable, "-W", "error", "-c", "from web.cli import main; main()")
LATER = LEFT_ALONE + timedelta(seconds=1)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau; what stands half launched here would not count as sound."""
    return Office.opened(database)


@pytest.fixture
def other(database: Database, library: Library) -> Iterator[Database]:
    """Another machine on the same database."""
    server = wired(database.logins, Library(library.diagrams, library.policies))
    yield server
    server.close()


@pytest.fixture
def waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Five departments that wait for monitoring; a portion is two of them."""
    monkeypatch.setattr(carrying, "PORTION", 2)
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, f"示例-{number}") for number in range(5)]
    for case in cases:
        office.reach(case, "monitoring")
    office.clock.move_to(office.now + timedelta(hours=1))
    return cases


def launched(office: Office, most: int = 0) -> int:
    with_key = {"by": office.bureau.office, "at": office.now, "most": most}
    return int(launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **with_key).gave["launch"])


def carried(office: Office, later: timedelta = LATER) -> int | None:
    return carry_on_launch(office.transactions, at=office.now, now=office.now + later)


def work(office: Office, launch: int) -> LongWork:
    with office.transactions() as session:
        found = work_of(session, KIND, launch)
        assert found is not None
        session.expunge(found)
    return found


def moved(office: Office, cases: list[int]) -> list[int]:
    """How often each was launched."""
    return [len(office.journal(case, "stage.launched")) for case in cases]


def test_a_launch_goes_on_in_portions_until_everybody_is_reached(office: Office, waiting: list[int]) -> None:
    launch = launched(office, most=1)

    done = [carried(office) for _ in range(4)]

    assert done == [2, 2, None, None]
    assert moved(office, waiting) == [1] * 5
    kept = work(office, launch)
    assert (kept.total, kept.done, kept.failed, kept.ended_at is not None) == (5, 5, 0, True)
    told = office.journal(waiting[-1], "stage.launched")[-1]
    assert told.by == office.bureau.office.person_id


def test_who_began_it_is_told_once_when_it_is_over(office: Office, waiting: list[int]) -> None:
    launched(office, most=1)
    read_everything(office)

    carried(office)
    before = told(office)
    for _ in range(3):
        carried(office)

    assert before == []
    assert told(office) == [
        (office.bureau.office.person_id, NoticeKind.FINISHED, f"部署{FISCAL_YEAR}年度“绩效运行监控”已办完，共5件")
    ]


def test_how_many_are_to_be_tried_again_is_told_with_it(office: Office, waiting: list[int]) -> None:
    with office.transactions() as session:
        session.get_one(Case, waiting[0]).process_state = b"broken"
    launched(office)
    for _ in range(4):
        carried(office)

    assert [words for _, kind, words in told(office) if kind == NoticeKind.FINISHED] == [
        f"部署{FISCAL_YEAR}年度“绩效运行监控”已办完，共5件，1件待重试"
    ]


def read_everything(office: Office) -> None:
    carrier_for(office.database).carry_what_waits()
    with office.database.upkeep() as session:
        session.execute(delete(Notice))


def told(office: Office) -> list[tuple[int, NoticeKind, str]]:
    """What finance was told of no case."""
    carrier_for(office.database).carry_what_waits()
    with office.transactions() as session:
        rows = session.execute(
            select(Notice.person_id, Notice.kind, Notice.words).where(Notice.case_id.is_(None)).order_by(Notice.id)
        )
        return [(row.person_id, row.kind, row.words) for row in rows]


def test_as_long_as_a_page_drives_it_or_somebody_stopped_it_nothing_is_done(office: Office, waiting: list[int]) -> None:
    launch = launched(office)
    driven = carried(office, timedelta(seconds=1))
    with office.transactions() as session:
        kept = work_of(session, KIND, launch)
        assert kept is not None
        stopped(session, kept, at=office.now)

    assert (driven, carried(office, timedelta(days=1))) == (None, None)
    assert moved(office, waiting) == [0] * 5


def test_two_workers_reach_everybody_once(office: Office, other: Database, waiting: list[int]) -> None:
    launched(office)
    watch = SteppingClock(office.now + LATER)

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda each: carry_on(each, office.clock, watch), (office.database, other)))
    done.append(carry_on(other, office.clock, watch))

    assert sum(done) == 5
    assert moved(office, waiting) == [1] * 5


def test_while_one_worker_is_at_a_launch_another_is_given_none(office: Office, waiting: list[int]) -> None:
    launch = launched(office)

    with office.transactions() as session:
        session.scalars(select(LongWork).where(LongWork.subject == str(launch)).with_for_update()).one()
        meanwhile = carried(office)

    assert meanwhile is None
    assert carried(office) == 2


def test_a_worker_that_is_killed_leaves_what_it_did_and_the_next_goes_on(
    office: Office, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = launched(office)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(carrying, "noted", killed)
    with pytest.raises(KeyboardInterrupt):
        carried(office)
    monkeypatch.undo()
    monkeypatch.setattr(carrying, "PORTION", 2)
    between, standing = moved(office, waiting), work(office, launch).done

    assert [carried(office) for _ in range(3)] == [2, 1, None]
    assert (sum(between), standing) == (2, 0)
    assert moved(office, waiting) == [1] * 5


def test_a_case_that_fails_is_left_with_an_incident_and_the_others_go_on(office: Office, waiting: list[int]) -> None:
    launch = launched(office)
    broken = waiting[0]
    with office.transactions() as session:
        session.get_one(Case, broken).process_state = b"broken"

    done = [carried(office) for _ in range(4)]

    kept = work(office, launch)
    assert sum(each or 0 for each in done) == 4
    assert (kept.done, kept.failed, kept.ended_at is not None) == (5, 1, True)
    with office.transactions() as session:
        (incident,) = session.scalars(select(Incident).where(Incident.command == "deliver_message"))
        assert incident.case_id == broken


def test_a_launch_on_which_the_program_breaks_waits_behind_the_others(
    office: Office, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = launched(office)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("示例")

    monkeypatch.setattr(delivering, "_moves", breaks)
    with pytest.raises(RuntimeError):
        carried(office)
    monkeypatch.undo()

    assert carried(office) is None
    assert carried(office, LATER * 3) == 5
    assert work(office, launch).continued_at is None


def test_a_launch_again_makes_only_what_is_missing_and_goes_on_too(office: Office, waiting: list[int]) -> None:
    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now,
        scope={"case_ids": waiting[:2]},
    )  # fmt: skip
    launched(office)

    while carried(office, timedelta(days=1)) is not None:
        pass

    assert moved(office, waiting) == [1] * 5


def test_the_program_goes_on_with_a_launch_by_itself_and_after_a_kill(
    office: Office, waiting: list[int], tmp_path: Path
) -> None:
    launch = launched(office)
    told_to_it = {
        "DATABASE_URL": office.database.logins.application,
        "DATABASE_OWNER_URL": "",
        "JIXIAO_ANCHORS": str(tmp_path / "a.jsonl"),
    }

    def started() -> "subprocess.Popen[str]":
        return subprocess.Popen([*PROGRAM, "worker"], env=os.environ | told_to_it, stderr=subprocess.PIPE, text=True)

    with started() as first:
        assert first.stderr is not None
        first.stderr.readline()
        first.send_signal(signal.SIGKILL)
    with started() as second:
        end = time.monotonic() + 60
        while work(office, launch).ended_at is None:
            assert time.monotonic() < end, "nothing happened"
            time.sleep(0.1)
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 128 + signal.SIGTERM

    assert moved(office, waiting) == [1] * 5
