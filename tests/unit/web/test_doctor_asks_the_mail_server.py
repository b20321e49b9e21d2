"""`jixiao doctor` on the mail server: none, one that works, one that is away; and addresses that are none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.notifications.mail import MailServerRefused
from tests.mail_servers import SENDER, Taking, mail_server
from web.probes_of_machine import OF_MACHINE
from web.probing import Finding
from web.settings import PROJECT, Settings
from web.worker.posting import mail_server_of

NOW = datetime(2022, 10, 12, tzinfo=UTC)


def settings(smtp: str | None, sender: str | None = SENDER, pages: str | None = "https://jixiao.example") -> Settings:
    bare = Settings(None, None, PROJECT / "bpmn", PROJECT / "var" / "files")
    return replace(bare, smtp=smtp, mail_from=sender, pages=pages)


def found(smtp: str | None, pages: str | None = "https://jixiao.example") -> Finding:
    return OF_MACHINE["mail"][1](settings(smtp, pages=pages), NOW)


def test_without_a_mail_server_it_says_which_setting_names_one() -> None:
    finding = found(None)

    assert finding.verdict == "warning"
    assert "JIXIAO_SMTP" in finding.remedy


def test_a_server_that_answers_is_fine_and_links_need_an_address() -> None:
    with mail_server(Taking()) as there:
        fine, without_links = found(f"smtp://{there.address}"), found(f"smtp://{there.address}", pages=None)

    assert fine.verdict == "fine"
    assert without_links.verdict == "warning"
    assert "JIXIAO_URL" in without_links.remedy


def test_a_server_that_is_away_is_a_fault() -> None:
    finding = found("smtp://127.0.0.1:9")

    assert finding.verdict == "fault"
    assert "127.0.0.1:9 连不上" in finding.words


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:99999", "smtp://["]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(MailServerRefused, match="JIXIAO_SMTP"):
        mail_server_of(settings(url))


@pytest.mark.parametrize("sender", [None, "", "绩效系统"])
def test_a_server_without_a_sender_is_refused(sender: str | None) -> None:
    with pytest.raises(MailServerRefused, match="JIXIAO_MAIL_FROM"):
        mail_server_of(settings("smtp://mail.example", sender))
