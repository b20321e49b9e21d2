"""Since when a task lies in somebody's hands, as the colleagues of that office may know."""

from datetime import timedelta
from uuid import UUID

import pytest

from engine.commands.claim import claim
from engine.commands.transfer import transfer
from engine.directory import Actor, Unit
from engine.queries.handing_over import Taken, in_hand_since
from engine.words import Role
from tests.factories import person_in
from tests.office import Office


@pytest.fixture
def colleague(office: Office) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)


@pytest.fixture
def task(office: Office) -> UUID:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return office.tasks(case)[0].id


def test_a_task_nobody_took_is_in_nobodys_hands(office: Office, task: UUID) -> None:
    with office.transactions() as session:
        assert in_hand_since(session, office.bureau.clerk, task) is None


def test_it_is_in_the_hands_of_who_took_it_last(office: Office, colleague: Actor, task: UUID) -> None:
    clerk, taken, handed_on = office.bureau.clerk, office.now, office.now + timedelta(hours=2)
    with office.transactions() as session:
        claim(session, task, by=clerk, at=taken)
        first = in_hand_since(session, colleague, task)
        transfer(session, task, colleague.person_id, reason="示例：外出", by=clerk, at=handed_on)
        then = in_hand_since(session, clerk, task)

    assert (first, then) == (Taken(taken, None), Taken(handed_on, "李经办"))


def test_other_offices_and_units_do_not_hear_of_it(office: Office, task: UUID) -> None:
    with office.transactions() as session:
        claim(session, task, by=office.bureau.clerk, at=office.now)
        heard = [in_hand_since(session, other, task) for other in (office.bureau.head, office.bureau.department)]

    assert heard == [None, None]
