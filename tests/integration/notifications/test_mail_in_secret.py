"""邮件: handed in under TLS and with a login, to a server whose certificate is checked."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.notifications.mail import MailServer, MailServerRefused, NotTaken
from engine.notifications.sendings import Line, Mail
from tests.certificates import own_certificate
from tests.mail_servers import SENDER, Secret, Taking, secret_mail_server

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # under smtps all of it is under TLS

SECURED = ["smtps", "smtp+starttls"]
MAIL = Mail((1,), "li.jingban@example.com", (Line(None, "示例：请填报"),))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by itself, with its key in the same file."""
    return own_certificate(tmp_path)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This machine knows who signed it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


@pytest.fixture(params=SECURED)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def hand_in(server: MailServer) -> None:
    with server.opened() as handing:
        handing.hand_in(MAIL)


def test_a_mail_is_handed_in_under_tls_with_a_login(scheme: str, trusted: Path) -> None:
    taking = Taking()

    with secret_mail_server(taking, scheme, Secret(trusted, "jixiao", "a/b@c: d%")) as there:
        hand_in(there)

    assert taking.subjects == ["示例：请填报"]
    assert taking.logins == ["jixiao"]
    assert taking.under_tls == [True]


def test_a_certificate_nobody_known_signed_is_refused_before_a_word_is_said(scheme: str, certificate: Path) -> None:
    taking = Taking()

    with (
        secret_mail_server(taking, scheme, Secret(certificate, "jixiao", "geheim")) as there,
        pytest.raises(NotTaken, match="证书或加密方式对不上") as refused,
    ):
        hand_in(there)

    assert refused.value.away
    assert (taking.mails, taking.logins) == ([], [])


def test_a_certificate_of_another_name_is_refused(scheme: str, trusted: Path) -> None:
    taking = Taking()

    with (
        secret_mail_server(taking, scheme, Secret(trusted, "jixiao", "geheim")) as there,
        pytest.raises(NotTaken, match="证书或加密方式对不上"),
    ):
        hand_in(replace(there, host="localhost"))

    assert taking.logins == []


def test_a_wrong_password_is_told_and_nothing_is_sent(scheme: str, trusted: Path) -> None:
    taking = Taking()

    with (
        secret_mail_server(taking, scheme, Secret(trusted, "jixiao", "geheim")) as there,
        pytest.raises(NotTaken, match="账号或口令不对"),
    ):
        hand_in(replace(there, password="falsch"))

    assert taking.mails == []


def test_a_server_that_knows_no_tls_gets_no_password(trusted: Path) -> None:
    taking = Taking()

    with (
        secret_mail_server(taking, "smtp", Secret(trusted, "jixiao", "geheim")) as there,
        pytest.raises(NotTaken, match="不支持要求的加密或登录方式"),
    ):
        hand_in(replace(there, scheme="smtp+starttls"))

    assert (taking.mails, taking.logins) == ([], [])


def test_the_address_of_a_server_may_hold_any_password_of_ascii() -> None:
    told = MailServer.of("smtps://jixiao:a%2Fb%40c%3A%20d%25@mail.example.com", SENDER)

    assert (told.user, told.password, told.port) == ("jixiao", "a/b@c: d%", 465)
    with pytest.raises(MailServerRefused, match="有汉字"):
        MailServer.of("smtps://jixiao:%E5%8F%A3%E4%BB%A4@mail.example.com", SENDER)
