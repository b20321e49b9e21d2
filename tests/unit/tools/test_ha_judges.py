"""`make ha` says what is to be said: how long nothing went, what was acknowledged and is gone, what is there twice."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tools.chaos.checker import Findings
from tools.ha.judge import Acknowledged, Kept, Lull, Verdict, faults_of, lull_of
from tools.ha.processes import family_of

STEPS = [Acknowledged(1.0, "示例-1", ("huaxi.1.1", "huaxi.1.2")), Acknowledged(2.0, "示例-2", ("huaxi.2.1",))]
KEPT = Kept({"huaxi.1.1", "huaxi.1.2", "huaxi.2.1", "huaxi.3.1"}, ["示例-1", "示例-2", "示例-3"])
FOUND = Findings(
    cases=3, fired=12, lost=0, doubled=0, early=0, saved=0, handed_in=0, pages=(), notices=5, notices_missing=0,
    notices_invented=0, mails=0, mails_missing=0, mails_invented=0, mails_twice=0, entries=40, faults=(),
)  # fmt: skip
WELL = Verdict(
    acknowledged=2, steps=Lull(1, 1, 37.5), pages=Lull(9, 9, 38.0), instead=("503",), faults=(),
    found=FOUND, two_again_seconds=8.0,
)  # fmt: skip


def test_what_is_acknowledged_and_there_is_no_fault_nor_is_what_nobody_heard_of() -> None:
    assert list(faults_of(STEPS, KEPT)) == []


def test_a_step_of_which_one_event_is_gone_is_lost() -> None:
    without = replace(KEPT, events=set(KEPT.events) - {"huaxi.1.2"})

    (fault,) = faults_of(STEPS, without)

    assert fault == "1 步告诉办理人办成了，库里却没有，例如“示例-1”。"


def test_a_case_that_is_gone_is_told() -> None:
    (fault,) = faults_of(STEPS, replace(KEPT, codes=["示例-1"]))

    assert fault == "1 份办成了的案卷不在库里。"


def test_a_case_that_is_there_twice_is_told() -> None:
    (fault,) = faults_of(STEPS, replace(KEPT, codes=[*KEPT.codes, "示例-3"]))

    assert fault == "1 份案卷建了两次，例如“示例-3”。"


def test_a_lull_lasts_from_the_kill_to_the_first_that_was_not_under_way_by_then() -> None:
    assert lull_of([7.0, 9.9, 10.3, 47.5, 48.0], 10.0) == Lull(3, 2, 37.5)


def test_a_lull_without_an_end_has_no_seconds() -> None:
    assert lull_of([7.0, 10.1], 10.0) == Lull(2, 0, None)


def test_where_all_went_well_the_report_says_so() -> None:
    assert WELL.sound
    assert "37.5 秒后又有一步办成" in WELL.words()
    assert WELL.words().endswith("✓ 办成的一步没丢，60 秒以内自己接着办。")


@pytest.mark.parametrize(
    "bad",
    [
        replace(WELL, faults=("2 步不在库里。",)),
        replace(WELL, steps=Lull(1, 1, 60.5)),
        replace(WELL, steps=Lull(0, 1, 5.0)),
        replace(WELL, pages=Lull(3, 0, None)),
        replace(WELL, instead=("500", "503")),
        replace(WELL, found=replace(WELL.found, lost=1)),
        replace(WELL, found=replace(WELL.found, doubled=1)),
        replace(WELL, found=replace(WELL.found, faults=("断了。",))),
        replace(WELL, two_again_seconds=None),
    ],
)
def test_anything_that_is_not_as_promised_is_said_at_the_end(bad: Verdict) -> None:
    assert not bad.sound
    assert bad.words().endswith("✕ 有不符合的，见上。")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="asks Linux")
def test_all_processes_below_one_are_found() -> None:
    begins_another = "import subprocess, sys; c = subprocess.Popen(['sleep', '60']); print(c.pid, flush=True); c.wait()"
    with subprocess.Popen([sys.executable, "-c", begins_another], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        try:
            assert family_of(parent.pid) == [parent.pid, child]
        finally:
            os.kill(child, 9)
