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
    child = _Child(list(map(str, command)), told)
    with ThreadPoolExecutor(1) as aside:
        try:
            return aside.submit(child.run, timeout).result()
        except BaseException:
            child.kill()
            raise


class _Child:
    """A program that runs beside the main thread: that alone is interrupted, and may be while the program begins."""

    def __init__(self, command: list[str], told: dict[str, Any]) -> None:
        self._command, self._told = command, told
        self._killed = False
        self._process: subprocess.Popen[str] | None = None

    def run(self, timeout: float | None) -> subprocess.CompletedProcess[str]:
        with subprocess.Popen(self._command, **self._told) as process:
            self._process = process
            if self._killed:
                process.kill()
            try:
                out, err = process.communicate(timeout=timeout)
            except BaseException:
                process.kill()
                raise
            return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def kill(self) -> None:
        """End it, or see to it that it is ended as soon as it has begun."""
        self._killed = True
        if self._process is not None:
            self._process.kill()
