"""Mail by SMTP: what it says, and giving it to the server of the installation, which may refuse, hang or be away."""

import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from html import escape
from urllib.parse import unquote, urlsplit

from engine.errors import DefinitionError
from engine.notifications.sendings import Line, Mail

SECONDS = 10.0
"""So long the server may take for each answer."""

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_FOR_GOOD = 500
_FAULTS: Mapping[type[Exception], str] = {
    smtplib.SMTPAuthenticationError: "账号或口令不对",
    smtplib.SMTPNotSupportedError: "它不支持要求的加密或登录方式",
    ssl.SSLError: "证书或加密方式对不上",
    socket.gaierror: "找不到这台主机",
    ConnectionRefusedError: "那里没有邮件服务",
    TimeoutError: "没有应答",
    smtplib.SMTPServerDisconnected: "没有应答",
    ConnectionError: "连接中断",
}


class MailServerRefused(DefinitionError):
    """What names the mail server is no address of one."""

    code = "mail.server_refused"


class NotTaken(Exception):
    """The server did not take a mail; `for_good` when it never will, `away` when it takes none at all now."""

    def __init__(self, why: str, *, for_good: bool = False, away: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good, self.away = why, for_good, away


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, as whom, and under which address people reach the pages (empty: mails have no links)."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    pages: str

    @classmethod
    def of(cls, url: str, sender: str, pages: str = "") -> "MailServer":
        """From `smtp://`, `smtp+starttls://` or `smtps://` with user, password and port as need be; refuses others.

        >>> MailServer.of("smtps://jixiao:geheim@mail.example:465", "绩效 <jixiao@mail.example>").host
        'mail.example'
        """
        try:
            told = urlsplit(url)
            port = told.port
        except ValueError as reason:
            raise MailServerRefused("JIXIAO_SMTP 不是发件服务器的地址，没有启动。请写成 smtp://主机:端口。") from reason
        if told.scheme not in _PORTS or not told.hostname:
            raise MailServerRefused(
                "JIXIAO_SMTP 不是发件服务器的地址，没有启动。"
                "请写成 smtp://主机:端口（明文）、smtp+starttls:// 或 smtps://，账号和口令写在主机前面。"
            )
        if "@" not in parseaddr(sender)[1]:
            raise MailServerRefused("没有设发件人 JIXIAO_MAIL_FROM，没有启动。请写成“绩效系统 <jixiao@单位域名>”。")
        user, password = unquote(told.username or ""), unquote(told.password or "")
        if not f"{user}{password}".isascii():
            raise MailServerRefused(
                "JIXIAO_SMTP 里的账号或口令有汉字，没有启动。发件服务器只认英文字母、数字和符号，请换一个口令。"
            )
        return cls(told.scheme, told.hostname, port or _PORTS[told.scheme], user, password, sender, pages.rstrip("/"))

    @property
    def address(self) -> str:
        """As people write it."""
        return f"{self.host}:{self.port}"

    @contextmanager
    def opened(self) -> Iterator["Handing"]:
        """A connection for several mails; refuses (`NotTaken`, away) where there is none."""
        try:
            connection = self._connected()
        except (OSError, smtplib.SMTPException) as fault:
            raise NotTaken(f"发件服务器 {self.address} 连不上：{_said(fault)}", away=True) from fault
        try:
            yield Handing(self, connection)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _connected(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            secure = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=secure)
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass(frozen=True, slots=True)
class Handing:
    """An open connection to a server."""

    server: MailServer
    connection: smtplib.SMTP

    def hand_in(self, mail: Mail) -> None:
        """Give one mail to the server; `NotTaken` says why it did not take it."""
        try:
            self.connection.send_message(message_for(self.server, mail), to_addrs=[mail.address])
        except smtplib.SMTPRecipientsRefused as refusal:
            ((code, why),) = refusal.recipients.values()
            raise NotTaken(f"地址被拒收：{_plain(why)}", for_good=code >= _FOR_GOOD) from refusal
        except smtplib.SMTPServerDisconnected as fault:
            raise NotTaken(f"发件服务器 {self.server.address} 没有应答，或中断了连接", away=True) from fault
        except smtplib.SMTPResponseException as fault:
            raise NotTaken(f"发件服务器没有接收：{_plain(fault.smtp_error)}") from fault
        except (OSError, smtplib.SMTPException) as fault:
            raise NotTaken(f"发件服务器 {self.server.address} 没有应答：{_said(fault)}", away=True) from fault


def message_for(server: MailServer, mail: Mail) -> EmailMessage:
    """A mail in text and HTML; the subject is the notice, or how many there are."""
    message = EmailMessage()
    one = mail.lines[0]
    message["Subject"] = _on_one_line(_titled(one) if len(mail.lines) == 1 else f"绩效通知 {len(mail.lines)} 条")
    message["From"], message["To"] = server.sender, mail.address
    message["Date"], message["Message-ID"] = formatdate(localtime=False), make_msgid(domain="jixiao.invalid")
    message["Auto-Submitted"] = "auto-generated"
    told = [(_titled(line), _link(server, line)) for line in mail.lines]
    text = "\n".join(f"{words}\n{link}\n" if link else f"{words}\n" for words, link in told)
    message.set_content(f"{text}\n{_END}\n")
    items = "".join(f"<li>{escape(words)}{_anchor(link)}</li>" for words, link in told)
    message.add_alternative(
        f'<!doctype html><html lang="zh-CN"><body><ul>{items}</ul><p>{_END}</p></body></html>', subtype="html"
    )
    return message


_END = "本邮件由绩效系统自动发出，请勿回复。不想再收，请在“通知设置”里关闭。"


def _titled(line: Line) -> str:
    return f"【{line.kind.label}】{line.words}" if line.kind is not None else line.words


def _link(server: MailServer, line: Line) -> str:
    if not server.pages:
        return ""
    if line.task_id is not None:
        return f"{server.pages}/tasks/{line.task_id}"
    return f"{server.pages}/notices"


def _anchor(link: str) -> str:
    return f'<br><a href="{escape(link)}">打开</a>' if link else ""


def _on_one_line(words: str) -> str:
    return " ".join(words.split())


def _plain(why: bytes | str) -> str:
    told = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
    return _on_one_line(told)[:200]


def _said(fault: Exception) -> str:
    return next((words for kind, words in _FAULTS.items() if isinstance(fault, kind)), "没有按邮件的规矩应答")
