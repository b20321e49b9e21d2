"""People with accounts in 花溪, on a database of the whole file; every test has people of its own."""

from itertools import count
from typing import Any

import pyotp
import pytest

from engine.accounts import open_account
from engine.accounts import second_factor as factor
from engine.directory import Person, Unit
from engine.store import Database
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.integration.accounts.somebody import KEYS, NOW, PASSWORD, People, Somebody, WithTelephone

_numbers = count(1)


@pytest.fixture
def people(shared_database: Database) -> People:
    """New people with an account, in the given offices of a unit of their own."""

    def somebody(*roles: Role, must_change: bool = False) -> Somebody:
        with shared_database.transaction("huaxi") as session:
            unit = Unit(jurisdiction="huaxi", name=f"示例单位{next(_numbers)}", kind=UnitKind.UNIT)
            session.add(unit)
            session.flush()
            actor = person_in(session, unit, f"示例{next(_numbers)}", *(roles or [Role.UNIT_CLERK]))
            person = session.get_one(Person, actor.person_id)
            open_account(session, person, PASSWORD, by=None, at=NOW, must_change=must_change)
            return Somebody(shared_database, actor, person.login, address=f"10.0.{actor.person_id}.1")

    return somebody


@pytest.fixture
def somebody(people: People) -> Somebody:
    return people()


@pytest.fixture
def security(people: People) -> Somebody:
    """The 安全管理员."""
    return people(Role.SECURITY_ADMIN)


@pytest.fixture
def system(people: People) -> Somebody:
    """The 系统管理员."""
    return people(Role.SYSTEM_ADMIN)


@pytest.fixture
def telephone(somebody: Somebody) -> WithTelephone:
    """Somebody who switched the second factor on an hour ago."""
    before = somebody.later(hours=-1)
    here = before.is_in()
    with somebody.transaction() as session:
        mine: Any = session.merge(here.sign_in)
        begun = factor.begin(session, mine, issuer="花溪区预算绩效", at=before.at, keys=KEYS)
    with somebody.transaction() as session:
        mine = session.merge(here.sign_in)
        code = pyotp.TOTP(begun.secret).at(before.at)
        codes = factor.confirm(session, mine, code, at=before.at, keys=KEYS)
    return WithTelephone(somebody, begun.secret, codes)
