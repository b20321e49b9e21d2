"""Other programs, asked and waited for: none is left behind, not even by whoever interrupts us meanwhile."""

import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any


def ran(command: Sequence[str | Path], *, timeout: float | None = None, **how: Any) -> subprocess.CompletedProcess[str]:
    """What the program said and its exit code; `how` goes to `subprocess.Popen`, which reads text here.

    Interrupted, or out of time, the program is killed and buried before the interruption goes on. That of the standard
    library leaves it unburied: it waits a quarter of a second, once. Raises TimeoutExpired and what starting it raises.
    """
    told: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "text": True,
        "errors": "replace",
    } | how
    with _started(list(map(str, command)), told) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            process.wait()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _started(command: list[str], told: dict[str, Any]) -> "subprocess.Popen[str]":
    """The program, begun beside the main thread: that alone is interrupted, and may be while the program begins."""
    with ThreadPoolExecutor(1) as aside:
        beginning = aside.submit(lambda: subprocess.Popen(command, **told))
        try:
            return beginning.result()
        except KeyboardInterrupt:
            with beginning.result() as process:
                process.kill()
            raise
