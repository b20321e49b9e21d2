"""SIGTERM and SIGHUP end a command as an orderly exit does: what it began is put in order, what it started is ended."""

import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)

ROUND_SECONDS = 1
"""So long a signal may go unheeded while nothing else happens."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Within, these signals raise SystemExit in the main thread, with 128 and the signal's number as a shell has it.

    What comes after the first is not heeded, so that nothing disturbs the tidying up. A signal that whoever called us
    wants ignored (`nohup`) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in ENDING}
    heeded = [each for each in ENDING if before[each] is signal.SIG_DFL]
    for each in heeded:
        signal.signal(each, _end)
    yield
    for each in heeded:
        if signal.getsignal(each) is _end:
            signal.signal(each, before[each])


def wait_for(event: threading.Event) -> None:
    """Wait in the main thread until the event is set, or a signal ends the command.

    Not in one go: a signal that comes the moment before the thread falls asleep, or that the system hands to another
    thread, wakes nobody, and is heeded only when the main thread comes round again.
    """
    while not event.wait(ROUND_SECONDS):
        pass


def _end(number: int, frame: FrameType | None) -> None:
    for each in ENDING:
        if signal.getsignal(each) is _end:
            signal.signal(each, lambda later, frame: None)
    # What was being opened at this very moment belongs to nobody yet; it is closed by being forgotten, which is enough.
    warnings.simplefilter("ignore", ResourceWarning)
    raise SystemExit(128 + number)
