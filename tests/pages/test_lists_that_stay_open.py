"""我的待办 left open: told that there is more to do, without counting as use."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from engine.accounts import keys_from, open_account
from engine.directory import Actor, Person
from engine.store import Database
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.hands import Hands
from tests.pages.pages_over import pages_over
from web.visits import Site

PASSWORD = "Ceshi-Mima-2022"
BY_A_SCRIPT = {"HX-Request": "true"}
SignsIn = Callable[[Actor], Hands]


@pytest.fixture
def app(database: Database, office: Office) -> Flask:
    """The pages, by a clock that also times the sessions."""
    with office.transactions() as session:
        for actor in office.bureau.everybody():
            person = session.get_one(Person, actor.person_id)
            open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
    return pages_over(Site(database, keys_from(Fernet.generate_key().decode()), office.clock, office.clock))


@pytest.fixture
def signs_in(app: Flask) -> SignsIn:
    return lambda actor: Hands(app.test_client()).sign_in(f"{actor.name}@{actor.unit_id}", PASSWORD)


def known(hands: Hands) -> list[str]:
    """The work the open list says it knows of."""
    return hands.open("/tasks").page.xpath("string(//*[@id='newest']/@data-known)").split()


def asked(hands: Hands) -> list[str]:
    """What a script of the page is answered."""
    return list(hands.client.get("/tasks/newest", headers=BY_A_SCRIPT).json)


def test_an_open_list_learns_of_work_that_came_meanwhile(office: Office, signs_in: SignsIn) -> None:
    project_at(office, "check_target")
    judge = signs_in(office.bureau.department)
    before = known(judge)

    case = project_at(office, "check_target")

    (task,) = office.tasks(case)
    assert set(asked(judge)) - set(before) == {task.id.hex}


def test_nobody_is_told_of_the_work_of_others(office: Office, signs_in: SignsIn) -> None:
    project_at(office, "check_target")

    assert asked(signs_in(office.bureau.department)) != []
    assert asked(signs_in(office.bureau.clerk)) == []


def test_asking_for_news_does_not_keep_a_session_alive(office: Office, signs_in: SignsIn) -> None:
    left, used = signs_in(office.bureau.clerk), signs_in(office.bureau.department)
    office.clock.move_to(office.now + timedelta(minutes=25))
    asked(left)
    used.open("/tasks")

    office.clock.move_to(office.now + timedelta(minutes=10))

    assert left.client.get("/tasks/newest", headers=BY_A_SCRIPT).status_code == 401
    assert left.client.get("/tasks").location.startswith("/login")
    assert used.client.get("/tasks").status_code == 200
