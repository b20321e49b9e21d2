"""The post: `jixiao worker` gives the mails that are due to the server of the installation, a few hundred at a time.

Any number of workers post beside each other. A server that is away is left alone until the mails are due again; nothing
else waits for it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from engine.clock import Clock
from engine.moves.faults import in_short
from engine.notifications.mail import Handing, MailServer, NotTaken
from engine.notifications.sendings import Mail, end_badly, end_well, take_up
from engine.stages import Library
from engine.store import Database
from engine.ticker import Ticker
from web.settings import Settings
from web.worker.knowing_the_time import must_know_the_time

LOOK_SECONDS = 5.0
AT_ONCE = 200
"""Mails taken up together and sent over one connection."""

KEPT_TOGETHER = 20
"""So many mails are kept as sent in one transaction: as many may go out twice when a sender is killed."""

_log = logging.getLogger(__name__)


def mail_server_of(settings: Settings) -> MailServer | None:
    """The mail server of this installation, if it has one; refuses an address that is none."""
    if settings.smtp is None:
        return None
    return MailServer.of(settings.smtp, settings.mail_from or "", settings.pages or "")


class Post:
    """One process that sends mail."""

    def __init__(self, database: Database, clock: Clock, server: MailServer | None) -> None:
        self._database, self._clock, self._server = database, clock, server
        self._ticker = Ticker()
        self._fault = ""

    def __enter__(self) -> "Post":
        if self._server is not None:
            self._ticker.every(LOOK_SECONDS, self._seen_to)
            self._ticker.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._ticker.stop()

    def send_what_is_due(self) -> int:
        """Every jurisdiction's; gives how many mails the server took."""
        if self._server is None:
            return 0
        must_know_the_time(self._database, self._clock)
        library: Library = self._database.parts["library"]
        return sum(self._send_of(self._server, place) for place in sorted(library.policy_ids))

    def _send_of(self, server: MailServer, place: str) -> int:
        sent = 0
        while left := self._taken_up(place):
            taken: list[Mail] = []
            try:
                with server.opened() as handing:
                    while left:
                        taken += self._hand_in(place, handing, left[0])
                        del left[0]
                        if len(taken) >= KEPT_TOGETHER:
                            sent += self._keep_sent(place, taken)
            except NotTaken as away:
                self._keep(place, left, away)
                self._fault_of(away.why)
                return sent + self._keep_sent(place, taken)
            sent += self._keep_sent(place, taken)
        return sent

    def _taken_up(self, place: str) -> list[Mail]:
        with self._database.transaction(place) as session:
            return take_up(session, self._clock.now(), AT_ONCE)

    def _hand_in(self, place: str, handing: Handing, mail: Mail) -> list[Mail]:
        """The mail when the server took it, nothing when it refused this one; raises when it takes none now."""
        try:
            handing.hand_in(mail)
        except NotTaken as reason:
            if reason.away:
                raise
            self._keep(place, [mail], reason)
            return []
        return [mail]

    def _keep_sent(self, place: str, mails: list[Mail]) -> int:
        """Keep that these were sent, and forget them; gives how many."""
        many = len(mails)
        if many:
            with self._database.transaction(place) as session:
                end_well(session, [row for mail in mails for row in mail.sendings])
        mails.clear()
        return many

    def _keep(self, place: str, mails: Iterable[Mail], reason: NotTaken) -> None:
        at: datetime = self._clock.now()
        with self._database.transaction(place) as session:
            rows = [row for mail in mails for row in mail.sendings]
            end_badly(session, rows, at, reason.why, for_good=reason.for_good)

    def _seen_to(self) -> None:
        """Nothing that goes wrong may stop the post; it is told once."""
        try:
            self.send_what_is_due()
        except Exception as reason:  # noqa: BLE001
            self._fault_of(in_short(reason))
        else:
            self._fault = ""

    def _fault_of(self, why: str) -> None:
        if why != self._fault:
            _log.warning("邮件没有发出，过一会儿再试：%s", why)
        self._fault = why
