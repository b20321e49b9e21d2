"""Ctrl-C reaches a page process twice, from the terminal and from its parent: it ends once."""

import signal
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from web.unreadable import Worker


def test_a_second_signal_does_not_break_into_the_tidying_up() -> None:
    worker = Worker.__new__(Worker)
    worker.alive, worker.tpool = True, ThreadPoolExecutor(1)
    worker.cfg = SimpleNamespace(worker_int=lambda each: None)

    with pytest.raises(SystemExit):
        worker.handle_quit(signal.SIGINT, None)
    worker.handle_quit(signal.SIGQUIT, None)

    assert worker.alive is False
