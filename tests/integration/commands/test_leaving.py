"""离任: what somebody held goes to the colleague chosen for that office, and only to one who holds it."""

from collections.abc import Callable
from itertools import count

import pytest
from sqlalchemy import select

from engine.accounts import open_account
from engine.audit import Entry
from engine.commands import claim, stop_person
from engine.directory import Actor, Person, Unit
from engine.moves.leaving import Heir
from engine.moves.receipts import Receipt
from engine.tasks import Task
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import project_at, the_task
from tests.integration.refusals import refused
from tests.office import Office

_numbers = count(1)
Somebody = Callable[..., Actor]


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def somebody(office: Office) -> Somebody:
    """New people of the example unit, in the given offices."""

    def new(*roles: Role) -> Actor:
        with office.transactions() as session:
            unit = session.get_one(Unit, office.bureau.unit_id)
            return person_in(session, unit, f"示例离任{next(_numbers)}", *roles)

    return new


@pytest.fixture
def system(office: Office) -> Actor:
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        return person_in(session, unit, f"示例系统管理员{next(_numbers)}", Role.SYSTEM_ADMIN)


def _do(office: Office, command: Callable[..., Receipt], *args: object, by: Actor, **how: object) -> Receipt:
    with office.transactions() as session:
        return command(session, *args, by=by, at=office.now, **how)


def test_what_somebody_held_goes_to_the_colleague_chosen_for_that_office_and_the_rest_into_the_pool(
    office: Office, system: Actor, somebody: Somebody
) -> None:
    leaving, heir = _with_account(office, somebody(Role.UNIT_CLERK, Role.UNIT_HEAD)), somebody(Role.UNIT_CLERK)
    filling = the_task(office, project_at(office, "fill_target"), "fill_target").id
    confirming = the_task(office, project_at(office, "confirm_target"), "confirm_target").id
    for task in (filling, confirming):
        _do(office, claim, task, by=leaving)
    chosen = Heir(office.bureau.unit_id, Role.UNIT_CLERK, heir.person_id)

    receipt = _do(office, stop_person, leaving.person_id, heirs=[chosen], by=system)

    assert receipt.gave == {"given_back": 1, "handed_over": 1}
    with office.transactions() as session:
        assert session.get_one(Task, filling).holder_id == heir.person_id
        assert session.get_one(Task, confirming).holder_id is None
        told = session.scalars(select(Entry).where(Entry.type == "task.transferred").order_by(Entry.id.desc())).first()
        assert told is not None
        assert (told.payload["to"], told.payload["reason"]) == (heir.person_id, f"{leaving.name}停用")


def test_work_goes_only_to_somebody_else_of_the_same_office(office: Office, system: Actor, somebody: Somebody) -> None:
    leaving, head = _with_account(office, somebody(Role.UNIT_CLERK)), somebody(Role.UNIT_HEAD)
    task = the_task(office, project_at(office, "fill_target"), "fill_target").id
    _do(office, claim, task, by=leaving)
    unit = office.bureau.unit_id

    for heirs in (
        [Heir(unit, Role.UNIT_CLERK, head.person_id)],
        [Heir(unit, Role.UNIT_CLERK, leaving.person_id)],
        [Heir(unit, Role.UNIT_CLERK, -1)],
        [Heir(unit, Role.UNIT_HEAD, head.person_id), Heir(unit, Role.UNIT_HEAD, office.bureau.head.person_id)],
    ):
        with refused(office.database, "directory.heir_refused"):
            _do(office, stop_person, leaving.person_id, heirs=heirs, by=system)


def _with_account(office: Office, person: Actor) -> Actor:
    with office.transactions() as session:
        found = session.get_one(Person, person.person_id)
        open_account(session, found, "石桥马灯秋雨晚风竹林石径", by=None, at=office.now)
    return person
