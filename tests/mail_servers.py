"""Mail servers for tests, on loopback: one that takes mail, and such as refuse, put off, hang or break off."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from engine.notifications.mail import MailServer

SENDER = "绩效系统 <jixiao@example.com>"


class Taking:
    """Takes every mail and keeps it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []
        self.under_tls: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
        self.under_tls.append(server.transport.get_extra_info("ssl_object") is not None)
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


@dataclass(frozen=True, slots=True)
class Secret:
    """What a server shows of itself (certificate and key in one file), and who may hand in mail."""

    certificate: Path
    user: str
    password: str


@contextmanager
def secret_mail_server(handler: Taking, scheme: str, secret: Secret) -> Iterator[MailServer]:
    """A server that takes mail only from who is logged in, under TLS as the scheme says (`smtp`: it knows none)."""
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(secret.certificate)

    def known(server: Any, session: Any, envelope: Any, mechanism: str, given: LoginPassword) -> AuthResult:
        right = (given.login, given.password) == (secret.user.encode(), secret.password.encode())
        if right:
            handler.logins.append(given.login.decode())
        return AuthResult(success=right, handled=right)

    controller = _OnAnyPort(
        handler, hostname="127.0.0.1", port=0, ready_timeout=20, authenticator=known, auth_required=scheme != "smtp",
        auth_require_tls=scheme == "smtp+starttls",
        ssl_context=shown if scheme == "smtps" else None,
        tls_context=shown if scheme == "smtp+starttls" else None,
    )  # fmt: skip
    controller.start()
    try:
        login = f"{quote(secret.user, safe='')}:{quote(secret.password, safe='')}"
        yield MailServer.of(f"{scheme}://{login}@127.0.0.1:{controller.port}", SENDER)
    finally:
        controller.stop()
