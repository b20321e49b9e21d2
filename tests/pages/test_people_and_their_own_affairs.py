"""组织与人员, 代理, 会话, 动态口令: what administrators and everybody for themselves do on the pages."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from itertools import count
from typing import Any

import pyotp
import pytest
from cryptography.fernet import Fernet
from flask import Flask

from engine.accounts import AccessEntry, keys_from, open_account
from engine.commands import claim
from engine.directory import Actor, Person, Unit
from engine.store import Database
from engine.tasks import Task
from engine.words import Access, Role
from tests.factories import person_in
from tests.integration.desk import project_at, the_task
from tests.office import Office
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, sign_in_of, signed_in
from web.pages.scanning import qr_code
from web.visits import Site

PASSWORD = "Ceshi-Mima-2022"
ANOTHER = "竹林石径秋雨晚风石桥马灯"
SECRET = re.compile(r'class="jx-secret">([^<]+)<')
_numbers = count(1)


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return Office.opened(shared_database)


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office) -> Flask:
    keys = keys_from(Fernet.generate_key().decode())
    return pages_over(Site(shared_database, keys, office.clock, office.clock))


@pytest.fixture
def somebody(office: Office) -> Callable[..., Actor]:
    """New people with an account, in the given offices of the example unit."""

    def new(*roles: Role) -> Actor:
        with office.transactions() as session:
            unit = session.get_one(Unit, office.bureau.unit_id)
            actor = person_in(session, unit, f"示例{next(_numbers)}", *roles)
            person = session.get_one(Person, actor.person_id)
            open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
            return actor

    return new


@pytest.fixture
def system(app: Flask, somebody: Callable[..., Actor]) -> Visitor:
    return signed_in(app, somebody(Role.SYSTEM_ADMIN))


@pytest.fixture
def security(app: Flask, somebody: Callable[..., Actor]) -> Visitor:
    return signed_in(app, somebody(Role.SECURITY_ADMIN))


def _login(actor: Actor) -> str:
    return f"{actor.name}@{actor.unit_id}"


def _enters(app: Flask, login: str, password: str, code: str = "") -> Any:
    told = {"jurisdiction": "huaxi", "login": login, "password": password, "code": code}
    return Visitor(app).post("/login", told)


# ── 组织与人员 ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_person_comes_in_with_the_password_shown_once_and_changes_it_first(app: Flask, system: Visitor) -> None:
    answer = system.post("/directory/people", {"login": "chen.xin", "name": "陈新"})
    (password,) = SECRET.findall(answer.text)

    came = _enters(app, "chen.xin", password)
    cookie = re.search(r"jx_session=([^;]+)", " ".join(came.headers.getlist("Set-Cookie")))

    assert (answer.status_code, came.status_code, came.location) == (200, 303, "/")
    assert cookie is not None
    assert Visitor(app, cookie[1]).get("/").location == "/password"
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in system.get("/directory?q=chen.xin").text
    assert "陈新" in system.get("/directory?q=chen.xin").text


def test_whoever_signs_in_leaves_the_session_this_browser_had_before(
    app: Flask, somebody: Callable[..., Actor]
) -> None:
    former, next_one = somebody(Role.UNIT_CLERK), somebody(Role.UNIT_CLERK)
    browser = signed_in(app, former)
    before = browser.cookie

    told = {"jurisdiction": "huaxi", "login": _login(next_one), "password": PASSWORD}
    refused = browser.post("/login", {**told, "password": "wrong"})
    still = Visitor(app, before).get("/").location
    came = browser.post("/login", told)

    assert (refused.status_code, still, came.status_code) == (422, "/tasks", 303)
    assert Visitor(app, before).get("/").location.startswith("/login")


def test_what_was_typed_stays_when_a_login_is_taken(system: Visitor) -> None:
    system.post("/directory/people", {"login": "li.taken", "name": "李一"})

    answer = system.post("/directory/people", {"login": "li.taken", "name": "李二<b>"})

    assert answer.status_code == 409
    assert "这个账号已有人使用" in answer.text
    assert 'value="李二&lt;b&gt;"' in answer.text


def test_a_unit_is_put_under_its_department_and_found_in_the_tree(office: Office, system: Visitor) -> None:
    told = {"unit_name": "示例新学校", "kind": "unit", "department": str(office.bureau.department_id)}

    answer = system.post("/directory/units", told)

    assert answer.status_code == 303
    assert "本单位还没有人员任职" in system.get(answer.location).text
    assert "示例新学校（0）" in system.get("/directory").text


def test_an_office_is_given_and_taken_and_the_page_says_how_much_went_back(
    office: Office, security: Visitor, somebody: Callable[..., Actor]
) -> None:
    person, unit = somebody(), str(office.bureau.unit_id)
    page = f"/directory/people/{person.person_id}"

    given = security.post(f"{page}/appointments", {"unit": unit, "role": "unit_clerk"})
    task = the_task(office, project_at(office, "fill_target"), "fill_target").id
    clerk = Actor(person.person_id, person.name, "huaxi", office.bureau.unit_id, frozenset({Role.UNIT_CLERK}))
    with office.transactions() as session:
        claim(session, task, by=clerk, at=office.now)
    taken = security.post(f"{page}/dismissals", {"unit": unit, "role": "unit_clerk", "reason": "示例：轮岗"})

    assert "已授予岗位" in security.get(given.location).text
    assert "已免去岗位，1 件在办任务已放回待签收" in security.get(taken.location).text
    with office.transactions() as session:
        assert session.get_one(Task, task).holder_id is None


def test_who_is_stopped_is_out_at_once_and_the_page_said_before_how_much_is_in_hand(
    app: Flask, office: Office, system: Visitor, somebody: Callable[..., Actor]
) -> None:
    person = somebody(Role.UNIT_CLERK)
    inside, page = signed_in(app, person), f"/directory/people/{person.person_id}"
    task = the_task(office, project_at(office, "fill_target"), "fill_target").id
    with office.transactions() as session:
        claim(session, task, by=person, at=office.now)

    before = system.get(page).text
    stopped = system.post(f"{page}/stopping", {"reason": "示例：调离"})

    assert "在办 1 件" in before
    assert "已停用，会话已结束，1 件在办任务已放回待签收" in system.get(stopped.location).text
    assert inside.get("/tasks").location.startswith("/login")
    assert "这个账号已停用" in _enters(app, _login(person), PASSWORD).text
    (password,) = SECRET.findall(system.post(f"{page}/account").text)
    assert _enters(app, _login(person), password).status_code == 303


def test_a_forgotten_password_is_given_anew_by_security_and_not_by_system(
    app: Flask, system: Visitor, security: Visitor, somebody: Callable[..., Actor]
) -> None:
    person = somebody(Role.UNIT_CLERK)
    page = f"/directory/people/{person.person_id}"

    (password,) = SECRET.findall(security.post(f"{page}/password").text)

    assert _enters(app, _login(person), PASSWORD).status_code == 422
    assert _enters(app, _login(person), password).status_code == 303
    assert system.post(f"{page}/password").status_code == 403


def test_administrators_find_nothing_to_do_to_themselves(app: Flask, somebody: Callable[..., Actor]) -> None:
    keeper = somebody(Role.SECURITY_ADMIN)
    page = f"/directory/people/{keeper.person_id}"

    answer = signed_in(app, keeper).get(page).text

    assert "自己的岗位由另一位安全管理员办理" in answer
    assert "免去</button>" not in answer
    told = {"unit": str(keeper.unit_id), "role": "unit_head"}
    assert signed_in(app, keeper).post(f"{page}/appointments", told).status_code == 403


# ── 代理 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_substitute_chooses_to_act_and_is_told_so_on_every_page_until_it_is_revoked(
    app: Flask, office: Office, somebody: Callable[..., Actor]
) -> None:
    absent, deputy = somebody(Role.UNIT_HEAD), somebody(Role.UNIT_CLERK)
    mine, theirs = signed_in(app, absent), signed_in(app, deputy)
    days = {"from_on": office.today.isoformat(), "until_on": office.today.isoformat()}

    named = mine.post("/directory/substitutions", {"substitute": str(deputy.person_id), **days})
    offered = theirs.get("/identity").text
    chosen = theirs.post("/identity", {"unit": str(absent.unit_id), "acting_for": str(absent.person_id)})
    acting = theirs.get("/tasks").text

    assert named.status_code == 303
    assert f"代理{absent.name}：示例单位甲（预算单位负责人）" in offered
    assert chosen.status_code == 303
    assert f"您正以{absent.name}的代理人身份办理（至 {office.today.month}月{office.today.day}日" in acting
    assert sign_in_of(app, theirs).acting_for == absent.person_id
    assert theirs.post("/directory/substitutions", days).status_code == 403
    (number,) = re.findall(r"/directory/substitutions/(\d+)/revocation", mine.get("/directory/substitutions").text)
    assert mine.post(f"/directory/substitutions/{number}/revocation").status_code == 303
    assert theirs.get("/tasks").location.startswith("/identity")
    assert theirs.post("/identity", {"unit": str(deputy.unit_id)}).status_code == 303
    assert theirs.get("/tasks").status_code == 200


def test_a_substitution_sent_twice_is_named_once(app: Flask, office: Office, somebody: Callable[..., Actor]) -> None:
    mine, deputy = signed_in(app, somebody(Role.UNIT_HEAD)), somebody(Role.UNIT_CLERK)
    today = office.today.isoformat()
    (key,) = re.findall(r'name="key" value="(\w+)"', mine.get("/directory/substitutions").text)
    told = {"substitute": str(deputy.person_id), "from_on": today, "until_on": today, "key": key}

    first, second = mine.post("/directory/substitutions", told), mine.post("/directory/substitutions", told)

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(re.findall(r"/directory/substitutions/\d+/revocation", mine.get("/directory/substitutions").text)) == 1


def test_nobody_acts_for_who_did_not_ask_them(app: Flask, somebody: Callable[..., Actor]) -> None:
    stranger, absent = somebody(Role.UNIT_CLERK), somebody(Role.UNIT_HEAD)

    answer = signed_in(app, stranger).post(
        "/identity", {"unit": str(absent.unit_id), "acting_for": str(absent.person_id)}
    )

    assert answer.status_code == 403
    assert "没有这位同事的代理授权" in answer.text


@pytest.mark.parametrize("told", [{}, {"from_on": "昨天"}, {"substitute": "9" * 30}, {"roles": "king"}])
def test_a_substitution_that_cannot_be_read_stays_on_the_page_with_a_sentence(
    app: Flask, office: Office, somebody: Callable[..., Actor], told: dict[str, str]
) -> None:
    absent, deputy = somebody(Role.UNIT_HEAD), somebody(Role.UNIT_CLERK)
    whole = {"substitute": str(deputy.person_id), "from_on": "2020-09-01", "until_on": "2020-09-02"} if told else {}

    answer = signed_in(app, absent).post("/directory/substitutions", {**whole, **told})

    assert answer.status_code == 422
    assert "代理人或日期没有填好" in answer.text


def test_who_acts_for_somebody_ends_the_substitution_of_nobody_else(
    app: Flask, office: Office, somebody: Callable[..., Actor]
) -> None:
    absent, deputy, stranger = somebody(Role.UNIT_HEAD), somebody(Role.UNIT_CLERK), somebody(Role.UNIT_CLERK)
    days = {"from_on": office.today.isoformat(), "until_on": office.today.isoformat()}
    mine = signed_in(app, absent)
    mine.post("/directory/substitutions", {"substitute": str(deputy.person_id), **days})
    (number,) = re.findall(r"/directory/substitutions/(\d+)/revocation", mine.get("/directory/substitutions").text)

    assert signed_in(app, stranger).post(f"/directory/substitutions/{number}/revocation").status_code == 403


# ── 会话 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_elsewhere_is_ended_from_here_one_or_all(app: Flask, somebody: Callable[..., Actor]) -> None:
    person = somebody(Role.UNIT_CLERK)
    here, there, elsewhere = (signed_in(app, person) for _ in range(3))
    number = sign_in_of(app, there).id

    ended = here.post(f"/settings/sessions/{number}/end")
    afterwards = here.get("/settings/sessions").text

    assert ended.status_code == 303
    assert there.get("/tasks").location.startswith("/login")
    assert afterwards.count("<tr>") == 3
    assert "当前会话" in afterwards
    assert here.post("/settings/sessions/others").status_code == 303
    assert elsewhere.get("/tasks").location.startswith("/login")
    assert here.get("/tasks").status_code == 200


def test_the_session_of_somebody_else_is_nothing_one_could_end(app: Flask, somebody: Callable[..., Actor]) -> None:
    mine, theirs = signed_in(app, somebody(Role.UNIT_CLERK)), signed_in(app, somebody(Role.UNIT_CLERK))

    answer = mine.post(f"/settings/sessions/{sign_in_of(app, theirs).id}/end")

    assert answer.status_code == 404
    assert theirs.get("/tasks").status_code == 200


# ── 动态口令 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_factor_is_bound_asked_for_and_taken_off(
    app: Flask, office: Office, somebody: Callable[..., Actor]
) -> None:
    person = somebody(Role.UNIT_CLERK)
    inside = signed_in(app, person)

    begun = inside.post("/settings/second-factor/beginning").text
    secret, address = SECRET.findall(begun)
    wrong = inside.post("/settings/second-factor/confirmation", {"code": "000000x"})
    confirmed = inside.post("/settings/second-factor/confirmation", {"code": pyotp.TOTP(secret).at(office.now)})
    codes = re.findall(r"<li>([A-Z2-7-]{20,})</li>", confirmed.text)

    assert address.startswith("otpauth://totp/")
    assert qr_code(unescape(address)) in begun
    assert wrong.status_code == 422
    assert len(codes) == 10
    assert _enters(app, _login(person), PASSWORD).status_code == 422
    assert _enters(app, _login(person), PASSWORD, codes[0]).status_code == 303
    assert "恢复码还有 9 个" in inside.get("/settings/second-factor").text
    assert inside.post("/settings/second-factor/removal").status_code == 303
    assert _enters(app, _login(person), PASSWORD).status_code == 303


def test_a_second_factor_takes_the_password_again_after_five_minutes_and_counts_wrong_ones(
    app: Flask, office: Office, somebody: Callable[..., Actor]
) -> None:
    person = somebody(Role.UNIT_CLERK)
    inside = signed_in(app, person)
    with office.transactions() as session:
        session.merge(sign_in_of(app, inside)).proven_at = None

    asked = inside.get("/settings/second-factor").text
    wrong = inside.post("/settings/second-factor/beginning", {"password": "x"})
    right = inside.post("/settings/second-factor/beginning", {"password": PASSWORD})

    assert 'name="password"' in asked
    assert wrong.status_code == 422
    assert len(SECRET.findall(right.text)) == 2
    with office.transactions() as session:
        lines = session.query(AccessEntry.what).where(AccessEntry.person_id == person.person_id).all()
    assert [line.what for line in lines if line.what in (Access.NOT_PROVEN, Access.PROVEN)] == [
        Access.NOT_PROVEN, Access.PROVEN,
    ]  # fmt: skip


# ── what every one of these pages owes ───────────────────────────────────────────────────────────────────────────────


class _Controls(HTMLParser):
    """Controls outside a label, tables without a caption, and what a strict policy would not let in."""

    def __init__(self) -> None:
        super().__init__()
        self.labels, self.tables, self.faults = 0, 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        shown = tag in ("select", "textarea") or (tag == "input" and told.get("type") != "hidden")
        self.labels += tag == "label"
        self.tables += (tag == "table") - (tag == "caption")
        self.faults += [f"{tag} {told} without a label"] * (shown and not self.labels and "id" not in told)
        self.faults += [f"{tag} {told}"] * (tag == "style" or "style" in told or "onclick" in told)
        self.faults += [f"{tag} {told}"] * (tag == "script" and not (told.get("nonce") and told.get("src")))
        self.faults += ["th without scope"] * (tag == "th" and "scope" not in told)

    def handle_endtag(self, tag: str) -> None:
        self.labels -= tag == "label"


@pytest.mark.parametrize(
    "path",
    ["/directory", "/directory/people/1", "/directory/substitutions", "/settings/sessions", "/settings/second-factor",
     "/identity", "/directory/sessions", "/directory/substitution-register", "/calendars", "/calendars/2027",
     "/policies/tables", "/policies/tables/grade", "/operations", "/operations/incidents?all=1",
     "/operations/deadlines", "/operations/audit", "/processes", "/processes/target_filing/migrations",
     "/processes/target_filing/versions/1", "/processes/target_filing/versions/1?tab=steps",
     "/processes/target_filing/versions/1?tab=versions", "/processes/target_filing/versions/1?tab=cases",
     "/audit/records", "/audit/records?tab=journal", "/audit/readings", "/login"],
)  # fmt: skip
@pytest.mark.parametrize(
    "role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OPERATOR, Role.POLICY_OWNER]
)
def test_every_control_has_a_label_and_every_table_a_caption(
    app: Flask, somebody: Callable[..., Actor], path: str, role: Role
) -> None:
    reader = _Controls()

    reader.feed(signed_in(app, somebody(role)).get(path).text)

    assert (reader.faults, reader.tables) == ([], 0)


def test_every_page_leads_to_what_one_keeps_for_oneself_and_each_of_them_to_the_others(
    app: Flask, office: Office
) -> None:
    visitor = signed_in(app, office.bureau.clerk)
    own = {"/settings/sessions", "/settings/second-factor", "/settings/display", "/settings/keys", "/password"}

    account = visitor.get("/tasks").text.partition('<details class="jx-account">')[2].partition("</details>")[0]
    others = {path: visitor.get(path).text for path in own}

    assert all(f'href="{path}"' in account for path in (*own, "/identity", "/directory/substitutions"))
    assert all(f'href="{path}"' in page for page in others.values() for path in own)
    assert all(page.count('aria-current="page"') == 1 for page in others.values())


def test_the_keys_of_every_page_that_has_some_can_be_read_without_scripts(app: Flask, office: Office) -> None:
    visitor, judge = signed_in(app, office.bureau.clerk), signed_in(app, office.bureau.department)
    task = the_task(office, project_at(office, "fill_target"), "fill_target")
    project_at(office, "check_target")

    keys = visitor.get("/settings/keys").text

    for path, here in {f"/tasks/{task.id}": visitor, "/reviews": judge, "/cases": judge}.items():
        (window,) = re.findall(r'<dialog class="jx-dialog" id="keys".+?</dialog>', here.get(path).text, re.DOTALL)
        listed = re.findall(r'<dl class="jx-facts">(?:<dt>[^<]+</dt><dd>[^<]+</dd>)+</dl>', window)
        assert len(listed) == (2 if path == "/cases" else 3)
        assert all(each in keys for each in listed)
