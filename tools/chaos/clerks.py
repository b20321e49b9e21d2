"""Who works at the pages meanwhile: saves what was typed, hands it in, and remembers what the pages said was done."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import Any, TypeVar, cast
from uuid import UUID

from cryptography.fernet import Fernet
from flask.testing import FlaskClient

from bench.pages import OverHttp
from engine.accounts import keys_from
from engine.clock import SystemClock
from tests.pages.hands import Hands
from tests.pages.visitor import signed_in
from tools.chaos.place import Place
from web.app import application
from web.visits import Site

_T = TypeVar("_T")
SAVES = 5
"""So often somebody saves a form before handing it in."""
LOOK_SECONDS = 0.4
PATIENCE_SECONDS = 300
MARK = "第{number}次保存。"


@dataclass(slots=True)
class Said:
    """What the pages said was done: the last save of each form, and which were handed in."""

    saved: dict[UUID, int] = field(default_factory=dict)
    handed_in: set[UUID] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)


class Clerk:
    """One of them, at one form after the other."""

    def __init__(self, port: int, cookie: str, tasks: Sequence[UUID], over: threading.Event) -> None:
        self._client, self._over, self._tasks = OverHttp(port, cookie), over, tasks
        self.said, self.why_not = Said(), ""

    def work(self) -> None:
        """Until there is nothing more to hand in, or it is over."""
        try:
            self._file_all()
        finally:
            self._client.hang_up()

    def _file_all(self) -> None:
        for task in self._tasks:
            for number in range(1, SAVES + 1):
                self._until_done(partial(self._save, task, number))
            confirmation = self._until_done(partial(self._checked, task))
            if confirmation is not None:
                self._until_done(partial(self._confirm, task, confirmation))

    def _until_done(self, work: Callable[[], _T]) -> _T | None:
        """What comes of it once it is answered as hoped, however often it has to be tried; None: it is over."""
        while not self._over.wait(LOOK_SECONDS):
            try:
                return work()
            except (AssertionError, HTTPException, OSError) as fault:
                self.why_not = repr(fault)
                self._client.hang_up()
        return None

    def _save(self, task: UUID, number: int) -> None:
        """Type into the form as it is kept by now, and save it."""
        hands = self._hands().open(f"/tasks/{task}")
        hands.type(next(area.get("name", "") for area in hands.page.iter("textarea")), MARK.format(number=number))
        hands.press(to=f"/tasks/{task}/draft")
        assert hands.status == 200, hands.said()
        self.said.saved[task] = number

    def _checked(self, task: UUID) -> Hands:
        """The page on which 确认 is pressed."""
        hands = self._hands().open(f"/tasks/{task}").press(name="check", value="1")
        assert hands.status == 200, hands.said()
        return hands

    def _confirm(self, task: UUID, confirmation: Hands) -> None:
        """Press 确认 on that page, as before when there was no answer: it is the same request."""
        hands = copy(confirmation)
        confirm = next(each for each in hands.page.iter("button") if each.text_content().strip().startswith("确认"))
        hands.press(confirm.text_content().strip())
        if hands.path.endswith("/receipt"):
            self.said.handed_in.add(task)
        else:
            self.said.refusals.append(f"{hands.path}: {hands.said()}")

    def _hands(self) -> Hands:
        return Hands(client=cast(FlaskClient, self._client))


@contextmanager
def clerks_of(place: Place, how_many: int) -> Iterator[list[Clerk]]:
    """They work within; the pages have answered each of them once."""
    site = Site(place.database, keys_from(Fernet.generate_key().decode()), SystemClock())
    app, over = application(site), threading.Event()
    cookies = [signed_in(app, place.office.bureau.clerk).cookie for _ in range(how_many)]
    clerks = [Clerk(place.port, cookie, place.filings[n::how_many], over) for n, cookie in enumerate(cookies)]
    threads = [threading.Thread(target=clerk.work) for clerk in clerks]
    for thread in threads:
        thread.start()
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not all(clerk.said.saved for clerk in clerks):
            assert time.monotonic() < end, [clerk.why_not for clerk in clerks]
            time.sleep(0.2)
        yield clerks
    finally:
        over.set()
        for thread in threads:
            thread.join()


def last_mark(content: Any) -> int:
    """Which save a kept form is of; 0: none."""
    told = json.dumps(content, ensure_ascii=False)
    return max((number for number in range(1, SAVES + 1) if MARK.format(number=number) in told), default=0)
