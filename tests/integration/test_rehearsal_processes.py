"""A share of a rehearsal in another process: what goes wrong there is said here, and nothing is left behind."""

import os
import signal
from multiprocessing import active_children

import pytest

from engine.rehearsal.elsewhere import MOST, WORTH_A_PROCESS, ProcessLost, ShareFailed, elsewhere, processes_for
from engine.rehearsal.people import Town
from engine.store import Database
from web.wiring import DatabaseRefused

CORES = 4


def refuses() -> Database:
    raise DatabaseRefused("连不上数据库。", port=5432)


def dies() -> Database:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_a_refusal_over_there_is_the_refusal_of_the_rehearsal() -> None:
    with elsewhere(refuses, 1) as (other,), pytest.raises(DatabaseRefused, match="连不上数据库") as refused:
        other.end()

    assert refused.value.facts == {"port": 5432}


def test_a_process_that_is_killed_is_told_and_not_waited_for() -> None:
    with elsewhere(dies, 1) as (other,), pytest.raises(ProcessLost, match="没有写出结果"):
        other.end()


def falls() -> Database:
    raise ZeroDivisionError("nobody foresaw this")


def test_an_accident_over_there_is_told_here_with_its_trace_and_not_on_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with elsewhere(falls, 1) as (other,), pytest.raises(ShareFailed, match="nobody foresaw this"):
        other.end()

    assert capfd.readouterr().err == ""


def test_telling_a_process_that_is_gone_is_refused_too() -> None:
    with elsewhere(dies, 1) as (other,):
        with pytest.raises(ProcessLost):
            other.end()
        with pytest.raises(ProcessLost):
            other.settle(Town("huaxi"), seed=1)


def test_a_rehearsal_that_fails_takes_its_processes_with_it() -> None:
    def fails() -> None:
        with elsewhere(refuses, 2):
            assert len(active_children()) == 2
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert active_children() == []


@pytest.mark.parametrize(
    ("objects", "processes"),
    [(1, 1), (2 * WORTH_A_PROCESS - 1, 1), (2 * WORTH_A_PROCESS, 2), (100_000, CORES)],
)
def test_so_many_objects_are_worth_so_many_processes(
    monkeypatch: pytest.MonkeyPatch, objects: int, processes: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(CORES)), raising=False)

    assert processes_for(objects) == processes


def test_a_big_machine_is_not_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(64)), raising=False)

    assert processes_for(100_000) == MOST
