"""One copy of the tree and one PostgreSQL, kept ready: makes a change, forks, and lets tests run on it.

`Worker` is what the run talks to; run as a module (`python -m tools.mutation.worker`) this file is the process it talks
to. That process has imported all libraries but nothing of ours, so that every fork reads our code as it stands, changed
line included. Requests and answers are lines of JSON.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tools.mutation.changes import Change
from tools.mutation.places import PROJECT

ROOMS = ("engine", "web", "webhooks", "tests", "tools", "bench")
PASSED = 0
"""Pytest's exit code when every test passed."""
HOW = ("-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
DATABASE_SERVER = """
import sys
from pathlib import Path
from engine.store import embedded
folder = Path(sys.argv[1])
print(embedded.start(folder, throwaway=True), flush=True)
sys.stdin.read()
embedded.leave(folder, throwaway=True)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """How the tests ended: pytest's exit code (None: out of time), the test that failed, and the time it took."""

    code: int | None
    by: str | None
    seconds: float


class Worker:
    """A process that tries changes, one after the other."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        inside: dict[str, Any] = {"cwd": tree, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        self._database = subprocess.Popen(
            [sys.executable, "-c", DATABASE_SERVER, str(tree.parent / "pg")], env=environment, **inside
        )
        server = _line(self._database)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.mutation.worker", server], env=environment, **inside
        )

    def try_out(self, change: Change, tests: Sequence[str], limit_seconds: float) -> Answer:
        """What the tests say of the tree with this change made; it is taken back afterwards."""
        path = self._tree / change.file
        kept = path.read_bytes()
        path.write_bytes(change.made_in(kept))
        try:
            return self.run(tests, limit_seconds)
        finally:
            path.write_bytes(kept)

    def run(self, tests: Sequence[str], limit_seconds: float) -> Answer:
        """What the tests say of the tree as it is."""
        assert self._process.stdin is not None
        print(json.dumps({"tests": list(tests), "limit": limit_seconds}), file=self._process.stdin, flush=True)
        return Answer(**json.loads(_line(self._process)))

    def close(self) -> None:
        """Let both processes end, and take the copy away."""
        for process in (self._process, self._database):
            assert process.stdin is not None
            process.stdin.close()
            process.wait()
        shutil.rmtree(self._tree.parent)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args} 提前结束")
    return line.strip()


def copied_tree() -> Path:
    """A copy of the project as it stands, compiled so that a changed file is never taken for an unchanged one."""
    tree = Path(mkdtemp(prefix="jixiao-mutation-")) / "tree"
    tree.parent.chmod(0o755)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, stdout=-1, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source = PROJECT / name
        if source.is_file() and not source.is_symlink():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, tree / name)
    rooms = [room for room in ROOMS if (tree / room).exists()]
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *rooms], cwd=tree, check=True
    )
    return tree


# ── the process ──────────────────────────────────────────────────────────────────────────────────────────────────────


def serve(server: str) -> None:
    """Answer requests until nobody asks any more."""
    _prepare()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        _sweep(server)
        print(json.dumps(_forked(asked, server)), file=answers, flush=True)


def _forked(asked: Mapping[str, Any], server: str) -> dict[str, Any]:
    reading, writing = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setsid()
        _run_tests(asked["tests"], server, writing)
    os.close(writing)
    code = _ended(child, began + asked["limit"])
    with os.fdopen(reading) as told:
        by = told.read() or None
    return {"code": code, "by": by, "seconds": round(time.monotonic() - began, 1)}


def _ended(child: int, until: float) -> int | None:
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _run_tests(tests: Sequence[str], server: str, tell: int) -> None:
    import pytest

    from tools.mutation.watching import Watching

    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    watching = Watching(server)
    try:
        code = int(pytest.main([*HOW, *tests], plugins=[watching]))
    except BaseException:  # noqa: BLE001 - whatever the change brought about, somebody noticed
        code = 1
    os.write(tell, (watching.failed or "").encode())
    os._exit(code)


def _prepare() -> None:
    """Everything that is slow to import and not ours; a bound on memory for changes that never end."""
    import resource

    import alembic.command
    import hypothesis
    import lxml.etree
    import marshmallow
    import psycopg
    import pytest_bdd
    import rich.console
    import SpiffWorkflow.bpmn.workflow
    import SpiffWorkflow.spiff.parser.process
    import sqlalchemy.dialects.postgresql
    import sqlalchemy.orm

    used = (alembic, lxml, marshmallow, psycopg, pytest_bdd, rich, SpiffWorkflow, sqlalchemy)
    assert all(used)
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
    settings = hypothesis.settings
    settings.register_profile(
        "mutation", deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    settings.load_profile("mutation")


def _sweep(server: str) -> None:
    """Take away the databases of tests that were killed."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database "
            "WHERE NOT datistemplate AND datname NOT IN ('postgres', current_database())"
        )
        for (name,) in left.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    serve(sys.argv[1])
