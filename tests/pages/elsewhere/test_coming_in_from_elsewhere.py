"""统一身份认证登录 against a real provider on loopback: who comes in, and what is not believed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.test import TestResponse

from engine.accounts import AccessEntry, close_account, keys_from, link, open_account
from engine.clock import SteppingClock
from engine.directory import Actor, Person, Unit
from engine.store import Database
from engine.words import Access, Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.elsewhere.identity_provider import (
    CLIENT,
    SECRET,
    IdentityProvider,
    another_key,
    listening,
    shared_key,
    told_in,
    where_it_sends,
)
from tests.pages.hands import Hands
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.elsewhere import Provider
from web.visits import Site

REDIRECT = "https://jixiao.example/login/elsewhere/answer"
PASSWORD = "Ceshi-Mima-2022"
START = "/login/elsewhere?place=huaxi&next=/tasks%3Fview%3Ddone"


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return Office.opened(shared_database)


@pytest.fixture
def elsewhere(office: Office) -> Iterator[IdentityProvider]:
    with listening(office.now.timestamp()) as provider:
        yield provider


@pytest.fixture
def watch(office: Office) -> SteppingClock:
    return SteppingClock(office.now)


@pytest.fixture
def site(shared_database: Database, office: Office, watch: SteppingClock, elsewhere: IdentityProvider) -> Site:
    ours = Provider(elsewhere.issuer, CLIENT, SECRET, REDIRECT, ("huaxi",))
    keys = keys_from(Fernet.generate_key().decode())
    return Site(shared_database, keys, office.clock, watch, elsewhere=ours)


@pytest.fixture
def app(site: Site) -> Flask:
    return pages_over(site)


@pytest.fixture
def known(office: Office, elsewhere: IdentityProvider) -> Iterator[Actor]:
    """A clerk whom the provider knows by its subject."""
    with office.transactions() as session:
        actor = _clerk(session, office)
        link(session, actor.person_id, elsewhere.subject, by=None, at=office.now)
    yield actor
    with office.transactions() as session:
        link(session, actor.person_id, None, by=None, at=office.now)


def _clerk(session: Any, office: Office) -> Actor:
    number = session.query(Person).count()
    actor = person_in(session, session.get_one(Unit, office.bureau.unit_id), f"示例{number}", Role.UNIT_CLERK)
    open_account(session, session.get_one(Person, actor.person_id), PASSWORD, by=None, at=office.now, must_change=False)
    return actor


def comes(app: Flask, start: str = START) -> tuple[Visitor, TestResponse]:
    """Somebody presses the button, is sent to the provider and back; the answer of our page."""
    visitor = Visitor(app)
    sent = visitor.get(start)
    assert sent.status_code == 303, sent.text
    return visitor, visitor.get(where_it_sends(sent.location))


def _reasons(office: Office) -> list[str]:
    """Why people were refused, as the access log has it, the last one first."""
    with office.transactions() as session:
        lines = session.query(AccessEntry).filter(AccessEntry.what == Access.REFUSED).order_by(AccessEntry.id.desc())
        return [line.facts.get("why", "") for line in lines]


# ── back to what was typed ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sent_late(app: Flask, known: Actor, watch: SteppingClock, elsewhere: IdentityProvider) -> Hands:
    """The page before somebody known at the provider who sent a form after their session had ended."""
    hands = Hands(app.test_client())
    hands.client.set_cookie("jx_session", signed_in(app, known).cookie)
    hands.open("/views?due=overdue").type("name", "写了半天的名称")
    watch.move_to(watch.now() + timedelta(minutes=31))
    elsewhere.now = watch.now().timestamp()
    return hands.press("存为视图")


def _at_another_window(hands: Hands) -> None:
    """They sign in by the provider; the page they had before them stays."""
    sent = hands.client.get(START)
    assert hands.client.get(where_it_sends(sent.location)).status_code == 303


def test_what_was_sent_too_late_is_gone_on_with_after_coming_in_at_another_window(sent_late: Hands) -> None:
    told = sent_late.text()

    _at_another_window(sent_late)
    sent_late.press("已在新窗口登录，继续")
    asked = sent_late.heading()
    sent_late.press("继续办理")

    assert "刚才填写的内容接着办" in told
    assert asked == "已登录，刚才的内容还没有办理"
    assert "写了半天的名称" in sent_late.open("/tasks").text()


def test_before_one_has_come_in_there_it_stays_on_the_page_and_for_somebody_else_it_is_gone(
    app: Flask, office: Office, sent_late: Hands, elsewhere: IdentityProvider, known: Actor
) -> None:
    sent_late.press("已在新窗口登录，继续")
    still = sent_late.status, sent_late.said(), sent_late.button("已在新窗口登录，继续") is not None
    with office.transactions() as session:
        link(session, known.person_id, None, by=None, at=office.now)
        stranger = _clerk(session, office)
        link(session, stranger.person_id, elsewhere.subject, by=None, at=office.now)

    _at_another_window(sent_late)
    sent_late.press("已在新窗口登录，继续")
    with office.transactions() as session:
        link(session, stranger.person_id, None, by=None, at=office.now)

    assert still == (401, "还没有登录，填写的内容还在本页。请先登录，再继续办理。", True)
    assert sent_late.path == "/tasks"
    assert "写了半天" not in sent_late.text()


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_registered_comes_in_to_the_page_asked_for_with_a_session_of_their_own(app: Flask, known: Actor) -> None:
    visitor, answer = comes(app)

    assert (answer.status_code, answer.location) == (303, "/tasks?view=done")
    assert "jx_session=huaxi." in str(answer.headers.getlist("Set-Cookie"))
    assert known.name in visitor.get("/tasks").text


def test_the_way_there_carries_state_nonce_and_a_challenge_and_never_the_secret(app: Flask, known: Actor) -> None:
    sent = Visitor(app).get(START)
    told = told_in(sent.location)

    assert told["response_type"] == "code"
    assert (told["code_challenge_method"], told["redirect_uri"], told["client_id"]) == ("S256", REDIRECT, CLIENT)
    assert min(len(told[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert SECRET not in sent.location + str(sent.headers)
    assert "HttpOnly" in sent.headers["Set-Cookie"]
    assert told["state"] not in sent.headers["Set-Cookie"]


def test_the_button_stands_only_where_a_provider_is_set(site: Site, app: Flask) -> None:
    without = pages_over(replace(site, elsewhere=None))

    assert "统一身份认证登录" in Visitor(app).get("/login").text
    assert "统一身份认证" not in Visitor(without).get("/login").text
    assert Visitor(without).get(START).status_code == 404
    assert Visitor(app).get("/login/elsewhere?place=conghua").status_code == 404


def test_a_session_that_was_there_before_is_not_the_one_somebody_comes_in_with(app: Flask, known: Actor) -> None:
    fixed = signed_in(app, known)
    before = fixed.cookie
    sent = fixed.get(START)

    answer = fixed.get(where_it_sends(sent.location))

    assert before not in str(answer.headers.getlist("Set-Cookie"))
    assert answer.status_code == 303
    assert Visitor(app, before).get("/").location.startswith("/login")


def test_what_takes_the_password_again_is_not_proven_by_the_provider(app: Flask, known: Actor) -> None:
    visitor, _ = comes(app)

    assert 'name="password"' in visitor.get("/settings/second-factor").text


def test_who_leaves_is_told_that_the_provider_may_still_know_them(app: Flask, known: Actor) -> None:
    visitor, _ = comes(app)
    page = visitor.get("/tasks").text
    word = page.partition('name="_word" value="')[2].partition('"')[0]

    left = visitor.client.post("/logout", data={"_word": word})
    told = visitor.get(left.location).text
    onward = visitor.get("/login/elsewhere/leaving").location

    assert left.location == "/login?left=elsewhere"
    assert "/login/elsewhere/leaving" in told
    assert "/end?client_id=jixiao-test&post_logout_redirect_uri=https%3A%2F%2Fjixiao.example%2Flogin" in onward
    assert visitor.get("/tasks").location.startswith("/login")


# ── who is nobody here ───────────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_no_account_here_is_told_so_and_by_whom_it_is_mended(app: Flask, office: Office) -> None:
    visitor, answer = comes(app)

    assert "还没有登记到本系统的账号，不能登录。请系统管理员登记" in answer.text
    assert "jx_session" not in str(answer.headers)
    assert visitor.get("/tasks").location.startswith("/login")


def test_a_closed_account_opens_nothing(app: Flask, office: Office, known: Actor) -> None:
    with office.transactions() as session:
        close_account(session, known.person_id, by=None, at=office.now)

    _, answer = comes(app)

    assert "这个账号已停用" in answer.text


def test_a_login_is_believed_only_where_the_installation_says_so_and_nobody_else_is_registered(
    site: Site, office: Office, elsewhere: IdentityProvider
) -> None:
    with office.transactions() as session:
        actor = _clerk(session, office)
        taken = _clerk(session, office)
        link(session, taken.person_id, "another-subject", by=None, at=office.now)
    ours = site.elsewhere
    assert ours is not None
    by_login = pages_over(replace(site, elsewhere=replace(ours, login_claim="preferred_username")))

    elsewhere.claims = {"preferred_username": f"{actor.name}@{actor.unit_id}"}
    _, believed = comes(by_login)
    _, not_asked_for = comes(pages_over(site))
    elsewhere.claims = {"preferred_username": f"{taken.name}@{taken.unit_id}"}
    _, registered_to_another = comes(by_login)

    assert believed.status_code == 303
    assert "还没有登记" in not_asked_for.text
    assert "还没有登记" in registered_to_another.text


def test_the_system_administrator_registers_the_subject_and_nobody_elses(
    app: Flask, office: Office, elsewhere: IdentityProvider
) -> None:
    with office.transactions() as session:
        first, second = _clerk(session, office), _clerk(session, office)
        unit = session.get_one(Unit, office.bureau.finance_id)
        administrator = person_in(session, unit, f"系统{first.person_id}", Role.SYSTEM_ADMIN)
    system = signed_in(app, administrator)

    registered = system.post(f"/directory/people/{first.person_id}/subject", {"subject": elsewhere.subject})
    taken = system.post(f"/directory/people/{second.person_id}/subject", {"subject": elsewhere.subject})
    cut_off = system.post(f"/directory/people/{first.person_id}/subject", {"subject": "s" * 201})
    _, answer = comes(app)
    removed = system.post(f"/directory/people/{first.person_id}/subject", {"subject": ""})

    assert registered.status_code == removed.status_code == 303
    assert (taken.status_code, cut_off.status_code) == (409, 422)
    assert answer.status_code == 303
    assert elsewhere.subject not in system.get(f"/directory/people/{first.person_id}").text


# ── what is not believed ─────────────────────────────────────────────────────────────────────────────────────────────


WRONG: dict[str, Callable[[IdentityProvider], None]] = {
    "another issuer": lambda p: p.claims.update(iss="https://elsewhere.example"),
    "another audience": lambda p: p.claims.update(aud="another-client"),
    "several audiences, made out to another": lambda p: p.claims.update(aud=[CLIENT, "other"], azp="other"),
    "another nonce": lambda p: p.claims.update(nonce="replayed"),
    "no nonce": lambda p: p.claims.update(nonce=None),
    "over": lambda p: p.claims.update(exp=int(p.now) - 120),
    "no end": lambda p: p.claims.update(exp=None),
    "issued in the future": lambda p: p.claims.update(iat=int(p.now) + 3600),
    "no subject": lambda p: p.claims.update(sub=None),
    "an access token of another": lambda p: p.claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a key nobody knows": lambda p: setattr(p, "signs_with", another_key()),
    "the issuer of the metadata": lambda p: p.metadata.update(issuer="https://elsewhere.example"),
    "the issuer of the answer": lambda p: p.answer.update(iss="https://elsewhere.example"),
    "another state": lambda p: p.answer.update(state="guessed"),
}


REASONS = {
    "another issuer": "'iss'",
    "another audience": "'aud'",
    "several audiences, made out to another": "'azp'",
    "another nonce": "'nonce'",
    "no nonce": "'nonce'",
    "over": "expired",
    "no end": "'exp'",
    "issued in the future": "future",
    "no subject": "'sub'",
    "an access token of another": "'at_hash'",
    "a key nobody knows": "BadSignature",
    "the issuer of the metadata": "issuer of the metadata",
    "the issuer of the answer": "iss of the answer",
    "another state": "state",
}
"""Which check has to have found it, as the access log tells."""


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_hold_opens_nothing_and_is_told_to_the_log(
    app: Flask, office: Office, elsewhere: IdentityProvider, known: Actor, what: str
) -> None:
    sent = Visitor(app)
    begun = sent.get(START)
    back = where_it_sends(begun.location)
    WRONG[what](elsewhere)
    back = _as_the_provider_would_now(elsewhere, back)

    answer = sent.get(back)

    assert answer.status_code == 403
    assert "没有登录" in answer.text
    assert "jx_session" not in str(answer.headers)
    assert REASONS[what] in _reasons(office)[0]


def _as_the_provider_would_now(elsewhere: IdentityProvider, back: str) -> str:
    """The answer with what was made wrong in it since."""
    told = told_in(back) | elsewhere.answer
    return "/login/elsewhere/answer?" + "&".join(f"{name}={value}" for name, value in told.items())


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_signed_with_what_we_know_ourselves_or_not_at_all_opens_nothing(
    app: Flask, elsewhere: IdentityProvider, known: Actor, algorithm: str
) -> None:
    elsewhere.algorithm, elsewhere.signs_with = algorithm, shared_key()

    _, answer = comes(app)

    assert answer.status_code == 403


def test_an_answer_is_taken_once(app: Flask, known: Actor) -> None:
    visitor = Visitor(app)
    sent = visitor.get(START)
    cookie = sent.headers["Set-Cookie"].partition("jx_elsewhere=")[2].partition(";")[0]
    back = where_it_sends(sent.location)
    first = visitor.get(back)

    visitor.client.set_cookie("jx_elsewhere", cookie, path="/login/elsewhere")
    again = visitor.get(back)

    assert first.status_code == 303
    assert again.status_code == 403
    assert "已经用过" in again.text


def test_an_answer_in_another_browser_or_after_ten_minutes_is_not_believed(
    app: Flask, watch: SteppingClock, known: Actor
) -> None:
    visitor = Visitor(app)
    back = where_it_sends(visitor.get(START).location)

    elsewhere_opened = Visitor(app).get(back)
    watch.move_to(watch.now() + timedelta(minutes=11))
    late = visitor.get(back)

    assert (elsewhere_opened.status_code, late.status_code) == (403, 403)
    assert "从登录页重新开始" in late.text


def test_a_provider_that_does_not_answer_is_said_to_and_the_password_still_opens(
    app: Flask, elsewhere: IdentityProvider, known: Actor
) -> None:
    elsewhere.status = 500

    answer = Visitor(app).get(START)
    told = {"jurisdiction": "huaxi", "login": f"{known.name}@{known.unit_id}", "password": PASSWORD}

    assert answer.status_code == 503
    assert "没有应答" in answer.text
    assert Visitor(app).post("/login", told).status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"jwks_uri": None}, {"token_endpoint": "file:///etc/passwd"}, {"jwks_uri": "http://other.example/keys"}]
)
def test_metadata_that_leads_astray_is_not_followed(
    app: Flask, elsewhere: IdentityProvider, known: Actor, wrong: dict[str, Any]
) -> None:
    elsewhere.metadata = wrong

    _, answer = comes(app)

    assert answer.status_code == 503


@pytest.mark.parametrize("query", ["", "?state=%00&code=%ff", "?error=access_denied&state=x", "?code=" + "x" * 5000])
def test_an_answer_to_nothing_is_a_sentence(app: Flask, query: str) -> None:
    answer = Visitor(app).get(f"/login/elsewhere/answer{query}")

    assert answer.status_code == 403
    assert "从登录页重新开始" in answer.text
