"""Whenever a replacement is killed there is the old set or the new one, or the next run makes it whole and says so."""

import errno
import os
import re
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from engine.files import AlreadyThere, NotWritable, new_set
from tests.unit.replacing import NAMES, Process, looking, replacing

OLD, NEW, LATER = (dict.fromkeys(NAMES, content) for content in ("old", "new", "later"))
PATIENCE_SECONDS = 30


def with_old_set(folder: Path) -> Path:
    """A folder with a set that its owner alone reads, and a file of somebody's own."""
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_text("old")
        (folder / name).chmod(0o600)
    (folder / "mine.txt").write_text("mine")
    return folder


def killed_at_every_step(prepare: Callable[[int], Path], work: Callable[[Path, int], Process]) -> Iterator[Path]:
    """The folders left when the process was killed before its first step, its second …, until it lives to its end."""
    for step in count(1):
        folder = prepare(step)
        process = work(folder, step)
        process.communicate(timeout=PATIENCE_SECONDS)
        if process.returncode != -signal.SIGKILL:
            return
        yield folder


def half_replaced(place: Path) -> Path:
    """A folder in which a killed process left some files of the new set and some of the old."""
    killed = killed_at_every_step(
        lambda step: with_old_set(place / str(step)), lambda folder, step: replacing(folder, "new", step=step)
    )
    return next(folder for folder in killed if set_in(folder) not in (OLD, NEW))


def set_in(folder: Path) -> dict[str, str]:
    assert (folder / "mine.txt").read_text() == "mine"
    return {name: (folder / name).read_text() for name in NAMES if (folder / name).exists()}


def looked_at(folder: Path) -> None:
    """What the next run does before its work begins."""
    with pytest.raises(AlreadyThere), new_set(folder, NAMES):
        pytest.fail("begun all the same")


def test_after_a_kill_the_next_run_finds_one_set_whole_or_makes_it_so_and_says_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = []

    for folder in killed_at_every_step(
        lambda step: with_old_set(tmp_path / str(step)), lambda folder, step: replacing(folder, "new", step=step)
    ):
        found.append(set_in(folder))
        caplog.clear()
        looked_at(folder)

        assert set_in(folder) in (OLD, NEW)
        assert found[-1] in (OLD, NEW) or "没有做完，已把其余的换好" in caplog.text
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in NAMES} == {0o600}
        assert not list(folder.glob(".jixiao-*.begun"))

    assert OLD in found
    assert NEW in found
    assert any(each not in (OLD, NEW) for each in found)


def test_a_run_killed_while_it_makes_a_set_whole_is_followed_by_one_that_does(tmp_path: Path) -> None:
    half = half_replaced(tmp_path)

    for folder in killed_at_every_step(
        lambda step: Path(shutil.copytree(half, tmp_path / f"again-{step}")),
        lambda folder, step: looking(folder, step=step),
    ):
        looked_at(folder)

        assert set_in(folder) == NEW
        assert not list(folder.glob(".jixiao-*.begun"))


def test_a_later_set_replaces_one_that_was_left_half_done(tmp_path: Path) -> None:
    folder = half_replaced(tmp_path)

    replacing(folder, "later").communicate(timeout=PATIENCE_SECONDS)

    assert set_in(folder) == LATER
    assert sorted(path.name for path in folder.iterdir()) == sorted([*NAMES, "mine.txt"])


@pytest.fixture
def halted(tmp_path: Path) -> Iterator[Process]:
    """A process that stands still when the first file of the new set is in."""
    process = replacing(with_old_set(tmp_path / "out"), "new", signal.SIGSTOP, step=8)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
    yield process
    process.kill()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="who waits for whom is told by /proc")
def test_two_that_replace_a_set_wait_for_each_other(tmp_path: Path, halted: Process) -> None:
    folder = tmp_path / "out"
    assert set_in(folder) not in (OLD, NEW)

    second = replacing(folder, "later")
    until_it_waits(second)
    halted.send_signal(signal.SIGCONT)

    said = [process.communicate(timeout=PATIENCE_SECONDS)[1] for process in (halted, second)]
    assert said == ["", ""]
    assert set_in(folder) == LATER
    assert sorted(path.name for path in folder.iterdir()) == sorted([*NAMES, "mine.txt"])


def until_it_waits(process: Process) -> None:
    """Until the process stands in line for a lock."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not re.search(rf"-> .* {process.pid} ", Path("/proc/locks").read_text()):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_another_account_left_half_done_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = half_replaced(tmp_path)
    before = set_in(folder)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)

    with (
        pytest.raises(NotWritable, match="别的账号没有做完的替换.*没有开始。请由那个账号再办一次"),
        new_set(folder, NAMES, force=True),
    ):
        pytest.fail("begun all the same")

    assert set_in(folder) == before


def test_a_set_that_can_be_neither_put_in_nor_put_back_is_put_in_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_old_set(tmp_path / "out")
    replace, left = Path.replace, iter([1])

    def works_once(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise OSError(errno.EIO, "made up")
        return replace(self, target)

    def write() -> None:
        with new_set(folder, NAMES, force=True) as prepared:
            for name in NAMES:
                prepared.write(name, "new")
            monkeypatch.setattr(Path, "replace", works_once)

    with pytest.raises(NotWritable, match="磁盘出错"):
        write()
    monkeypatch.undo()

    looked_at(folder)
    assert set_in(folder) == NEW
