"""A mail server on loopback that takes every mail and remembers whom it told what."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from engine.notifications.mail import MailServer
from tests.mail_servers import Taking, mail_server

Letter = tuple[str, str]
"""To whom, and its subject, which is the notice."""


@dataclass
class Letters:
    """What arrived so far, and how often each."""

    server: MailServer
    arrived: Counter[Letter] = field(default_factory=Counter)


class _Counting(Taking):
    def __init__(self) -> None:
        super().__init__()
        self.arrived: Counter[Letter] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.arrived[str(mail["To"]), str(mail["Subject"])] += 1
        return "250 OK"


@contextmanager
def a_letter_box() -> Iterator[Letters]:
    """It is there within."""
    counting = _Counting()
    with mail_server(counting) as server:
        yield Letters(server, counting.arrived)
