"""A few requests are worked on at a time, each once it is there as a whole: who sends slowly holds nobody up."""

from collections import deque
from threading import Lock

from flask import Flask, g


class Turns:
    """So many at once; whoever waits gets the next turn in the order in which they came."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[Lock] = deque()
        self._counting = Lock()

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for a turn."""
        return bool(self._waiting)

    def take(self) -> None:
        """Return when it is one's turn."""
        with self._counting:
            if self._free > 0:
                self._free -= 1
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def give_back(self) -> None:
        """Let the next one in."""
        with self._counting:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def guard(app: Flask, at_once: int) -> None:
    """Have no more than so many requests of this process worked on at once; to be the last of the guards."""
    turns = Turns(at_once)

    def take() -> None:
        turns.take()
        g.has_turn = True

    def give_back(fault: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turns.give_back()

    app.before_request(take)
    app.teardown_request(give_back)
