"""通知设置: one says which notices come by mail, where to and when, tries it, and sees why a mail did not arrive."""

import pytest
from cryptography.fernet import Fernet

from engine.accounts import keys_from
from engine.notifications.mail import MailServer
from engine.store import Database
from tests.mail_servers import SENDER, Refusing, Taking, mail_server
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.visits import Site
from web.worker.posting import Post

HERE = "/settings/notifications"
NOBODY_THERE = MailServer.of("smtp://127.0.0.1:9", SENDER)
CHOSEN = {
    "address": "li@example.com",
    "kind": ["new_task", "overdue"],
    "how": "digest",
    "quiet_from": "22",
    "quiet_until": "7",
}


@pytest.fixture
def clerk(database: Database, office: Office) -> Visitor:
    """The clerk where there is a mail server."""
    keys = keys_from(Fernet.generate_key().decode())
    return signed_in(pages_over(Site(database, keys, office.clock, office.clock, mails=True)), office.bureau.clerk)


def post(office: Office, server: MailServer) -> None:
    Post(office.database, office.clock, server).send_what_is_due()


def test_what_was_chosen_stands_there_again(clerk: Visitor) -> None:
    clerk.post(HERE, CHOSEN)
    page = clerk.get(HERE).text

    assert 'value="li@example.com"' in page
    assert 'value="overdue" checked' in page
    assert 'value="returned" checked' not in page
    assert 'value="digest" checked' in page
    assert '<option value="22" selected>' in page


def test_what_is_no_address_is_refused_in_words_and_stays_to_be_mended(clerk: Visitor) -> None:
    answer = clerk.post(HERE, {**CHOSEN, "address": "li@"})

    assert answer.status_code == 422
    assert "这不是邮箱地址，没有保存。" in answer.text
    assert 'value="li@"' in answer.text


def test_one_tries_it_and_sees_that_it_went(office: Office, clerk: Visitor) -> None:
    clerk.post(HERE, CHOSEN)
    clerk.post(f"{HERE}/trial")
    server = Taking()

    with mail_server(server) as there:
        post(office, there)

    assert "上次邮件 9月1日 09:00 已送出。" in clerk.get(HERE).text
    assert server.mails[0]["To"] == "li@example.com"


def test_a_mail_that_did_not_arrive_is_shown_with_its_reason_and_what_to_do(office: Office, clerk: Visitor) -> None:
    clerk.post(HERE, CHOSEN)
    clerk.post(f"{HERE}/trial")

    post(office, NOBODY_THERE)
    page = clerk.get(HERE).text

    assert "上次邮件未送达（9月1日 09:00）：发件服务器 127.0.0.1:9 连不上：那里没有邮件服务。过一会儿再发" in page


def test_an_address_that_is_refused_is_shown_with_the_way_to_change_it(office: Office, clerk: Visitor) -> None:
    clerk.post(HERE, CHOSEN)
    clerk.post(f"{HERE}/trial")

    with mail_server(Refusing("li")) as there:
        post(office, there)
    page = clerk.get(HERE).text

    assert "地址被拒收" in page
    assert '<a href="#address">改地址</a>' in page


def test_a_second_trial_at_once_is_refused(clerk: Visitor) -> None:
    clerk.post(HERE, CHOSEN)
    clerk.post(f"{HERE}/trial")

    answer = clerk.post(f"{HERE}/trial")

    assert answer.status_code == 409
    assert "一分钟内已经试发过" in answer.text


def test_without_a_mail_server_the_page_says_so_and_offers_no_mail(office: Office, hands_of: SitsDown) -> None:
    hands = hands_of(office.bureau.clerk).open(HERE)

    assert "本系统没有设发件服务器，通知只在页面上。" in hands.text()
    assert "邮箱地址" not in hands.text()
