"""Mail servers for tests, on loopback: one that takes mail, and such as refuse, put off, hang or break off."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller

from engine.notifications.mail import MailServer

SENDER = "绩效系统 <jixiao@example.com>"


class Taking:
    """Takes every mail and keeps it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


class Refusing(Taking):
    """Knows nobody of the name in `whom`."""

    def __init__(self, whom: str, answer: str = "550 5.1.1 no such user") -> None:
        super().__init__()
        self._whom, self._answer = whom, answer

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith(self._whom):
            return self._answer
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Hanging(Taking):
    """Takes the words of a mail and says nothing more."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(5)
        return "250 OK"


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(handler: Taking, pages: str = "") -> Iterator[MailServer]:
    """A server that goes by the handler; gives how it is reached."""
    controller = _OnAnyPort(handler, hostname="127.0.0.1", port=0, ready_timeout=20)
    controller.start()
    try:
        yield MailServer.of(f"smtp://127.0.0.1:{controller.port}", SENDER, pages)
    finally:
        controller.stop()
