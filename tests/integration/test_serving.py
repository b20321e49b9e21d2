"""`jixiao serve` as an operator runs it: real processes, a real port, ended by a signal."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from engine.stages import Library
from engine.store import Database, Logins
from tests.conftest import fresh_database

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@pytest.fixture
def served_database(server: Logins, template: str, library: Library) -> Iterator[Database]:
    """A database of its own, which several processes are going to open."""
    with fresh_database(server, template, library) as database:
        yield database


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def serving(database: Database, port: int, **besides: str) -> subprocess.Popen[str]:
    logins = database.logins
    told = {**os.environ, **besides, "DATABASE_URL": logins.application, "DATABASE_OWNER_URL": logins.as_owner()}
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port), "--workers", "1"]
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def opened(port: int, path: str) -> str:
    """The page, once the server answers."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with suppress(URLError, ConnectionError), urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return str(answer.read().decode())
        time.sleep(0.1)
    raise TimeoutError(path)


def test_pages_are_served_until_a_signal_and_nothing_stays(served_database: Database, port: int) -> None:
    process = serving(served_database, port)
    try:
        page = opened(port, "/login")
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert "预算绩效管理系统" in page
    assert f"网页已开：http://127.0.0.1:{port}/" in said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_port_somebody_listens_on_is_refused_before_anything_is_served(served_database: Database, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        process = serving(served_database, port)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert f"127.0.0.1:{port} 不能用" in said
    assert "--port" in said


def test_half_an_identity_provider_is_refused_before_anything_is_served(served_database: Database, port: int) -> None:
    process = serving(served_database, port, JIXIAO_OIDC_ISSUER="https://id.example")

    _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert "还缺：JIXIAO_OIDC_CLIENT_ID" in said
