"""Somebody before the pages without a browser: a session begun for them, and the word their forms carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.accounts import SignIn, sessions
from engine.directory import Actor, Person
from web.visits.forgery import BEFORE_LOGIN, FIELD, word
from web.visits.site import NAME, Site
from web.visits.visit import COOKIE

STRANGER = "nobody-yet"


@dataclass
class Visitor:
    """One client with at most one cookie; `cookie` is that of a session, or empty for a stranger."""

    app: Flask
    cookie: str = ""
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.client.set_cookie(COOKIE if self.cookie else BEFORE_LOGIN, self.cookie or STRANGER)

    @cached_property
    def word(self) -> str:
        """What our own pages would put into this visitor's forms."""
        name = COOKIE if self.cookie else BEFORE_LOGIN
        with self.app.test_request_context(headers={"Cookie": f"{name}={self.cookie or STRANGER}"}):
            return word()

    def get(self, path: str, **how: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **how)

    def post(self, path: str, told: Mapping[str, Any] | None = None, **how: Any) -> TestResponse:
        """Send a form of ours."""
        return self.client.post(path, data={FIELD: self.word, **(told or {})}, **how)


def signed_in(app: Flask, actor: Actor, *, must_change: bool = False) -> Visitor:
    """This person with a session of their own, the password just given."""
    site: Site = app.extensions[NAME]
    with site.database.transaction(actor.jurisdiction) as session:
        person = session.get_one(Person, actor.person_id)
        _, token = sessions.begin(
            session, person, from_address="10.0.0.1", agent="示例浏览器", at=site.watch.now(), second_factor=False,
            must_change=must_change,
        )  # fmt: skip
    return Visitor(app, f"{actor.jurisdiction}.{token}")


def sign_in_of(app: Flask, visitor: Visitor) -> SignIn:
    """The session behind a visitor's cookie, as it stands."""
    site: Site = app.extensions[NAME]
    jurisdiction, _, token = visitor.cookie.partition(".")
    with site.database.transaction(jurisdiction) as session:
        found = sessions.session_of(session, token, site.watch.now())
        assert found is not None
        return found[0]
