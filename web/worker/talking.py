"""What robots say in groups: `jixiao worker` hands each the notices that are due, as one message.

Any number of workers do so beside each other. A host that hangs keeps one of a few hands busy for some seconds and no
other group waiting; what it did not take is tried again with pauses that grow.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from engine.accounts import Keys
from engine.clock import Clock, SystemClock
from engine.errors import EngineError
from engine.notifications.groups import GroupMessage, take_up_for_groups
from engine.notifications.mail import NotTaken
from engine.notifications.robots import RobotHosts, opened, text_for
from engine.notifications.sendings import end_badly, end_well
from engine.notifications.speaking import speak
from engine.stages import Library
from engine.store import Database
from engine.ticker import Ticker
from web.worker.knowing_the_time import must_know_the_time

LOOK_SECONDS = 20.0
"""A robot may speak twenty times a minute; what comes within this time is one message."""

HANDS = 8
_log = logging.getLogger(__name__)


class Robots:
    """One process that lets robots speak; `pages` is the address under which people reach the pages.

    The `keys` are asked for when there is something to say: who has no groups needs none here.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keys: Callable[[], Keys],
        hosts: RobotHosts,
        pages: str = "",
    ) -> None:
        self._database, self._clock, self._keys, self._hosts, self._pages = database, clock, keys, hosts, pages
        self._ticker, self._fault = Ticker(), ""

    def __enter__(self) -> "Robots":
        self._ticker.every(LOOK_SECONDS, self._seen_to)
        self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ticker.stop()

    def say_what_is_due(self) -> int:
        """In every jurisdiction's groups; gives how many messages were taken."""
        must_know_the_time(self._database, self._clock)
        library: Library = self._database.parts["library"]
        due = [(place, message) for place in sorted(library.policy_ids) for message in self._taken_up(place)]
        if not due:
            return 0
        with ThreadPoolExecutor(HANDS) as hands:
            return sum(hands.map(lambda each: self._said(*each), due))

    def _taken_up(self, place: str) -> list[GroupMessage]:
        with self._database.transaction(place) as session:
            return take_up_for_groups(session, self._clock.now())

    def _said(self, place: str, message: GroupMessage) -> bool:
        try:
            self._speak(message)
        except NotTaken as reason:
            self._fault_of(reason.why)
            with self._database.transaction(place) as session:
                end_badly(session, message.sendings, self._clock.now(), reason.why, for_good=reason.for_good)
            return False
        with self._database.transaction(place) as session:
            end_well(session, message.sendings)
        return True

    def _speak(self, message: GroupMessage) -> None:
        try:
            address, secret = opened(message.sealed, self._keys(), self._hosts)
        except EngineError as refusal:
            raise NotTaken("机器人的地址打不开或不再允许，请停用后重新登记") from refusal
        speak(address, secret, text_for(message.lines, self._pages), SystemClock().now())

    def _seen_to(self) -> None:
        """Nothing that goes wrong may stop it; it is told once."""
        try:
            self.say_what_is_due()
        except Exception as reason:  # noqa: BLE001
            self._fault_of(reason.message if isinstance(reason, EngineError) else f"{type(reason).__name__}: {reason}")
        else:
            self._fault = ""

    def _fault_of(self, why: str) -> None:
        if why != self._fault:
            _log.warning("群消息没有发出，过一会儿再试：%s", why)
        self._fault = why
