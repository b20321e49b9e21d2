"""`jixiao` is told to end by the system: it exits as a shell expects, and nothing of it stays."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.store.embedded import PROJECT_FOLDER
from tests.integration.embedded.conftest import linux
from tests.integration.embedded.damage import PATIENCE_SECONDS, eventually, servers_in

Rehearsal = Callable[..., "subprocess.Popen[str]"]
INPUTS = ("--departments", "data/huaxi_2021_departments.csv", "--projects", "data/huaxi_2021_projects.csv")


@pytest.fixture
def rehearsal(ground: Path) -> Iterator[Rehearsal]:
    """Begins a rehearsal of a real year in two processes, with `ground` as the temporary folder."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*before: str) -> "subprocess.Popen[str]":
        program = [sys.executable, "-W", "error", "-c", "from web.cli import main; main()"]
        words = ["rehearse", "huaxi", "--year", "2021", *INPUTS, "--processes", "2", "--out", str(ground / "out")]
        begun.append(
            subprocess.Popen(
                [*before, *program, *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=PROJECT_FOLDER,
                env={**os.environ, "TMPDIR": str(ground)},
            )
        )
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()
        each.communicate()


def helpers_of(process: "subprocess.Popen[str]") -> list[str]:
    """The other processes of a rehearsal, and whatever looks after them."""
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


@linux
@pytest.mark.parametrize(
    ("how", "begun"),
    [
        (signal.SIGTERM, lambda ground, process: servers_in(ground)),
        (signal.SIGHUP, lambda ground, process: helpers_of(process)[1:]),
    ],
    ids=["while its server starts", "in the middle"],
)
def test_a_rehearsal_that_is_told_to_end_leaves_nothing(
    rehearsal: Rehearsal, ground: Path, how: signal.Signals, begun: Callable[..., object]
) -> None:
    process = rehearsal()
    eventually(lambda: begun(ground, process))
    helpers = helpers_of(process)

    process.send_signal(how)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert (process.returncode, said) == (128 + how, "")
    assert servers_in(ground) == []
    assert list(ground.iterdir()) == []
    eventually(lambda: not any(Path(f"/proc/{helper}").exists() for helper in helpers))


@linux
def test_who_is_not_to_heed_the_end_of_the_terminal_goes_on(rehearsal: Rehearsal, ground: Path) -> None:
    process = rehearsal("nohup")
    eventually(lambda: servers_in(ground))

    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 128 + signal.SIGTERM
    assert list(ground.iterdir()) == []


CONNECTS = """
import os, signal
from web.signals import ending_in_order

def connects():
    opened = open(os.devnull)
    os.kill(os.getpid(), signal.SIGHUP)  # before anybody has what was opened
    return opened

with ending_in_order():
    connects()
"""


def test_what_was_being_opened_at_the_very_end_is_not_told_as_a_fault() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", CONNECTS], capture_output=True, text=True, cwd=PROJECT_FOLDER, check=False
    )

    assert (ended.returncode, ended.stderr) == (128 + signal.SIGHUP, "")


TOLD_TWICE = """
import os, signal, sys
from engine.store import embedded

class Held(dict):
    told = False
    def __len__(self):  # everything is about to be left
        if not self.told:
            self.told = True
            os.kill(os.getpid(), signal.SIGTERM)
        return 1

embedded._held = Held({("server", False): None})
embedded._leave = lambda wanted, throwaway: print("left", wanted)
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
"""


def test_who_is_told_a_second_time_while_it_ends_still_leaves_its_server_and_says_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", TOLD_TWICE],
        capture_output=True,
        text=True,
        cwd=PROJECT_FOLDER,
        check=False,
    )

    assert (ended.stdout, ended.stderr) == ("left server\n", "")
