"""The clock of the demo: a worker in a process of its own beside the pages, gone with whoever started it.

It ends when its standard input does, however the one ended who holds the other end of that pipe.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Any

from engine.errors import EngineError
from engine.jobs import SWEEP_SECONDS
from web.demo import demo_clock_of, demo_database, demo_files
from web.settings import Settings
from web.signals import ending_in_order
from web.worker.carrying import carrier_for
from web.worker.jobs import Worker
from web.worker.posting import Post, mail_server_of

SECONDS_TO_END = 20
"""So long it may take to end what is under way; then it is killed, and the next demo does it again."""

_ALONE: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
"""A terminal interrupts us, not it: it hears of the end through the pipe."""


@contextmanager
def worker_beside() -> Iterator[subprocess.Popen[bytes]]:
    """The demo's clock runs within, and is given; the settings are those of the environment."""
    command = [sys.executable, "-c", "from web.worker.beside import work; work()"]
    with ThreadPoolExecutor(1) as aside:  # interrupted while it begins, it still gets its pipe, and ends with it
        worker = aside.submit(subprocess.Popen, command, stdin=subprocess.PIPE, **_ALONE).result()
    try:
        yield worker
    finally:
        assert worker.stdin is not None
        worker.stdin.close()
        try:
            worker.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def work() -> None:
    """The life of that process. Days go by as fast as somebody presses, so it looks at the daily jobs all the time."""
    settings, over = Settings.from_environment(), Event()
    Thread(target=_hear, args=[over], daemon=True).start()
    with ending_in_order():
        try:
            with closing(demo_database(settings)) as database:
                clock, server = demo_clock_of(database), mail_server_of(settings)
                worker = Worker(database, clock, None, demo_files(settings))
                with carrier_for(database, mails=server is not None), Post(database, clock, server):
                    worker.work(over, look_seconds=SWEEP_SECONDS)
        except EngineError as refusal:
            sys.exit(f"演示的后台进程没有开：{refusal.message}")


def _hear(over: Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    over.set()
