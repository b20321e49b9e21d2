"""A bureau with its pages, and people for every office who sit down before them."""

from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from engine.accounts import keys_from, open_account
from engine.directory import Actor, Person, Unit
from engine.stages import Library
from engine.store import Database
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.newer_diagrams import put_in_service
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.visits import Site

PASSWORD = "Ceshi-Mima-2022"
Somebody = Callable[..., Actor]
Before = Callable[..., Visitor]
Deploy = Callable[..., None]
_numbers = count(1)


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def app(database: Database, office: Office) -> Flask:
    return pages_over(Site(database, keys_from(Fernet.generate_key().decode()), office.clock, office.clock))


@pytest.fixture
def somebody(office: Office) -> Somebody:
    """Somebody new with an account, in these offices of the finance bureau."""

    def new(*roles: Role) -> Actor:
        with office.transactions() as session:
            unit = session.get_one(Unit, office.bureau.finance_id)
            actor = person_in(session, unit, f"示例{roles[0].label}{next(_numbers)}", *roles)
            person = session.get_one(Person, actor.person_id)
            open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
            return actor

    return new


@pytest.fixture
def before(app: Flask, somebody: Somebody) -> Before:
    """Somebody new of these offices before the pages."""
    return lambda *roles: signed_in(app, somebody(*roles))


@pytest.fixture
def deploy(office: Office, library: Library) -> Deploy:
    """Puts newer diagrams in service: one text of today's in the place of another."""
    return partial(put_in_service, office, library)
