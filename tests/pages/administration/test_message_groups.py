"""群机器人: the 系统管理员 registers a group, tries it, sees how it went, ends it; nobody reads its address again."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from engine.accounts import keys_from
from engine.notifications.robots import RobotHosts
from engine.store import Database
from engine.words import Robot, Role
from tests.certificates import own_certificate
from tests.office import Office
from tests.pages.administration.conftest import Before, Somebody
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from tests.robot_servers import Hearing, robot_server
from web.visits import Site
from web.worker.talking import Robots

HERE = "/settings/message-groups"
KEYS = keys_from(Fernet.generate_key().decode())
URL = "https://oapi.dingtalk.com/robot/send?access_token=geheim"


@pytest.fixture
def admin(database: Database, office: Office, somebody: Somebody) -> Visitor:
    site = Site(database, KEYS, office.clock, office.clock, robots=RobotHosts())
    return signed_in(pages_over(site), somebody(Role.SYSTEM_ADMIN))


def form(office: Office, **changed: object) -> dict[str, object]:
    return {
        "group_name": "示例单位绩效群", "url": URL, "secret": "SECgeheim", "unit": str(office.bureau.unit_id),
        "login": "", "kind": ["overdue", "due_today"],
    } | changed  # fmt: skip


def test_a_group_that_was_registered_stands_there_without_its_address(office: Office, admin: Visitor) -> None:
    admin.post(HERE, form(office))
    page = admin.get(f"{HERE}?said=added").text

    assert "✓ 已登记。" in page
    assert "示例单位绩效群" in page
    assert "钉钉" in page
    assert "今日截止、逾期" in page
    assert "还没有发过" in page
    assert "geheim" not in page


def test_what_is_refused_stays_to_be_mended_but_for_the_secret(office: Office, admin: Visitor) -> None:
    answer = admin.post(HERE, form(office, url="https://example.com/robot/send?access_token=1"))

    assert answer.status_code == 422
    assert "这不是企业微信、钉钉、飞书群机器人的地址，没有登记。" in answer.text
    assert 'value="示例单位绩效群"' in answer.text
    assert 'value="overdue" checked' in answer.text
    assert "SECgeheim" not in answer.text


def test_it_is_tried_and_what_became_of_it_stands_beside_it(
    office: Office, database: Database, somebody: Somebody, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    hearing = Hearing({"errcode": 93000, "errmsg": "invalid webhook url"})
    with robot_server(hearing, certificate):
        hosts = hearing.hosts(Robot.WECOM)
        site = Site(database, KEYS, office.clock, office.clock, robots=hosts)
        admin = signed_in(pages_over(site), somebody(Role.SYSTEM_ADMIN))
        admin.post(HERE, form(office, url=hearing.url(Robot.WECOM)))
        tried = admin.post(f"{HERE}/1/trial")
        again = admin.post(f"{HERE}/1/trial")
        Robots(database, office.clock, lambda: KEYS, hosts).say_what_is_due()

    page = admin.get(HERE).text
    assert tried.location == f"{HERE}?said=tried"
    assert "一分钟内已经试发过" in again.text
    assert "! 未送达（9月1日 09:00）：企业微信没有接收：invalid webhook url（93000）。请核对机器人" in page


def test_a_group_that_is_ended_is_gone_and_cannot_be_tried(office: Office, admin: Visitor) -> None:
    admin.post(HERE, form(office))
    admin.post(f"{HERE}/1/end")
    page = admin.get(f"{HERE}?said=ended").text

    assert "还没有群机器人。" in page
    assert admin.post(f"{HERE}/1/trial").status_code == 404
    assert "没有这个群机器人，或者它已停用" in admin.post(f"{HERE}/1/end").text


def test_people_see_in_which_groups_their_notices_are_told_and_admins_the_way_to_them(
    office: Office, admin: Visitor
) -> None:
    admin.post(HERE, form(office))
    clerk = signed_in(admin.app, office.bureau.clerk)

    assert "您的通知也发到群：示例单位绩效群（钉钉）。" in clerk.get("/settings/notifications").text
    assert HERE not in clerk.get("/settings/notifications").text
    assert HERE in admin.get("/settings/notifications").text


def test_where_nothing_is_sent_the_page_says_so(before: Before) -> None:
    assert "演示里不发群消息" in before(Role.SYSTEM_ADMIN).get(HERE).text
