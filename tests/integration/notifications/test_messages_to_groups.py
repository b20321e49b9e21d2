"""群机器人: what people of a unit are told, their group hears once; a host that refuses or hangs holds nobody up."""

import base64
import hmac
import re
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from engine.accounts import Keys, keys_from
from engine.commands.add_message_group import MessageGroupRefused, NewGroup, add_message_group
from engine.commands.end_message_group import end_message_group
from engine.commands.remind import remind
from engine.commands.try_message_group import GroupTrialRefused, try_message_group
from engine.directory import Actor, Person, Unit
from engine.moves.talking import MessageGroupNotFound
from engine.notifications import Sending, speaking
from engine.notifications.mail import NotTaken
from engine.notifications.robots import RobotAddress, RobotHosts, RobotRefused, SealedRobot, text_for
from engine.notifications.rules import PAUSES
from engine.notifications.sendings import Line
from engine.queries.message_groups import GroupLine, groups_reached, message_groups
from engine.words import NoticeKind, Robot, Role, SendingState
from tests.certificates import own_certificate
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.office import Office
from tests.robot_servers import Hearing, robot_server
from web.worker.carrying import carrier_for
from web.worker.talking import Robots

KEYS = keys_from(Fernet.generate_key().decode())
NAME = "示例：社区养老服务站建设经费P-1"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of 127.0.0.1; this machine knows who signed it."""
    file = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


@pytest.fixture
def case(office: Office) -> int:
    """A target waits to be filled in; what happened before has been told."""
    case = project_at(office, "fill_target")
    carry(office)
    return case


@pytest.fixture
def admin(office: Office) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.finance_id), "赵系统", Role.SYSTEM_ADMIN)


def carry(office: Office) -> None:
    carrier_for(office.database).carry_what_waits()


def urge(office: Office, case: int) -> None:
    """Everybody in the clerk's office is told."""
    with office.transactions() as session:
        remind(session, office.tasks(case)[0].id, "示例：只得 60 分", by=office.bureau.office, at=office.now)
    carry(office)


def group_of(
    office: Office, admin: Actor, hearing: Hearing, robot: Robot = Robot.WECOM, secret: str = "", **of: Any
) -> int:
    sealed = SealedRobot.of(hearing.url(robot), secret, KEYS, hearing.hosts(robot))
    of = of or {"unit_id": office.bureau.unit_id}
    new = NewGroup("示例群", sealed, of.get("unit_id"), of.get("login", ""), tuple(NoticeKind))
    with office.transactions() as session:
        return int(add_message_group(session, new, by=admin, at=office.now).gave["group"])


def said(office: Office, hearing: Hearing, robot: Robot = Robot.WECOM, keys: Keys = KEYS) -> int:
    return Robots(
        office.database, office.clock, lambda: keys, hearing.hosts(robot), "https://jixiao.example.com"
    ).say_what_is_due()


def sendings(office: Office) -> list[Sending]:
    with office.transactions() as session:
        return list(session.scalars(select(Sending).order_by(Sending.id)))


def line(office: Office, admin: Actor) -> GroupLine:
    with office.transactions() as session:
        (found,) = message_groups(session, admin)
        return found


def fault(office: Office, admin: Actor) -> str:
    last = line(office, admin).last
    assert last is not None
    return last.fault or ""


@pytest.mark.parametrize("robot", Robot)
def test_what_several_people_are_told_their_group_hears_once_with_object_step_and_day(
    office: Office, case: int, admin: Actor, certificate: Path, robot: Robot
) -> None:
    with office.transactions() as session:
        person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing, robot)
        urge(office, case)
        counts = said(office, hearing, robot), said(office, hearing, robot)

    assert counts == (1, 0)
    (told,) = hearing.texts
    assert told.startswith(f"【绩效】【催办】{NAME}：第1次催办“填报绩效目标”")
    assert told.endswith("打开：https://jixiao.example.com/notices")
    assert "60" not in told
    assert [each.state for each in sendings(office)] == [SendingState.SENT]


def test_what_waits_is_one_message(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing)
        project_at(office, "fill_target")
        urge(office, case)
        said(office, hearing)

    (told,) = hearing.texts
    assert told.startswith(f"【绩效】通知 {len(sendings(office))} 条\n· 【")
    assert {each.state for each in sendings(office)} == {SendingState.SENT}


def test_the_group_of_one_person_hears_theirs_only_and_another_units_nothing(
    office: Office, case: int, admin: Actor, certificate: Path
) -> None:
    with office.transactions() as session:
        login = session.get_one(Person, office.bureau.division.person_id).login
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing, login=login)
        group_of(office, admin, hearing, unit_id=office.bureau.finance_id)
        urge(office, case)

    assert sendings(office) == []
    with office.transactions() as session:
        assert groups_reached(session, office.bureau.clerk) == []
        assert groups_reached(session, office.bureau.division) == ["示例群（企业微信）"] * 2


def test_a_robot_that_wants_a_signature_gets_one(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing, Robot.DINGTALK, secret="SEC示例")
        urge(office, case)
        said(office, hearing, Robot.DINGTALK)

    asked = parse_qs(urlsplit(hearing.came[0][0]).query)
    expected = hmac.digest("SEC示例".encode(), f"{asked['timestamp'][0]}\nSEC示例".encode(), sha256)
    assert base64.b64decode(asked["sign"][0]) == expected
    assert abs(int(asked["timestamp"][0]) / 1000 - time.time()) < 60


def test_a_signature_of_feishu_stands_in_what_is_sent(
    office: Office, case: int, admin: Actor, certificate: Path
) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing, Robot.FEISHU, secret="示例")
        urge(office, case)
        said(office, hearing, Robot.FEISHU)

    told = hearing.came[0][1]
    expected = hmac.digest(f"{told['timestamp']}\n示例".encode(), b"", sha256)
    assert base64.b64decode(told["sign"]) == expected


def test_at_night_nothing_is_said(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    office.clock.move_to(office.now.replace(hour=15))  # 23:00 in China
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing)
        urge(office, case)
        at_night = said(office, hearing)
        office.clock.move_to(office.now + timedelta(hours=8))
        in_the_morning = said(office, hearing)

    assert (at_night, in_the_morning) == (0, 1)


def test_a_refusal_with_status_200_is_seen_and_given_up_when_it_is_for_good(
    office: Office, case: int, admin: Actor, certificate: Path
) -> None:
    with robot_server(Hearing({"errcode": 93000, "errmsg": "invalid webhook url"}), certificate) as hearing:
        group_of(office, admin, hearing)
        urge(office, case)
        taken = said(office, hearing)

    assert taken == 0
    assert [each.state for each in sendings(office)] == [SendingState.GIVEN_UP]
    assert fault(office, admin) == "企业微信没有接收：invalid webhook url（93000）"


@pytest.mark.parametrize(
    "hearing",
    [Hearing({"errcode": 45009}), Hearing(status=503), Hearing(status=302, leads_to="https://127.0.0.1:1/x")],
)
def test_what_may_pass_is_tried_with_growing_pauses_and_given_up_in_the_end(
    office: Office, case: int, admin: Actor, certificate: Path, hearing: Hearing
) -> None:
    with robot_server(hearing, certificate):
        group_of(office, admin, hearing)
        urge(office, case)
        said(office, hearing)
        (after_one,) = sendings(office)
        for pause in PAUSES:
            office.clock.move_to(office.now + pause)
            said(office, hearing)

    (given_up,) = sendings(office)
    assert after_one.state == SendingState.WAITING
    assert (given_up.state, given_up.attempts) == (SendingState.GIVEN_UP, len(PAUSES) + 1)
    assert len(hearing.came) == len(PAUSES) + 1
    assert "企业微信没有接收" in fault(office, admin)


@pytest.mark.parametrize("hearing", [Hearing(waits=3), Hearing(drips=0.2)])
def test_a_host_that_hangs_holds_no_other_group_up(
    office: Office, case: int, admin: Actor, certificate: Path, hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaking, "SECONDS", 0.5)
    with robot_server(hearing, certificate), robot_server(Hearing(), certificate) as other:
        group_of(office, admin, hearing)
        group_of(office, admin, other)
        urge(office, case)
        both = RobotHosts({**hearing.hosts(Robot.WECOM).own, **other.hosts(Robot.WECOM).own})
        begins = time.monotonic()
        taken = Robots(office.database, office.clock, lambda: KEYS, both).say_what_is_due()
        took = time.monotonic() - begins

    assert taken == 1
    assert len(other.texts) == 1
    assert took < 2.5
    assert {each.state for each in sendings(office)} == {SendingState.SENT, SendingState.WAITING}
    assert re.search("没有应答|读不出来", " ".join(each.fault or "" for each in sendings(office)))


def test_a_host_that_comes_back_hears_what_waited(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    hearing = Hearing(status=500)
    with robot_server(hearing, certificate):
        group_of(office, admin, hearing)
        urge(office, case)
        said(office, hearing)
        hearing.status = 200
        office.clock.move_to(office.now + PAUSES[0])
        taken = said(office, hearing)

    assert taken == 1
    assert line(office, admin).waiting == 0
    assert fault(office, admin) == ""


def test_a_certificate_nobody_knows_gets_no_message(
    office: Office, case: int, admin: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with robot_server(Hearing(), own_certificate(tmp_path)) as hearing:
        group_of(office, admin, hearing)
        urge(office, case)
        said(office, hearing)

    assert hearing.came == []
    assert "证书或加密方式对不上" in fault(office, admin)


def test_a_public_host_that_leads_into_the_house_is_not_gone_to(monkeypatch: pytest.MonkeyPatch) -> None:
    address = RobotHosts().address("https://oapi.dingtalk.com/robot/send?access_token=1")
    for place in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.1.1", "::1", "fe80::1", "0.0.0.0"):  # noqa: S104
        monkeypatch.setattr(socket, "getaddrinfo", _leads_to(place))
        with pytest.raises(NotTaken, match="指向内网的地址"):
            speaking.speak(address, "", "示例", datetime.now(UTC))


def _leads_to(place: str) -> Callable[..., list[Any]]:
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443))]


@pytest.mark.parametrize(
    "url",
    [
        "", "http://oapi.dingtalk.com/robot/send?access_token=1", "https://oapi.dingtalk.com/robot/send",
        "https://oapi.dingtalk.com/", "https://oapi.dingtalk.com:8443/robot/send?access_token=1",
        "https://oapi.dingtalk.com@127.0.0.1/robot/send?access_token=1", "https://127.0.0.1/robot/send?access_token=1",
        "https://oapi.dingtalk.com.example.com/robot/send?access_token=1",
        "https://oapi.dingtalk.com/robot/send?access_token=1#x", "json://localhost/", "file:///etc/passwd",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/../../x?key=1", "https://oapi.dingtalk.com:x/robot/send?a=1",
        "https://[::1/robot/send?a=1", "https://oapi.dingtalk.com/robot/send?access_token=一",
        "https://oapi.dingtalk.com/robot/send?access_token=" + "x" * 500,
        "https://oapi.dingtalk.com/robot/send?access_token=1\r\nHost: x",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_robot_is_not_kept(url: str) -> None:
    with pytest.raises(RobotRefused, match="没有登记"):
        SealedRobot.of(url, "", KEYS, RobotHosts())


def test_a_host_of_the_house_is_written_to_only_where_the_machine_names_it() -> None:
    url = "https://im.example.gov.cn:8443/cgi-bin/webhook/send?key=1"
    with pytest.raises(RobotRefused):
        RobotHosts().address(url)

    found = RobotHosts.of(" im.example.gov.cn:8443 = wecom ").address(url)

    assert found == RobotAddress(Robot.WECOM, "im.example.gov.cn", 8443, "/cgi-bin/webhook/send?key=1", own=True)


def test_the_address_is_kept_sealed_and_with_other_keys_nothing_is_said(
    office: Office, case: int, admin: Actor, certificate: Path
) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing)
        urge(office, case)
        said(office, hearing, keys=keys_from(Fernet.generate_key().decode()))

    assert hearing.came == []
    assert "打不开或不再允许" in fault(office, admin)
    with office.database.upkeep() as session:
        kept = session.execute(
            text("SELECT (SELECT string_agg(cast(g AS text), '') FROM message_groups AS g)"
                 " || (SELECT string_agg(cast(j AS text), '') FROM journal AS j)")
        ).scalar_one()  # fmt: skip
    assert "geheim" not in kept


def test_a_group_that_is_ended_hears_nothing_more(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group = group_of(office, admin, hearing)
        urge(office, case)
        with office.transactions() as session:
            end_message_group(session, group, by=admin, at=office.now)
        said(office, hearing)

    assert hearing.came == []
    assert [each.fault for each in sendings(office)] == ["机器人已停用"]
    with office.transactions() as session:
        assert message_groups(session, admin) == []
    with pytest.raises(MessageGroupNotFound), office.transactions() as session:
        end_message_group(session, group, by=admin, at=office.now)


def test_one_tries_it_once_a_minute(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group = group_of(office, admin, hearing)
        with office.transactions() as session:
            try_message_group(session, group, by=admin, at=office.now)
        with pytest.raises(GroupTrialRefused, match="一分钟内"), office.transactions() as session:
            try_message_group(session, group, by=admin, at=office.now)
        said(office, hearing)

    assert hearing.texts == [
        "【绩效】这是一条试发的消息。看到它，说明通知可以发到这个群。\n打开：https://jixiao.example.com/notices"
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "要有名称"), ({"name": "示" * 41}, "要有名称"), ({"unit_id": None}, "只选其一"),
        ({"login": "li"}, "只选其一"), ({"kinds": ()}, "至少选一项"),
        ({"unit_id": None, "login": "nobody"}, "没有账号"),
    ],
)  # fmt: skip
def test_a_group_for_nobody_or_for_nothing_is_not_kept(
    office: Office, case: int, admin: Actor, changed: dict[str, Any], words: str
) -> None:
    robot = SealedRobot.of("https://oapi.dingtalk.com/robot/send?access_token=1", "", KEYS, RobotHosts())
    told = {"name": "示例群", "unit_id": office.bureau.unit_id, "login": "", "kinds": (NoticeKind.OVERDUE,)} | changed

    with pytest.raises(MessageGroupRefused, match=words), office.transactions() as session:
        add_message_group(session, NewGroup(robot=robot, **told), by=admin, at=office.now)


def test_a_long_message_ends_where_there_is_no_more_room() -> None:
    told = text_for([Line(NoticeKind.OVERDUE, f"示例{number}：" + "长" * 60) for number in range(60)], "")

    assert len(told.encode()) < 2048
    assert told.startswith("【绩效】通知 60 条\n· 【逾期】示例0：")
    assert told.endswith("条，请打开系统查看。")


def test_two_who_speak_at_once_say_each_thing_once(office: Office, case: int, admin: Actor, certificate: Path) -> None:
    with robot_server(Hearing(), certificate) as hearing:
        group_of(office, admin, hearing)
        urge(office, case)
        with office.transactions() as session:
            session.execute(text("SELECT FROM sendings FOR UPDATE"))  # another speaker has it in hands
            taken = said(office, hearing)

    assert (taken, hearing.came) == (0, [])
