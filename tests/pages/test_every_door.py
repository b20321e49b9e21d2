"""Every address of the pages, walked as every office, as a stranger and as another tenant."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.accounts import keys_from
from engine.directory import Actor, Unit
from engine.moves.permissions import PERMISSIONS, READS, offices_let_in
from engine.store import Database
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.office import Office
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.visits import Site
from web.visits.door import OPEN, SIGNED_IN

OURS, THEIRS = "huaxi", "conghua"
SECRET = "示例：社区养老服务站建设经费"
"""What nobody of another tenant may ever read."""
ARGUMENT = re.compile(r"<((?P<kind>\w+)(\([^)]*\))?:)?(?P<name>\w+)>")
NONE_KNOWN: Mapping[str, str] = {}
MADE_UP = {"uuid": str(UUID(int=7)), "int": "987654321", "string": "nothing", "path": "nothing"}
FAR_OUT = {"uuid": "0" * 36, "int": "9" * 40, "string": "%F0%9F%98%80%00", "path": "..%2f..%2fetc%2fpasswd"}
LET_IN = {200, 303, 404, 409, 422}
REFUSED = 403


@dataclass(frozen=True, eq=False)
class Door:
    """One address under one method."""

    rule: Rule
    method: str
    permission: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    def address(self, known: Mapping[str, str] = NONE_KNOWN, made_up: Mapping[str, str] = MADE_UP) -> str:
        """With the numbers of `known` where their name is known, made-up ones elsewhere."""
        return ARGUMENT.sub(lambda found: known.get(found["name"], made_up[found["kind"] or "string"]), self.rule.rule)

    def knocked(self, visitor: Visitor, path: str | None = None) -> TestResponse:
        """What this visitor is answered; a form of ours is sent without any field."""
        path = path or self.address()
        return visitor.post(path) if self.method == "POST" else visitor.client.open(path, method=self.method)


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    """A bureau with one case at work."""
    return Office.opened(shared_database)


@pytest.fixture(scope="module")
def ours(office: Office) -> dict[str, str]:
    """Numbers of this tenant, by the name under which an address takes them."""
    case = office.open_case()
    return {"case_id": str(case), "task_id": str(office.tasks(case)[0].id)}


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office) -> Flask:
    keys = keys_from(Fernet.generate_key().decode())
    return pages_over(Site(shared_database, keys, office.clock, office.clock))


@pytest.fixture(scope="module")
def doors(app: Flask) -> list[Door]:
    return doors_of(app)


def doors_of(app: Flask) -> list[Door]:
    """Every address under every method it is opened with."""
    return [
        Door(rule, method, str(getattr(app.view_functions[rule.endpoint], "permission", "")))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.fixture(scope="module")
def people(shared_database: Database) -> dict[tuple[str, Role], Actor]:
    """Somebody in every office of two tenants."""
    found = {}
    for jurisdiction in (OURS, THEIRS):
        with shared_database.transaction(jurisdiction) as session:
            unit = Unit(jurisdiction=jurisdiction, name="示例各科室", kind=UnitKind.FINANCE)
            session.add(unit)
            session.flush()
            for role in Role:
                found[jurisdiction, role] = person_in(session, unit, f"示例{role.label}", role)
    return found


def _shut(doors: list[Door]) -> list[Door]:
    return [door for door in doors if door.permission != OPEN]


def _lets_in(door: Door, role: Role) -> bool:
    return door.permission == SIGNED_IN or role in offices_let_in(door.permission)


def _walked(
    app: Flask, person: Actor, doors: list[Door], address: Callable[[Door], str] = Door.address
) -> dict[Door, TestResponse]:
    """What this person is answered at each door, in a session of its own where the door may change or end it."""
    theirs = signed_in(app, person)
    left_alone = [door for door in doors if door.permission not in (OPEN, SIGNED_IN)]
    answers = {door: door.knocked(theirs, address(door)) for door in left_alone}
    return answers | {
        door: door.knocked(signed_in(app, person), address(door)) for door in doors if door not in answers
    }


def test_every_address_says_who_may_open_it_and_nothing_but_the_table_is_named(doors: list[Door]) -> None:
    known = {OPEN, SIGNED_IN, *PERMISSIONS, *READS}

    assert [str(door) for door in doors if door.permission not in known] == []


def test_a_stranger_is_sent_to_the_login_from_every_door_that_is_not_open(app: Flask, doors: list[Door]) -> None:
    answers = {str(door): door.knocked(Visitor(app)) for door in _shut(doors)}

    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code != 303} == {}
    assert [each for each, answer in answers.items() if not answer.location.startswith("/login?next=")] == []


@pytest.mark.parametrize("cookie", ["huaxi.", ".", "huaxi.guessed", "nowhere.guessed", "\x01", "huaxi." + "x" * 3900])
def test_a_cookie_that_was_made_up_is_a_strangers(app: Flask, doors: list[Door], cookie: str) -> None:
    answers = {str(door): door.knocked(Visitor(app, cookie)).location for door in _shut(doors)}

    assert [each for each, location in answers.items() if not str(location).startswith("/login?next=")] == []


@pytest.mark.parametrize("role", Role)
def test_exactly_the_offices_the_table_names_are_let_in(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor], role: Role
) -> None:
    person = people[OURS, role]

    answers = {door: answer.status_code for door, answer in _walked(app, person, _shut(doors)).items()}

    named = [door for door in answers if _lets_in(door, role)]
    assert {str(door): answers[door] for door in named if answers[door] not in LET_IN} == {}
    assert {str(door): answers[door] for door in answers if door not in named and answers[door] != REFUSED} == {}


@pytest.mark.parametrize("role", Role)
def test_nothing_of_a_tenant_is_found_by_another(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor], ours: dict[str, str], role: Role
) -> None:
    person = people[THEIRS, role]
    open_to_them = [door for door in _shut(doors) if _lets_in(door, role)]

    answers = _walked(app, person, open_to_them, lambda door: door.address(ours))

    assert [str(door) for door, answer in answers.items() if SECRET.encode() in answer.data] == []
    numbered = [door for door in open_to_them if door.rule.arguments & set(ours)]
    assert {str(door) for door in numbered if answers[door].status_code not in (404, REFUSED)} == set()


def test_a_session_opens_nothing_under_the_name_of_another_tenant(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor]
) -> None:
    here = signed_in(app, people[OURS, Role.PERFORMANCE_OFFICE])
    there = Visitor(app, here.cookie.replace(OURS, THEIRS))

    answers = {str(door): door.knocked(there).location for door in _shut(doors)}

    assert [each for each, location in answers.items() if not str(location).startswith("/login?next=")] == []


def test_nothing_is_opened_before_a_password_somebody_else_gave_is_changed(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor]
) -> None:
    person = people[OURS, Role.PERFORMANCE_OFFICE]
    behind = [door for door in doors if door.permission not in (OPEN, SIGNED_IN)]

    visitor = signed_in(app, person, must_change=True)

    answers = {str(door): door.knocked(visitor).location for door in behind}

    assert {each: location for each, location in answers.items() if location != "/password"} == {}


@pytest.mark.parametrize("word", [None, "", "guessed", "\U0001f600" * 50])
def test_what_does_not_carry_the_word_of_our_pages_is_refused(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor], word: str | None
) -> None:
    person = people[OURS, Role.PERFORMANCE_OFFICE]
    sent = [door for door in doors if door.method == "POST"]
    told = {} if word is None else {"_word": word}

    visitor = signed_in(app, person)

    answers = {str(door): visitor.client.post(door.address(), data=told).status_code for door in sent}

    assert {each: status for each, status in answers.items() if status != REFUSED} == {}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "POST", "GET"])
def test_no_way_of_asking_breaks_an_address(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor], method: str
) -> None:
    visitor = signed_in(app, people[OURS, Role.PERFORMANCE_OFFICE])
    others = [door for door in doors if door.method != method]

    answers = {str(door): visitor.client.open(door.address(), method=method).status_code for door in others}

    assert {each: status for each, status in answers.items() if status >= 500} == {}
    assert visitor.get("/identity").status_code == 200


def test_an_address_that_is_only_sent_to_tells_nothing_when_it_is_asked_with_the_word(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor]
) -> None:
    visitor = signed_in(app, people[OURS, Role.PERFORMANCE_OFFICE])
    answers = {
        str(door): visitor.client.open(door.address(), method="DELETE", headers={"X-Jx-Word": visitor.word})
        for door in doors
    }

    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code != 405} == {}


@pytest.mark.parametrize("query", ["", "?after=%00&view=%ff&year=99999999999&q=%F0%9F%98%80%00&tab=../..&next=//x"])
@pytest.mark.parametrize("role", [Role.PERFORMANCE_OFFICE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_no_number_and_no_word_of_an_address_breaks_it(
    app: Flask, doors: list[Door], people: dict[tuple[str, Role], Actor], role: Role, query: str
) -> None:
    person = people[OURS, role]

    answers = _walked(app, person, doors, lambda door: door.address(made_up=FAR_OUT) + query)

    assert {str(door): answer.status_code for door, answer in answers.items() if answer.status_code >= 500} == {}


# ── menus ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ENTRY = re.compile(r'<li[^>]*><a href="([^"]+)".*?class="jx-menu__label">([^<]+)</span></a></li>')
HEADING = re.compile(r"<h1>([^<]+)")


def _menu(page: str) -> list[tuple[str, str]]:
    """Address and label of every entry."""
    return ENTRY.findall(page.partition('aria-label="主菜单"')[2].partition("</nav>")[0])


@pytest.mark.parametrize("role", Role)
def test_everybody_begins_on_the_first_page_of_their_menu_and_every_entry_opens(
    app: Flask, people: dict[tuple[str, Role], Actor], role: Role
) -> None:
    visitor = signed_in(app, people[OURS, role])

    begun = visitor.get("/").location
    menu = _menu(visitor.get("/directory/substitutions").text)

    assert begun == (menu[0][0] if menu else "/identity")
    assert {label: visitor.get(address).status_code for address, label in menu} == {label: 200 for _, label in menu}


@pytest.mark.parametrize("role", Role)
def test_every_entry_of_a_menu_leads_to_a_page_of_that_name(
    app: Flask, people: dict[tuple[str, Role], Actor], role: Role
) -> None:
    visitor = signed_in(app, people[OURS, role])

    menu = _menu(visitor.get("/directory/substitutions").text)
    headings = {label: HEADING.findall(visitor.get(address).text) for address, label in menu}

    assert {label: found for label, found in headings.items() if not any(label in each for each in found)} == {}


@pytest.mark.parametrize(
    ("role", "label", "address"),
    [
        (Role.UNIT_CLERK, "本单位案卷", "/cases"),
        (Role.UNIT_HEAD, "代理设置", "/directory/substitutions"),
        (Role.DEPARTMENT, "代理设置", "/directory/substitutions"),
        (Role.PERFORMANCE_OFFICE, "案卷", "/cases"),
        (Role.SYSTEM_ADMIN, "组织与人员", "/directory"),
        (Role.SECURITY_ADMIN, "角色与授权", "/directory"),
    ],
)
def test_an_office_finds_its_pages_under_the_names_it_uses(
    app: Flask, people: dict[tuple[str, Role], Actor], role: Role, label: str, address: str
) -> None:
    assert (address, label) in _menu(signed_in(app, people[OURS, role]).get("/directory/substitutions").text)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_find_no_business_in_their_menus(
    app: Flask, people: dict[tuple[str, Role], Actor], role: Role
) -> None:
    page = signed_in(app, people[OURS, role]).get("/directory/substitutions").text

    assert {address for address, _ in _menu(page)}.isdisjoint({"/tasks", "/cases"})
    assert "搜索案卷" not in page
