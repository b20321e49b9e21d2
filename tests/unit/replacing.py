"""Processes that replace a set of files, or find one half replaced, and get a signal just before one of their steps.

Every step is a change of names or rights that the file system is asked for.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.files import new_set

NAMES = ("results.json", "cases.jsonl", "summary.md")
STEPS = {"os.rename", "os.link", "os.chmod", "os.chown", "os.mkdir", "os.rmdir", "os.remove", "shutil.rmtree"}
NEVER = 10_000

Process = subprocess.Popen[str]


def replacing(folder: Path, content: str, how: signal.Signals = signal.SIGKILL, step: int = NEVER) -> Process:
    """At work on replacing the set, each file by one with this content; steps count from when all are prepared."""
    return _started("_replace", folder, content, how, step)


def looking(folder: Path, how: signal.Signals = signal.SIGKILL, step: int = NEVER) -> Process:
    """At work on a set that is refused because there is one; steps count from the beginning."""
    return _started("_look", folder, "", how, step)


def _started(work: str, folder: Path, content: str, how: signal.Signals, step: int) -> Process:
    command = [sys.executable, "-m", __name__, work, str(folder), content, str(int(how)), str(step)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def _replace(folder: Path, content: str, how: int, step: int) -> None:
    with new_set(folder, NAMES, force=True) as prepared:
        for name in NAMES:
            prepared.write(name, content)
        _send_before(step, how)


def _look(folder: Path, content: str, how: int, step: int) -> None:
    _send_before(step, how)
    with new_set(folder, NAMES):
        pass


def _send_before(step: int, how: int) -> None:
    """This process is sent the signal just before that step of what it does from now on."""
    taken = 0

    def count(event: str, arguments: object) -> None:
        nonlocal taken
        if event in STEPS:
            taken += 1
            if taken == step:
                os.kill(os.getpid(), how)

    sys.addaudithook(count)


if __name__ == "__main__":
    work = {"_replace": _replace, "_look": _look}[sys.argv[1]]
    work(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
