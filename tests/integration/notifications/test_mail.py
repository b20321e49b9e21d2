"""邮件: who gave an address gets mail of what they chose, when they want it; a bad server stops and loses nothing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from engine.clock import SHANGHAI, shanghai
from engine.commands.remind import remind
from engine.commands.try_mail import TrialRefused, try_mail
from engine.commands.wish_for_mail import MailWishesRefused, Wishes, wish_for_mail
from engine.directory import Actor, Unit
from engine.notifications import Sending, mail
from engine.notifications.mail import MailServer
from engine.notifications.rules import PAUSES
from engine.queries.mail_wishes import LastMail, mail_wishes
from engine.words import NoticeKind, Role, SendingState
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.mail_servers import SENDER, Hanging, Refusing, Taking, mail_server
from tests.office import Office
from web.worker.carrying import carrier_for
from web.worker.posting import Post

ADDRESS = "li.jingban@example.com"
NOBODY_THERE = MailServer.of("smtp://127.0.0.1:9", SENDER)


@pytest.fixture
def case(office: Office) -> int:
    """A target waits to be filled in; what happened before has been told, and nobody wanted mail of it."""
    case = project_at(office, "fill_target")
    carry(office)
    return case


def carry(office: Office) -> None:
    carrier_for(office.database, mails=True).carry_what_waits()


def wish(office: Office, who: Actor, address: str = ADDRESS, *kinds: NoticeKind, **how: bool | int) -> None:
    wishes = Wishes(address, kinds or tuple(NoticeKind), **how)  # type: ignore[arg-type]
    with office.transactions() as session:
        wish_for_mail(session, wishes, by=who, at=office.now)


def urge(office: Office, case: int) -> None:
    """Something happens of which the clerk is told."""
    with office.transactions() as session:
        remind(session, office.tasks(case)[0].id, "示例：只得 60 分", by=office.bureau.office, at=office.now)
    carry(office)


def post(office: Office, server: MailServer) -> int:
    return Post(office.database, office.clock, server).send_what_is_due()


def sendings(office: Office) -> list[Sending]:
    with office.transactions() as session:
        return list(session.scalars(select(Sending).order_by(Sending.id)))


def last_mail(office: Office, who: Actor) -> LastMail | None:
    with office.transactions() as session:
        return mail_wishes(session, who).last


def wait(office: Office, how_long: timedelta) -> None:
    office.clock.move_to(office.now + how_long)


def test_a_notice_goes_out_once_in_text_and_html_with_the_way_to_its_task(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)
    urge(office, case)
    server = Taking()

    with mail_server(server, pages="https://jixiao.example.com") as there:
        sent = post(office, there), post(office, there)

    (told,) = server.mails
    plain, html = (told.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert sent == (1, 0)
    assert told["To"] == ADDRESS
    assert told["From"] == SENDER
    assert str(told["Subject"]).startswith("【催办】示例：社区养老服务站建设经费")
    assert f"https://jixiao.example.com/tasks/{office.tasks(case)[0].id}" in plain.get_content()
    assert "<a href=" in html.get_content()
    assert "60" not in plain.get_content().replace(str(office.tasks(case)[0].id), "")
    assert [each.state for each in sendings(office)] == [SendingState.SENT]


def test_only_what_was_chosen_goes_out_and_nothing_to_who_gave_no_address(office: Office, case: int) -> None:
    with office.transactions() as session:
        person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    wish(office, office.bureau.clerk, ADDRESS, NoticeKind.OVERDUE)
    urge(office, case)

    assert sendings(office) == []


def test_what_is_told_twice_is_mailed_once(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)
    urge(office, case)
    with office.database.upkeep() as session:
        session.execute(text("UPDATE sendings SET state = 'sent'"))
    carry(office)

    assert len(sendings(office)) == 1


def test_a_digest_holds_all_of_the_day_on_the_next_working_morning(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk, digest=True)
    another = project_at(office, "fill_target")
    for each in (case, another):
        urge(office, each)
    server = Taking()

    with mail_server(server) as there:
        at_once = post(office, there)
        office.clock.move_to(shanghai(2020, 9, 2, 8, 31))
        next_morning = post(office, there)

    assert (at_once, next_morning) == (0, 1)
    assert len(sendings(office)) > 2
    assert server.subjects == [f"绩效通知 {len(sendings(office))} 条"]
    assert {each.state for each in sendings(office)} == {SendingState.SENT}


def test_quiet_hours_hold_a_mail_back_until_they_end(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk, quiet_from=22, quiet_until=7)
    office.clock.move_to(shanghai(2020, 9, 1, 23, 15))

    urge(office, case)

    (waiting,) = sendings(office)
    assert waiting.not_before.astimezone(SHANGHAI) == datetime(2020, 9, 2, 7, 0, tzinfo=SHANGHAI)


def test_a_server_that_is_away_is_tried_with_growing_pauses_and_given_up_in_the_end(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)
    urge(office, case)

    post(office, NOBODY_THERE)
    (after_one,) = sendings(office)
    for pause in PAUSES:
        wait(office, pause)
        post(office, NOBODY_THERE)

    (given_up,) = sendings(office)
    assert after_one.state == SendingState.WAITING
    assert "连不上" in (after_one.fault or "")
    assert (given_up.state, given_up.attempts) == (SendingState.GIVEN_UP, len(PAUSES) + 1)
    assert (last_mail(office, office.bureau.clerk) or LastMail(office.now, SendingState.SENT, None)).fault


def test_a_server_that_comes_back_gets_what_waited(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)
    urge(office, case)
    post(office, NOBODY_THERE)
    wait(office, PAUSES[0])
    server = Taking()

    with mail_server(server) as there:
        post(office, there)

    assert len(server.mails) == 1
    assert last_mail(office, office.bureau.clerk) == LastMail(office.now, SendingState.SENT, None)


def test_an_address_nobody_has_is_given_up_at_once_and_the_others_get_theirs(office: Office, case: int) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    wish(office, office.bureau.clerk)
    wish(office, colleague, "wu@example.com")
    urge(office, case)
    server = Refusing("li.jingban")

    with mail_server(server) as there:
        post(office, there)

    assert [mail["To"] for mail in server.mails] == ["wu@example.com"]
    assert {each.person_id: each.state for each in sendings(office)} == {
        office.bureau.clerk.person_id: SendingState.GIVEN_UP,
        colleague.person_id: SendingState.SENT,
    }
    assert "地址被拒收：5.1.1 no such user" in ((last_mail(office, office.bureau.clerk) or NO_MAIL).fault or "")


NO_MAIL = LastMail(shanghai(2020, 9, 1), SendingState.WAITING, None)


def test_who_is_put_off_by_the_server_is_tried_again(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)
    urge(office, case)

    with mail_server(Refusing("li", "450 4.2.1 try later")) as there:
        post(office, there)

    (waiting,) = sendings(office)
    assert (waiting.state, waiting.attempts) == (SendingState.WAITING, 1)


def test_a_server_that_hangs_is_not_waited_for(office: Office, case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.3)
    wish(office, office.bureau.clerk)
    urge(office, case)

    with mail_server(Hanging()) as there:
        post(office, there)

    (waiting,) = sendings(office)
    assert waiting.state == SendingState.WAITING
    assert "没有应答" in (waiting.fault or "")


def test_two_who_send_at_once_send_each_mail_once(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)
    urge(office, case)
    server = Taking()

    with mail_server(server) as there, office.transactions() as session:
        session.execute(text("SELECT FROM sendings FOR UPDATE"))  # another sender has it in hands
        sent = post(office, there)

    assert sent == 0
    assert server.mails == []


def test_one_tries_it_once_a_minute_and_hears_how_it_went(office: Office, case: int) -> None:
    clerk, server = office.bureau.clerk, Taking()
    with pytest.raises(TrialRefused, match="还没有邮箱地址"), office.transactions() as session:
        try_mail(session, by=clerk, at=office.now)
    wish(office, clerk)
    with office.transactions() as session:
        try_mail(session, by=clerk, at=office.now)
    with pytest.raises(TrialRefused, match="一分钟内"), office.transactions() as session:
        try_mail(session, by=clerk, at=office.now)

    with mail_server(server) as there:
        post(office, there)

    assert server.subjects == ["这是一封试发的邮件。收到它，说明通知可以发到这个地址。"]
    assert last_mail(office, clerk) == LastMail(office.now, SendingState.SENT, None)


@pytest.mark.parametrize(
    "address",
    ["li", "li@", "li jing@example.com", "李@example.com", "a@b.com\nBcc: c@d.com", "a@b.com,c@d.com", "l" * 260],
)
def test_what_is_no_address_is_not_kept(office: Office, case: int, address: str) -> None:
    with pytest.raises(MailWishesRefused, match="不是邮箱地址"):
        wish(office, office.bureau.clerk, address)


@pytest.mark.parametrize(("begins", "ends"), [(22, None), (None, 7), (24, 7), (7, 7)])
def test_hours_that_are_none_are_not_kept(office: Office, case: int, begins: int | None, ends: int | None) -> None:
    with pytest.raises(MailWishesRefused, match="静默时段"):
        wish(office, office.bureau.clerk, quiet_from=begins, quiet_until=ends)  # type: ignore[arg-type]


def test_wishes_are_ones_own(office: Office, case: int) -> None:
    wish(office, office.bureau.clerk)

    with office.transactions() as session:
        assert mail_wishes(session, office.bureau.head).address == ""
        assert mail_wishes(session, office.bureau.clerk).address == ADDRESS
