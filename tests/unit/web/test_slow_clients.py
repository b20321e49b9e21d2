"""How long a client may take, and how many requests are worked on at once."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Timer

import pytest
from flask import Flask

from web import unhurried
from web.unhurried import Connection
from web.visits import turns


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Connection, socket.socket]]:
    """Our end and the client's, under a short patience: 0.2 seconds, and one more for every 100 bytes."""
    monkeypatch.setattr(unhurried, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(unhurried, "SLOWEST_BYTES", 100)
    monkeypatch.setattr(unhurried, "READING_SECONDS", 0.2)
    plain, theirs = socket.socketpair()
    ours = Connection.of(plain)
    ours.setblocking(True)
    ours.begins()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_who_sends_nothing_is_hung_up_on_after_the_grace(pair: tuple[Connection, socket.socket]) -> None:
    ours, _ = pair
    began = time.monotonic()

    assert ours.recv(100) == b""
    assert time.monotonic() - began > 0.1
    assert ours.recv(100) == b""


def test_what_has_come_gives_time_for_more(pair: tuple[Connection, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"x" * 100)
    assert len(ours.recv(100)) == 100

    began = time.monotonic()

    assert ours.recv(100) == b""
    assert time.monotonic() - began > 0.8


def test_a_further_request_on_a_connection_has_its_own_time(pair: tuple[Connection, socket.socket]) -> None:
    ours, theirs = pair
    assert ours.recv(100) == b""

    ours.begins()
    theirs.sendall(b"again")

    assert ours.recv(100) == b"again"


def test_a_shorter_patience_of_the_server_holds(
    pair: tuple[Connection, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pair
    monkeypatch.setattr(unhurried, "GRACE_SECONDS", 600)
    ours.settimeout(0.1)
    speaks_later = Timer(60, theirs.sendall, [b"too late"])
    speaks_later.start()

    told = ours.recv(100)

    speaks_later.cancel()
    assert told == b""
    assert ours.gettimeout() == 0.1


def test_who_does_not_read_the_answer_counts_as_gone(pair: tuple[Connection, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"question")
    ours.recv(100)

    with pytest.raises(BrokenPipeError):
        ours.sendall(b"x" * 10_000_000)


@pytest.mark.parametrize(("people", "meet"), [(2, True), (3, False)])
def test_so_many_are_worked_on_at_once_and_the_others_after_them(people: int, meet: bool) -> None:
    app, barrier = Flask("web"), Barrier(people)

    @app.get("/")
    def meeting() -> str:
        try:
            barrier.wait(30 if meet else 0.5)
        except BrokenBarrierError:
            return "alone"
        return "together"

    turns.guard(app, 2)

    with ThreadPoolExecutor(people) as threads:
        found = list(threads.map(lambda _: app.test_client().get("/").text, range(people)))

    assert found == [["alone", "together"][meet]] * people


def test_a_turn_is_given_back_by_a_page_that_fails() -> None:
    app = Flask("web")
    turns.guard(app, 1)

    statuses = [app.test_client().get("/nowhere").status_code for _ in range(3)]

    assert statuses == [404] * 3


def test_whoever_came_first_has_the_next_turn_even_when_the_last_one_comes_back_at_once() -> None:
    order, waiting = turns.Turns(1), Barrier(2)
    had: list[str] = []
    order.take()

    def comes_first() -> None:
        waiting.wait(5)
        order.take()
        had.append("who waited")
        order.give_back()

    with ThreadPoolExecutor(1) as other:
        first = other.submit(comes_first)
        waiting.wait(5)
        while not order.is_waited_for:
            time.sleep(0.001)
        order.give_back()
        order.take()
        had.append("who came back")
        first.result()

    assert had == ["who waited", "who came back"]
