"""People of a bureau before its pages, by Flask's own client: they send what the page in front of them offers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from engine.accounts import keys_from, open_account
from engine.clock import SteppingClock
from engine.directory import Person, Unit
from engine.store import Database
from engine.words import Role, UnitKind
from tests.factories import bureau_in, person_in
from tests.integration.desk import sound
from tests.office import Office
from tests.pages.pages_over import pages_over
from web.visits import Site

PASSWORD = "Ceshi-Mima-2022"


@dataclass
class Sight:
    """One answer as somebody sees it."""

    answer: TestResponse

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def page(self) -> html.HtmlElement:
        return html.fromstring(self.answer.text)

    @property
    def text(self) -> str:
        """All words of the page, runs of blanks as one."""
        return " ".join(self.page.text_content().split())

    def form(self, action: str) -> html.FormElement:
        """The form whose address has these words in it."""
        return next(form for form in self.page.forms if action in (form.action or ""))

    def links(self) -> list[str]:
        return [str(link) for link in self.page.xpath("//main//a/@href")]


@dataclass
class Reader:
    """One person at a browser that knows no scripts."""

    client: FlaskClient

    def open(self, path: str) -> Sight:
        return Sight(self.client.get(path, follow_redirects=True))

    def status_of(self, path: str) -> int:
        """Whether a file is there."""
        with self.client.get(path) as answer:
            return int(answer.status_code)

    def send(self, form: html.FormElement, button: tuple[str, str] | None = None, **typed: str) -> Sight:
        """Press a button of a form with that typed into its fields; `__` in a name stands for a dot."""
        for name, value in typed.items():
            form.fields[name.replace("__", ".")] = value
        sent = [*form.form_values(), *([button] if button else [])]
        told: dict[str, list[str]] = {}
        for name, value in sent:
            told.setdefault(name, []).append(value)
        return Sight(self.client.post(form.action, data=told, follow_redirects=True))


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def site(database: Database, office: Office) -> Site:
    """The site of the bureau at its time; everybody has an account, a clerk of another unit and 从化 beside it too.

    Sessions do not grow old with the bureau's clock.
    """
    for jurisdiction in ("huaxi", "conghua"):
        with database.transaction(jurisdiction) as session:
            bureau = office.bureau if jurisdiction == "huaxi" else bureau_in(session, jurisdiction)
            other = Unit(jurisdiction=jurisdiction, name="示例单位乙", kind=UnitKind.UNIT)
            session.add(other)
            session.flush()
            for actor in (*bureau.everybody(), person_in(session, other, "吴经办", Role.UNIT_CLERK)):
                person = session.get_one(Person, actor.person_id)
                open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
    keys = keys_from(Fernet.generate_key().decode())
    return Site(database, keys, clock=office.clock, watch=SteppingClock(office.now))


Seats = Callable[..., Reader]


@pytest.fixture
def person(site: Site, office: Office, database: Database) -> Seats:
    """Sits somebody of the bureau down, by name, signed in; with `elsewhere` the one of that name in 从化."""
    app = pages_over(site)

    def sit_down(name: str, *, elsewhere: bool = False) -> Reader:
        place = "conghua" if elsewhere else "huaxi"
        with database.transaction(place) as session:
            login = session.query(Person.login).filter(Person.name == name).scalar()
        reader = Reader(app.test_client())
        form = reader.open("/login").form("/login")
        seen = reader.send(form, jurisdiction=place, login=login, password=PASSWORD)
        assert seen.status == 200, seen.text
        assert "退出" in seen.text
        return reader

    return sit_down
