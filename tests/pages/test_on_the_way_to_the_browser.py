"""What answers look like on the wire, and what a proxy in front of the pages may say."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask, request
from werkzeug.test import Client

from engine.accounts import keys_from
from engine.clock import SteppingClock, SystemClock
from engine.store import Database
from tests.office import Office
from tests.pages.pages_over import pages_over
from tests.pages.visitor import STRANGER, Visitor
from web.assets import asset
from web.serving import Serving, served
from web.visits import Site
from web.visits.forgery import BEFORE_LOGIN, FIELD

WORD = re.compile(rf'name="{FIELD}" value="(\w+)"')


@pytest.fixture
def site(database: Database) -> Site:
    Office.opened(database)
    return Site(database, keys_from(Fernet.generate_key().decode()), SteppingClock(SystemClock().now()))


@pytest.fixture
def app(site: Site) -> Flask:
    return pages_over(site)


@pytest.fixture
def stranger(app: Flask) -> Iterator[Visitor]:
    return Visitor(app)


def _first_word(visitor: Visitor) -> str:
    found = WORD.search(visitor.get("/login").text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("spoken", "chosen"), [("gzip, deflate", "gzip"), ("gzip, deflate, br", "br")])
def test_pages_and_styles_come_compressed_to_whoever_understands_it(
    stranger: Visitor, spoken: str, chosen: str
) -> None:
    with stranger.app.test_request_context():
        style = asset("tabler.css")

    plain = stranger.get(style)
    packed = stranger.get(style, headers={"Accept-Encoding": spoken})
    page = stranger.get("/login", headers={"Accept-Encoding": spoken})

    assert page.headers["Content-Encoding"] == packed.headers["Content-Encoding"] == chosen
    assert len(packed.data) * 5 < len(plain.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "immutable" in packed.headers["Cache-Control"]


def test_what_a_browser_has_already_is_not_sent_again(stranger: Visitor) -> None:
    with stranger.app.test_request_context():
        style = asset("jx.css")
    spoken = {"Accept-Encoding": "gzip"}

    known = stranger.get(style, headers=spoken).headers["ETag"]

    assert stranger.get(style, headers={**spoken, "If-None-Match": known}).status_code == 304


def test_the_word_of_a_form_looks_different_on_every_page_and_each_is_good(stranger: Visitor) -> None:
    words = [_first_word(stranger), _first_word(stranger)]

    answers = [stranger.client.post("/login", data={FIELD: word, "jurisdiction": "nowhere"}) for word in words]

    assert words[0] != words[1]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert "请先选择地区" in answers[0].text


@pytest.mark.parametrize("made_up", ["", "00", "zz", "词", "0" * 96, "\x00", "f" * 4000])
def test_a_word_that_was_made_up_opens_nothing(stranger: Visitor, made_up: str) -> None:
    answer = stranger.client.post("/login", data={FIELD: made_up, "jurisdiction": "huaxi"})

    assert answer.status_code == 403


def test_a_word_of_somebody_else_opens_nothing(app: Flask, stranger: Visitor) -> None:
    other = Visitor(app)
    other.client.set_cookie(BEFORE_LOGIN, STRANGER + "-too")

    answer = other.client.post("/login", data={FIELD: _first_word(stranger), "jurisdiction": "huaxi"})

    assert answer.status_code == 403


def _address_seen(site: Site, serving: Serving, told: dict[str, str]) -> str | None:
    """The address the application sees of a browser at 203.0.113.9, which the server's socket calls 127.0.0.1."""
    app, seen = served(site, serving), []
    app.before_request(lambda: seen.append(request.remote_addr))
    Client(app).get("/login", headers=told, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    return seen[0]


def test_behind_a_proxy_an_address_is_the_one_the_proxy_saw(site: Site) -> None:
    told: dict[str, Any] = {"X-Forwarded-For": "10.9.9.9, 203.0.113.9", "X-Forwarded-Proto": "https"}

    assert _address_seen(site, Serving(secure=True), told) == "203.0.113.9"


def test_without_a_proxy_nobody_chooses_their_own_address(site: Site) -> None:
    assert _address_seen(site, Serving(), {"X-Forwarded-For": "203.0.113.9"}) == "127.0.0.1"
