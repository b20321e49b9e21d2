"""动态口令要求: who must have one can do nothing else until they have, whatever address they type."""

import pyotp
import pytest
from cryptography.fernet import Fernet
from flask import Flask

from engine.accounts import Keys, SignIn, agreed, keys_from, open_account, sign_in_elsewhere
from engine.accounts.accounts import link
from engine.accounts.signing_in import NotSignedIn, SignedIn
from engine.commands.name_substitute import name_substitute
from engine.commands.require_second_factor import RuleStands, require_second_factor
from engine.directory import Actor, Person, Unit
from engine.store import Database
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, sign_in_of, signed_in
from web.visits import Site
from web.visits.site import NAME

PASSWORD = "Ceshi-Mima-2022"
WHY = "示例：等保测评要求"
SETTING_UP = "/settings/second-factor"
CONCERNED = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.BUREAU_LEADER]


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def keys() -> Keys:
    return keys_from(Fernet.generate_key().decode())


@pytest.fixture
def app(database: Database, office: Office, keys: Keys) -> Flask:
    return pages_over(Site(database, keys, office.clock, office.clock))


@pytest.fixture
def security(office: Office) -> Actor:
    return somebody(office, Role.SECURITY_ADMIN, name="示例安全员")


def somebody(office: Office, *roles: Role, name: str = "") -> Actor:
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        actor = person_in(session, unit, name or f"示例{roles[0].label}", *roles)
        person = session.get_one(Person, actor.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
        return actor


def asked_for(office: Office, by: Actor, wanted: bool = True) -> None:
    with office.transactions() as session:
        require_second_factor(session, wanted, reason=WHY, by=by, at=office.now)


def set_up(visitor: Visitor) -> str:
    """Bind a telephone as the pages lead to it; gives the page with the recovery codes."""
    begun = visitor.post(f"{SETTING_UP}/beginning").text
    secret = begun.split('<dd class="jx-secret">')[1].split("<")[0]
    site: Site = visitor.app.extensions[NAME]
    code = pyotp.TOTP(secret).at(site.watch.now())
    return visitor.post(f"{SETTING_UP}/confirmation", {"code": code}).text


def every_page(app: Flask) -> list[str]:
    """Every address without a number in it that is only read, but those of coming in and going out."""
    open_doors = ("/login", "/logout", "/password", SETTING_UP, "/static", "/healthz", "/readyz", "/metrics")
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(open_doors)
        if getattr(app.view_functions[rule.endpoint], "permission", "open") != "open"
    ]


@pytest.mark.parametrize("role", CONCERNED)
def test_who_must_have_one_is_led_to_it_from_every_address(
    app: Flask, office: Office, security: Actor, role: Role
) -> None:
    asked_for(office, security)
    visitor = signed_in(app, somebody(office, role))

    led = {address: visitor.get(address).location for address in every_page(app)}

    assert len(led) > 30
    assert {address for address, location in led.items() if location != SETTING_UP} == set()
    assert visitor.post("/identity", {"unit": "1"}).location == SETTING_UP
    assert visitor.post("/directory/people", {"name": "示例"}).location == SETTING_UP
    page = visitor.get(SETTING_UP)
    assert page.status_code == 200
    assert "请先在这里启用" in page.text


def test_nothing_is_asked_of_anybody_before_the_rule_nor_of_others_after_it(
    app: Flask, office: Office, security: Actor
) -> None:
    admin, officer = somebody(office, Role.SYSTEM_ADMIN), somebody(office, Role.PERFORMANCE_OFFICE)

    assert signed_in(app, admin).get("/directory").status_code == 200
    asked_for(office, security)
    assert signed_in(app, officer).get("/cases").status_code == 200


def test_the_rule_holds_for_those_who_are_in_already(app: Flask, office: Office, security: Actor) -> None:
    visitor = signed_in(app, somebody(office, Role.SYSTEM_ADMIN))
    before = visitor.get("/directory").status_code

    asked_for(office, security)

    assert (before, visitor.get("/directory").location) == (200, SETTING_UP)


def test_who_has_set_it_up_goes_on_and_cannot_switch_it_off(app: Flask, office: Office, security: Actor) -> None:
    asked_for(office, security)
    visitor = signed_in(app, somebody(office, Role.SYSTEM_ADMIN))

    codes = set_up(visitor)

    assert "十个恢复码" in codes
    assert visitor.get("/directory").status_code == 200
    refused = visitor.post(f"{SETTING_UP}/removal")
    assert refused.status_code == 422
    assert "没有停用" in refused.text
    assert visitor.get("/directory").status_code == 200


def test_who_comes_by_the_identity_provider_is_exempt(app: Flask, office: Office, security: Actor) -> None:
    admin = somebody(office, Role.SYSTEM_ADMIN)
    asked_for(office, security)
    with office.transactions() as session:
        link(
            session,
            admin.person_id,
            "示例-主体",
            by=somebody(office, Role.SYSTEM_ADMIN, name="示例另一人"),
            at=office.now,
        )
    with office.transactions() as session:
        answer = sign_in_elsewhere(session, "示例-主体", from_address="", agent="", at=office.now)
        assert isinstance(answer, SignedIn)
        answer.sign_in.data = {"elsewhere": True}

    visitor = Visitor(app, f"huaxi.{answer.token}")

    assert visitor.get("/directory").status_code == 200


def test_a_substitute_of_somebody_who_signs_must_have_one_too(app: Flask, office: Office, security: Actor) -> None:
    leader, deputy = somebody(office, Role.BUREAU_LEADER), somebody(office, Role.FINANCE_DIVISION)
    with office.transactions() as session:
        name_substitute(
            session, leader.person_id, deputy.person_id, office.today, office.today, roles=[Role.BUREAU_LEADER],
            by=leader, at=office.now,
        )  # fmt: skip
    asked_for(office, security)
    visitor = signed_in(app, deputy)
    own = visitor.get("/cases").status_code

    visitor.post("/identity", {"unit": str(office.bureau.finance_id), "acting_for": str(leader.person_id)})

    assert (own, visitor.get("/tasks").location) == (200, SETTING_UP)


def test_a_second_person_without_one_cannot_agree(app: Flask, office: Office, security: Actor, keys: Keys) -> None:
    auditor, operator = somebody(office, Role.AUDIT_ADMIN), somebody(office, Role.OPERATOR)
    asked_for(office, security)
    visitor = signed_in(app, operator)
    login = f"示例审计管理员@{office.bureau.finance_id}"

    with office.transactions() as session:
        login = session.get_one(Person, auditor.person_id).login
        mine = session.get_one(SignIn, sign_in_of(app, visitor).id)
        answer = agreed(
            session, mine, login, PASSWORD, "", frozenset({Role.AUDIT_ADMIN}), at=office.now, keys=keys
        )  # fmt: skip

    assert isinstance(answer, NotSignedIn)
    assert "须先启用动态口令" in answer.refusal.message


def test_the_security_administrator_asks_for_it_on_a_page_and_the_journal_says_so(
    app: Flask, office: Office, security: Actor
) -> None:
    somebody(office, Role.SYSTEM_ADMIN)
    visitor = signed_in(app, security)
    page = visitor.get("/directory/sign-in-rules").text

    refused = visitor.post("/directory/sign-in-rules", {"wanted": "yes", "reason": " "})
    answer = visitor.post("/directory/sign-in-rules", {"wanted": "yes", "reason": WHY})

    assert "没有启用" in page
    assert refused.status_code == 422
    assert answer.status_code == 303
    assert visitor.get("/directory/sign-in-rules").location == SETTING_UP
    (event,) = [entry for entry in office.journal(0) if entry.type == "directory.second_factor_required"]
    assert event.payload == {"wanted": True, "reason": WHY}


def test_only_the_security_administrator_says_so_and_only_once(app: Flask, office: Office, security: Actor) -> None:
    other = signed_in(app, somebody(office, Role.SYSTEM_ADMIN))

    assert other.get("/directory/sign-in-rules").status_code == 403
    asked_for(office, security)
    with pytest.raises(RuleStands, match="已经要求"):
        asked_for(office, security)
    asked_for(office, security, wanted=False)
    assert signed_in(app, somebody(office, Role.AUDIT_ADMIN)).get("/audit/records").status_code in (200, 404)
