"""A form sent after session or office had ended: it goes along to who had sent it, and to nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from engine.accounts import keys_from, open_account
from engine.commands.name_substitute import name_substitute
from engine.commands.revoke_substitute import revoke_substitute
from engine.directory import Actor, Appointment, Person, Unit
from engine.store import Database
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import PASSWORD
from tests.pages.hands import Hands
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.pages.kept_form import sent_now
from web.visits import Site
from web.visits.site import NAME, Demo

ANOTHER = "竹林石径秋雨晚风石桥马灯"
VIEWS = "/views?due=overdue"
_numbers = count(1)


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return Office.opened(shared_database)


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office) -> Flask:
    """The pages with a watch that goes with the office's clock."""
    keys = keys_from(Fernet.generate_key().decode())
    return pages_over(Site(shared_database, keys, office.clock, office.clock))


@pytest.fixture
def somebody(office: Office) -> Callable[[], Actor]:
    """New clerks of the example unit, each with an account."""

    def new() -> Actor:
        with office.transactions() as session:
            unit = session.get_one(Unit, office.bureau.unit_id)
            actor = person_in(session, unit, f"示例超时{next(_numbers)}", Role.UNIT_CLERK)
            person = session.get_one(Person, actor.person_id)
            open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
            return actor

    return new


def _login(actor: Actor) -> str:
    return f"{actor.name}@{actor.unit_id}"


@pytest.fixture
def at_the_form(app: Flask, office: Office, somebody: Callable[[], Actor]) -> tuple[Hands, Actor]:
    """Somebody who has typed into a form and whose session is over."""
    person = somebody()
    hands = Hands(app.test_client()).sign_in(_login(person), PASSWORD)
    hands.open(VIEWS).type("name", "写了半天\r\n的名称")
    office.clock.move_to(office.now + timedelta(minutes=31))
    return hands, person


def _signs_in(hands: Hands, person: Actor, password: str = PASSWORD) -> Hands:
    hands.type("login", _login(person))
    hands.type("password", password)
    return hands.press("登录")


def test_what_is_sent_after_the_session_has_ended_goes_along_through_the_login(
    at_the_form: tuple[Hands, Actor], app: Flask
) -> None:
    hands, person = at_the_form

    hands.press("存为视图")
    told = hands.status, hands.said()
    _signs_in(hands, person, "wrong")
    again = hands.status
    _signs_in(hands, person)
    before = Visitor(app, str(hands.client.get_cookie("jx_session").value)).get("/views").text
    hands.press("继续办理")

    assert told == (401, "登录已超时，还没有办理。请重新登录，刚才填写的内容会带过去。")
    assert again == 422
    assert "写了半天" not in before
    assert (hands.path, hands.status) == ("/views", 422)
    assert hands.value("name") == ["写了半天\n的名称"]
    hands.type("name", "写了半天的名称")
    assert hands.press("存为视图").path == "/tasks"


def test_whoever_signs_in_as_somebody_else_gets_nothing_of_it(
    at_the_form: tuple[Hands, Actor], somebody: Callable[[], Actor]
) -> None:
    hands, _ = at_the_form

    hands.press("存为视图")
    _signs_in(hands, somebody())

    assert hands.path == "/tasks"
    assert "写了半天" not in hands.text()


def test_nothing_secret_goes_along(app: Flask, office: Office, somebody: Callable[[], Actor]) -> None:
    hands = Hands(app.test_client()).sign_in(_login(somebody()), PASSWORD)
    hands.open("/password").type("old", PASSWORD)
    hands.type("new", ANOTHER)
    hands.type("again", ANOTHER)
    office.clock.move_to(office.now + timedelta(minutes=31))

    answer = hands.press("修改密码")

    assert answer.path == "/login"
    assert ANOTHER not in str(answer.page.xpath("//@value"))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"code": "示例-2023-001", "name": "示例项目"}, {"code": "示例-2023-001", "name": "示例项目"}),
        ({"password": PASSWORD, "code": "123456", "reason": "示例"}, {"reason": "示例"}),
        ({"second_login": "示例", "second_password": PASSWORD, "second_code": "123456"}, {"second_login": "示例"}),
    ],
)
def test_the_number_of_an_object_is_kept_and_a_code_beside_a_password_is_not(
    app: Flask, sent: dict[str, str], kept: dict[str, str]
) -> None:
    with app.test_request_context("/cases/new", method="POST", data=sent):
        assert dict(sent_now().fields) == kept


def test_one_acts_in_the_same_office_again(app: Flask, office: Office, somebody: Callable[[], Actor]) -> None:
    person = somebody()
    with office.transactions() as session:
        second = Appointment(
            jurisdiction="huaxi", person_id=person.person_id, unit_id=office.bureau.finance_id, role=Role.OBSERVER
        )
        session.add(second)
    hands = Hands(app.test_client()).sign_in(_login(person), PASSWORD)
    hands.open("/identity").press("示例单位甲（预算单位经办人）")
    hands.open(VIEWS).type("name", "另一处的名称")
    office.clock.move_to(office.now + timedelta(minutes=31))

    _signs_in(hands.press("存为视图"), person).press("继续办理")

    assert hands.path == "/tasks"
    assert "另一处的名称" in hands.open("/tasks").text()


def test_what_is_sent_when_the_office_has_ended_waits_for_another_to_be_chosen(
    app: Flask, office: Office, somebody: Callable[[], Actor]
) -> None:
    person, absent = somebody(), somebody()
    with office.transactions() as session:
        receipt = name_substitute(
            session, absent.person_id, person.person_id, office.today, office.today, by=absent, at=office.now
        )
    hands = Hands(client=app.test_client()).sign_in(_login(person), PASSWORD)
    hands.open("/identity").press(f"代理{absent.name}：示例单位甲（预算单位经办人）")
    hands.open(VIEWS).type("name", "代理期间写的名称")
    with office.transactions() as session:
        revoke_substitute(session, receipt.gave["substitution"], by=absent, at=office.now)

    hands.press("存为视图")
    told = hands.status, hands.heading()
    Hands(client=hands.client).open("/identity").press("示例单位甲（预算单位经办人）")
    hands.press("继续办理")

    assert told == (409, "身份已变动，刚才的内容还没有办理")
    assert hands.path == "/tasks"
    assert "代理期间写的名称" in hands.text()


@pytest.mark.parametrize("kept", ["", "{", '[["a", "b"]]', "gAAAAABm", "\x00", "示例"])
def test_a_login_page_that_carries_something_else_is_a_login_page(
    app: Flask, somebody: Callable[[], Actor], kept: str
) -> None:
    person = somebody()
    told = {"jurisdiction": "huaxi", "login": _login(person), "password": PASSWORD, "kept": kept}

    answer = signed_in(app, person).post("/login", told)
    further = signed_in(app, person).post("/login/kept", {"kept": kept})

    assert (answer.status_code, answer.location) == (303, "/")
    assert further.status_code == 403


def test_what_goes_along_is_sealed_so_that_nobody_reads_it_or_writes_it_for_somebody_else(
    at_the_form: tuple[Hands, Actor], app: Flask, somebody: Callable[[], Actor]
) -> None:
    hands, _ = at_the_form

    page = hands.press("存为视图")
    (sealed,) = page.value("kept")
    another = signed_in(app, somebody()).post("/login/kept", {"kept": sealed})

    assert "写了半天" not in page.text() + str(page.page.xpath("//@value"))
    assert (another.status_code, another.location) == (303, "/")


def test_who_comes_in_by_a_card_of_the_demo_goes_on_with_it_too(
    app: Flask, office: Office, at_the_form: tuple[Hands, Actor], somebody: Callable[[], Actor]
) -> None:
    hands, person = at_the_form
    stranger = somebody()
    site = app.extensions[NAME]
    demo = Demo("huaxi", {_login(each): "单位经办人" for each in (person, stranger)}, PASSWORD)
    app.extensions[NAME] = replace(site, demo=demo)

    try:
        hands.press("存为视图")
        kept = hands.value("kept")[0]
        hands.press(name="login", value=_login(person))
        hands.press("继续办理")
        wrong = signed_in(app, stranger).post("/login", {"kept": kept, "login": _login(stranger), "password": PASSWORD})
    finally:
        app.extensions[NAME] = site

    assert (hands.path, hands.value("name")) == ("/views", ["写了半天\n的名称"])
    assert "写了半天" not in wrong.text
