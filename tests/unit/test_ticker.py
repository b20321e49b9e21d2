"""The ticker: one call at a time, and no word of the calls left out meanwhile."""

import threading

import pytest

from engine.ticker import Ticker


def test_a_call_that_takes_long_keeps_the_next_from_beginning_and_nobody_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def work() -> None:
        begun.release()
        go_on.wait()

    ticker = Ticker()
    ticker.every(0.01, work)
    ticker.start()
    begun.acquire()
    came_a_second_time = begun.acquire(timeout=0.2)
    go_on.set()
    ticker.stop()

    assert not came_a_second_time
    assert caplog.messages == []
