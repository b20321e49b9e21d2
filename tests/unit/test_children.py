"""Programs that are asked and waited for: what they said, and none left when somebody interrupts."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from engine.store.children import ran


def children() -> set[str]:
    """Every process that is ours, those that wait to be buried among them."""
    tasks = Path("/proc/self/task").iterdir()
    return {number for task in tasks for number in (task / "children").read_text(encoding="ascii").split()}


def test_what_a_program_says_and_how_it_ends_is_told() -> None:
    done = ran([sys.executable, "-c", "import sys; print('好'); sys.exit('不好')"])

    assert (done.returncode, done.stdout.strip(), done.stderr.strip()) == (1, "好", "不好")


def test_who_interrupts_leaves_no_program_behind() -> None:
    before = children()
    Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        ran([sys.executable, "-c", "import time; time.sleep(60)"])

    assert children() <= before


def test_who_interrupts_while_a_program_begins_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    class BegunSlowly(subprocess.Popen[str]):
        def __init__(self, *args: Any, **how: Any) -> None:
            super().__init__(*args, **how)
            time.sleep(0.5)

    monkeypatch.setattr(subprocess, "Popen", BegunSlowly)
    before = children()
    Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        ran([sys.executable, "-c", "import time; time.sleep(60)"])

    assert children() <= before


def test_a_program_that_takes_too_long_is_ended() -> None:
    before = children()

    with pytest.raises(subprocess.TimeoutExpired):
        ran([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2)

    assert children() <= before
