"""`jixiao serve` as an operator runs it: real processes, a real port, ended by a signal."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, make_url, text

from engine.stages import Library
from engine.store import Database, Logins
from tests.conftest import fresh_database
from web.unhurried import GRACE_SECONDS

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
        head = answered(port, "HEAD /login HTTP/1.1", "Host: 127.0.0.1", "Connection: close")
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert "预算绩效管理系统" in page
    assert re.search(r"^Server: .*\d", head, re.MULTILINE) is None
    assert f"网页已开：http://127.0.0.1:{port}/" in said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def answered(port: int, *lines: str, body: bytes = b"", hangs_up: bool = False) -> str:
    """What the server says to these lines, sent as they stand."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall("\r\n".join((*lines, "", "")).encode("latin-1") + body)
        if hangs_up:
            client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b"")).decode()


def test_what_no_page_can_read_is_refused_in_our_words_too(served_database: Database, port: int) -> None:
    host, form = "Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded"
    process = serving(served_database, port)
    try:
        opened(port, "/login")
        long = answered(port, f"GET /cases?q={'x' * 5000} HTTP/1.1", host)
        laden = answered(port, "GET /login HTTP/1.1", host, f"Cookie: {'x' * 9000}")
        broken = answered(port, "GET /login HTTP/9.9", host)
        torn = answered(port, "POST /login HTTP/1.1", host, form, "Transfer-Encoding: chunked", body=b"ZZ\r\nabc")
        half = answered(
            port, "POST /login HTTP/1.1", host, form, "Content-Length: 999", body=b"login=huaxi", hangs_up=True
        )
        afterwards = opened(port, "/login")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)

    told = [answer.split(" ", 2)[1] for answer in (long, laden, broken, torn, half)]
    assert told == ["414", "431", "400", "400", "400"]
    assert "网址太长，没有打开" in long
    assert "浏览器带来的信息太多" in laden
    assert "读不出来，没有办理" in broken
    assert "读不出来，没有办理" in torn
    assert "读不出来，没有办理" in half
    assert "预算绩效管理系统" in afterwards


def test_clients_that_send_slowly_or_never_hang_up_keep_nobody_waiting(served_database: Database, port: int) -> None:
    half = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nl", b"GET /login HT"
    whole = b"GET /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    process = serving(served_database, port)
    try:
        opened(port, "/login")
        with ExitStack() as others:
            for sent in [*half * 6, *[whole] * 6]:
                client = others.enter_context(socket.create_connection(("127.0.0.1", port)))
                client.sendall(sent)
            began = time.monotonic()
            pages = [opened(port, "/login") for _ in range(5)]
            seconds = time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)

    assert all("预算绩效管理系统" in page for page in pages)
    assert seconds < GRACE_SECONDS  # none of them was waited for


def test_a_port_somebody_listens_on_is_refused_before_anything_is_served(served_database: Database, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        process = serving(served_database, port)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert f"127.0.0.1:{port} 不能用" in said
    assert "--port" in said


def test_a_worker_that_dies_while_the_database_is_away_does_not_end_the_service(
    served_database: Database, port: int
) -> None:
    process = serving(served_database, port)
    try:
        opened(port, "/login")
        (worker,) = children_of(process.pid)
        open_to_nobody(served_database, "false")
        os.kill(worker, signal.SIGKILL)
        told = line_with(process, "数据库还没有准备好")
        open_to_nobody(served_database, "true")
        page = opened(port, "/login")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)

    assert told
    assert "预算绩效管理系统" in page


def line_with(process: subprocess.Popen[str], word: str) -> str:
    """The next line on standard error that has the word in it; "" when the process ends without."""
    assert process.stderr is not None
    return next((line for line in process.stderr if word in line), "")


def children_of(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def open_to_nobody(database: Database, allowed: str) -> None:
    """Whether the server lets anybody in to the database."""
    name = make_url(database.logins.application).database
    engine = create_engine(database.logins.beside("postgres").as_owner(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {allowed}'))
    engine.dispose()


def test_half_an_identity_provider_is_refused_before_anything_is_served(served_database: Database, port: int) -> None:
    process = serving(served_database, port, JIXIAO_OIDC_ISSUER="https://id.example")

    _, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert "还缺：JIXIAO_OIDC_CLIENT_ID" in said
