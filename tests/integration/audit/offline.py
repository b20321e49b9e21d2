"""The stand-alone script, run as an auditor runs it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[3] / "tools" / "verify_journal.py"
Tamper = Callable[..., None]


def offline(file: Path) -> tuple[int, str]:
    """The stand-alone script in a Python that has nothing of ours on its path."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(file)],
        capture_output=True,
        text=True,
        cwd=file.parent,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr
