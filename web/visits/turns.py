"""A few requests are worked on at a time, each once it is there as a whole: who sends slowly holds nobody up."""

from threading import BoundedSemaphore

from flask import Flask, g


def guard(app: Flask, at_once: int) -> None:
    """Have no more than so many requests of this process worked on at once; to be the last of the guards."""
    turns = BoundedSemaphore(at_once)

    def take() -> None:
        turns.acquire()
        g.has_turn = True

    def give_back(fault: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turns.release()

    app.before_request(take)
    app.teardown_request(give_back)
