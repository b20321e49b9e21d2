"""组织与人员: who is put on the list, who gives whom which office, and what becomes of the work of who leaves."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select, text

from engine.accounts import open_account
from engine.audit import Entry
from engine.commands import (
    add_person,
    add_unit,
    appoint,
    begin_administration,
    claim,
    complete_task,
    dismiss,
    name_substitute,
    revoke_substitute,
    save_draft,
    stop_person,
)
from engine.directory import Actor, Appointment, Person, Unit, seats_of
from engine.errors import EngineError
from engine.moves.receipts import Receipt
from engine.store import Database
from engine.tasks import Draft, Task
from engine.words import Role, UnitKind
from tests.factories import Bureau, person_in
from tests.integration.desk import prepared, project_at, the_task
from tests.integration.refusals import refused
from tests.office import Office

_numbers = count(1)
Somebody = Callable[..., Actor]


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture(scope="module")
def keepers(shared_database: Database, shared_bureau: Bureau) -> dict[Role, Actor]:
    """The three administrators, in the finance bureau, and a second one for security."""
    with shared_database.transaction("huaxi") as session:
        unit = session.get_one(Unit, shared_bureau.finance_id)
        roles = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
        return {role: person_in(session, unit, role.label, role) for role in roles}


@pytest.fixture
def system(keepers: dict[Role, Actor]) -> Actor:
    return keepers[Role.SYSTEM_ADMIN]


@pytest.fixture
def security(keepers: dict[Role, Actor]) -> Actor:
    return keepers[Role.SECURITY_ADMIN]


@pytest.fixture
def somebody(office: Office) -> Somebody:
    """New people of the example unit, in the given offices."""

    def new(*roles: Role) -> Actor:
        with office.transactions() as session:
            unit = session.get_one(Unit, office.bureau.unit_id)
            return person_in(session, unit, f"示例{next(_numbers)}", *roles)

    return new


def _do(office: Office, command: Callable[..., Receipt], *args: object, by: Actor, **how: object) -> Receipt:
    with office.transactions() as session:
        return command(session, *args, by=by, at=office.now, **how)


def _holds(office: Office, person: Actor) -> set[Role]:
    with office.transactions() as session:
        return {role for seat in seats_of(session, person.person_id) for role in seat.roles}


# ── units and people ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_system_administrator_puts_units_and_people_on_the_list_and_the_journal_tells_it(
    office: Office, system: Actor
) -> None:
    unit = _do(office, add_unit, "示例新学校", UnitKind.UNIT, office.bureau.department_id, by=system)
    person = _do(office, add_person, "chen.xinlai", "陈新来", by=system)

    with office.transactions() as session:
        assert session.get_one(Unit, unit.gave["unit"]).department_id == office.bureau.department_id
        assert session.get_one(Person, person.gave["person"]).name == "陈新来"
    assert [event.name for event in (*unit.events, *person.events)] == [
        "directory.unit_added",
        "directory.person_added",
    ]


def test_what_is_on_the_list_is_not_put_there_again(office: Office, system: Actor) -> None:
    _do(office, add_unit, "示例重名单位", UnitKind.UNIT, by=system)
    _do(office, add_person, "chongming", "重名", by=system)

    with refused(office.database, "directory.unit_exists"):
        _do(office, add_unit, "示例重名单位", UnitKind.AGENCY, by=system)
    with refused(office.database, "directory.login_taken"):
        _do(office, add_person, "chongming", "另一位", by=system)


@pytest.mark.parametrize("name", ["", "  ", "李 ", "\u200b", "李\n四", "李" * 101, "李\x00"])
def test_a_name_nobody_can_read_is_refused(office: Office, system: Actor, name: str) -> None:
    for command, args in ((add_unit, (name, "unit")), (add_person, (name, "李四")), (add_person, ("lisi", name))):
        with refused(office.database, "directory.name_refused"):
            _do(office, command, *args, by=system)


@pytest.mark.parametrize("name", ["李", "阿依古丽·买买提", "𠮷田"])
def test_every_name_people_have_is_taken(office: Office, system: Actor, name: str) -> None:
    receipt = _do(office, add_person, f"{name}{next(_numbers)}", name, by=system)

    assert receipt.gave["person"]


def test_a_unit_of_no_kind_or_under_what_is_no_department_is_refused(office: Office, system: Actor) -> None:
    with refused(office.database, "directory.unit_refused"):
        _do(office, add_unit, "示例单位丙", "castle", by=system)
    with refused(office.database, "directory.unit_refused"):
        _do(office, add_unit, "示例单位丙", "unit", office.bureau.finance_id, by=system)
    with refused(office.database, "directory.no_unit"):
        _do(office, add_unit, "示例单位丙", "unit", 10**6, by=system)


def test_nobody_else_puts_anybody_on_the_list(office: Office, security: Actor) -> None:
    for by in (security, office.bureau.office):
        with refused(office.database, "directory.wrong_office"):
            _do(office, add_unit, "示例单位丁", "unit", by=by)
        with refused(office.database, "directory.wrong_office"):
            _do(office, add_person, "ding", "丁", by=by)
        with refused(office.database, "directory.wrong_office"):
            _do(office, stop_person, office.bureau.clerk.person_id, by=by)


# ── offices ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_security_administrator_gives_and_takes_offices_and_the_journal_tells_it(
    office: Office, security: Actor, somebody: Somebody
) -> None:
    person, unit = somebody(), office.bureau.unit_id

    given = _do(office, appoint, person.person_id, unit, Role.UNIT_CLERK, by=security)
    assert _holds(office, person) == {Role.UNIT_CLERK}
    taken = _do(office, dismiss, person.person_id, unit, Role.UNIT_CLERK, reason="示例：轮岗", by=security)

    assert _holds(office, person) == set()
    assert [event.name for event in (*given.events, *taken.events)] == ["directory.appointed", "directory.dismissed"]
    assert taken.events[0].facts["reason"] == "示例：轮岗"


def test_nobody_else_gives_or_takes_an_office(office: Office, system: Actor, somebody: Somebody) -> None:
    person = somebody(Role.UNIT_CLERK).person_id

    for by in (system, office.bureau.office):
        with refused(office.database, "directory.wrong_office"):
            _do(office, appoint, person, office.bureau.unit_id, Role.UNIT_HEAD, by=by)
        with refused(office.database, "directory.wrong_office"):
            _do(office, dismiss, person, office.bureau.unit_id, Role.UNIT_CLERK, by=by)


def test_nobody_gives_himself_an_office_and_no_substitute_gives_one(office: Office, security: Actor) -> None:
    with refused(office.database, "account.not_for_oneself"):
        _do(office, appoint, security.person_id, office.bureau.finance_id, Role.PERFORMANCE_OFFICE, by=security)
    with refused(office.database, "account.not_for_oneself"):
        _do(office, dismiss, security.person_id, office.bureau.finance_id, Role.SECURITY_ADMIN, by=security)
    with refused(office.database, "permission.not_through_substitute"):
        deputy = replace(office.bureau.clerk, roles=security.roles, acting_for=security.person_id)
        _do(office, appoint, 1, office.bureau.finance_id, Role.PERFORMANCE_OFFICE, by=deputy)


def test_an_office_held_is_not_given_again_and_one_not_held_not_taken(
    office: Office, security: Actor, somebody: Somebody
) -> None:
    person = somebody(Role.UNIT_CLERK).person_id

    with refused(office.database, "directory.already_appointed"):
        _do(office, appoint, person, office.bureau.unit_id, Role.UNIT_CLERK, by=security)
    with refused(office.database, "directory.not_appointed"):
        _do(office, dismiss, person, office.bureau.unit_id, Role.UNIT_HEAD, by=security)


@pytest.mark.parametrize(
    ("unit", "role"),
    [("unit_id", Role.PERFORMANCE_OFFICE), ("department_id", Role.BUREAU_LEADER), ("unit_id", Role.AGENCY),
     ("agency_id", Role.UNIT_CLERK), ("agency_id", Role.SYSTEM_ADMIN), ("unit_id", "king")],
)  # fmt: skip
def test_an_office_the_unit_does_not_have_is_refused(
    office: Office, security: Actor, somebody: Somebody, unit: str, role: str
) -> None:
    person = somebody().person_id

    with refused(office.database, "directory.office_refused"):
        _do(office, appoint, person, getattr(office.bureau, unit), role, by=security)


@pytest.mark.parametrize("number", [-1, 0, 10**6, 2**63, 2**200])
def test_numbers_nobody_has_are_refused_in_words(office: Office, security: Actor, system: Actor, number: int) -> None:
    person = office.bureau.head.person_id

    for command, args, by in (
        (appoint, (number, office.bureau.unit_id, Role.UNIT_CLERK), security),
        (appoint, (person, number, Role.UNIT_CLERK), security),
        (dismiss, (number, number, Role.UNIT_CLERK), security),
        (stop_person, (number,), system),
    ):
        with pytest.raises(EngineError) as caught:
            _do(office, command, *args, by=by)
        assert caught.value.code in ("directory.no_person", "directory.no_unit", "store.not_storable")


def test_the_same_request_gives_one_office_only(office: Office, security: Actor, somebody: Somebody) -> None:
    person = somebody().person_id

    first = _do(office, appoint, person, office.bureau.unit_id, Role.UNIT_CLERK, by=security, key="岗位-1")
    again = _do(office, appoint, person, office.bureau.unit_id, Role.UNIT_CLERK, by=security, key="岗位-1")

    assert (again.repeated, again.gave) == (True, first.gave)


# ── the three administrators ─────────────────────────────────────────────────────────────────────────────────────────

APART = "directory.administrators_apart"


def test_nobody_gets_two_administrators_offices_in_whatever_units(
    office: Office, security: Actor, somebody: Somebody
) -> None:
    person = somebody(Role.AUDIT_ADMIN).person_id

    for unit in (office.bureau.unit_id, office.bureau.finance_id):
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            with refused(office.database, APART):
                _do(office, appoint, person, unit, role, by=security)
    assert _do(office, appoint, person, office.bureau.finance_id, Role.AUDIT_ADMIN, by=security).gave["appointment"]


def test_nobody_gets_a_second_one_through_a_substitution(
    office: Office, security: Actor, system: Actor, somebody: Somebody
) -> None:
    auditor, deputy, today = somebody(Role.AUDIT_ADMIN), somebody(Role.UNIT_CLERK), office.today
    days = (today + timedelta(days=3), today + timedelta(days=9))

    with refused(office.database, APART):
        _do(office, name_substitute, system.person_id, auditor.person_id, *days, roles=system.roles, by=system)
    named = _do(office, name_substitute, system.person_id, deputy.person_id, *days, roles=system.roles, by=system)
    with refused(office.database, APART):
        _do(office, name_substitute, security.person_id, deputy.person_id, *days, roles=security.roles, by=security)
    with refused(office.database, APART):
        _do(office, appoint, deputy.person_id, office.bureau.unit_id, Role.AUDIT_ADMIN, by=security)

    _do(office, revoke_substitute, named.gave["substitution"], by=system)
    _do(office, appoint, deputy.person_id, office.bureau.unit_id, Role.AUDIT_ADMIN, by=security)


def test_of_two_administrators_offices_given_at_once_one_is_refused(
    office: Office, security: Actor, system: Actor, somebody: Somebody
) -> None:
    person, today = somebody(), office.today

    def entrust() -> None:
        _do(office, name_substitute, system.person_id, person.person_id, today, today, roles=system.roles, by=system)

    _second_is_refused(office, security, person, Role.AUDIT_ADMIN, entrust)
    assert _holds(office, person) == {Role.AUDIT_ADMIN}


def test_of_two_offices_given_at_once_by_two_people_one_is_refused(
    office: Office, security: Actor, somebody: Somebody
) -> None:
    person, another = somebody(), somebody(Role.SECURITY_ADMIN)

    def give() -> None:
        _do(office, appoint, person.person_id, office.bureau.finance_id, Role.SYSTEM_ADMIN, by=another)

    _second_is_refused(office, security, person, Role.AUDIT_ADMIN, give)
    assert _holds(office, person) == {Role.AUDIT_ADMIN}


def _second_is_refused(office: Office, security: Actor, person: Actor, role: Role, second: Callable[[], None]) -> None:
    with ThreadPoolExecutor(1) as another:
        with office.transactions() as session:
            appoint(session, person.person_id, office.bureau.unit_id, role, by=security, at=office.now)
            waiting = another.submit(second)
            assert any(_somebody_waits(office) for _ in range(5000))

        with pytest.raises(EngineError) as caught:
            waiting.result()
    assert caught.value.code == APART


def _somebody_waits(office: Office) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with office.database.upkeep() as session:
        return bool(session.scalar(text(waiting)))


def test_the_last_of_an_administrators_office_stays(office: Office, security: Actor, system: Actor) -> None:
    with refused(office.database, "directory.last_administrator"):
        _do(office, dismiss, system.person_id, office.bureau.finance_id, Role.SYSTEM_ADMIN, by=security)


# ── what becomes of the work ─────────────────────────────────────────────────────────────────────────────────────────


def test_who_loses_an_office_gives_its_tasks_back_and_a_colleague_finishes_them(
    office: Office, security: Actor, somebody: Somebody
) -> None:
    leaving, staying = somebody(Role.UNIT_CLERK, Role.UNIT_HEAD), somebody(Role.UNIT_CLERK)
    cases = [project_at(office, "fill_target") for _ in range(2)]
    tasks = [the_task(office, case, "fill_target").id for case in cases]
    for case, task in zip(cases, tasks, strict=True):
        _do(office, claim, task, by=leaving)
        _do(office, save_draft, task, prepared(office, case, "fill_target").outcome.content, by=leaving)

    receipt = _do(office, dismiss, leaving.person_id, office.bureau.unit_id, Role.UNIT_CLERK, by=security)

    assert receipt.gave == {"given_back": 2}
    assert [event.name for event in receipt.events] == ["task.given_back"] * 2 + ["directory.dismissed"]
    with office.transactions() as session:
        assert [session.get_one(Task, task).holder_id for task in tasks] == [None, None]
        assert session.scalars(select(Draft.saved_by).where(Draft.task_id.in_(tasks))).all() == [leaving.person_id] * 2
        told = select(Entry.type).where(Entry.case_id == cases[0]).order_by(Entry.seq.desc()).limit(1)
        assert session.scalar(told) == "task.given_back"
    done = prepared(office, cases[0], "fill_target")
    _do(office, complete_task, done.task_id, done.outcome, by=staying)


def test_a_task_of_another_office_stays_in_hand(office: Office, security: Actor, somebody: Somebody) -> None:
    leaving = somebody(Role.UNIT_CLERK, Role.UNIT_HEAD)
    task = the_task(office, project_at(office, "fill_target"), "fill_target").id
    _do(office, claim, task, by=leaving)

    receipt = _do(office, dismiss, leaving.person_id, office.bureau.unit_id, Role.UNIT_HEAD, by=security)

    assert receipt.gave == {"given_back": 0}
    with office.transactions() as session:
        assert session.get_one(Task, task).holder_id == leaving.person_id


def test_who_is_stopped_comes_in_no_more_and_gives_everything_back(
    office: Office, system: Actor, somebody: Somebody
) -> None:
    leaving = somebody(Role.UNIT_CLERK)
    with office.transactions() as session:
        open_account(
            session, session.get_one(Person, leaving.person_id), "石桥马灯秋雨晚风竹林石径", by=None, at=office.now
        )
    task = the_task(office, project_at(office, "fill_target"), "fill_target").id
    _do(office, claim, task, by=leaving)

    receipt = _do(office, stop_person, leaving.person_id, reason="示例：调离", by=system)

    assert receipt.gave == {"given_back": 1, "handed_over": 0}
    assert receipt.events[-1].facts == {"person": leaving.person_id, "given_back": 1, "reason": "示例：调离"}
    with refused(office.database, "account.wrong_state"):
        _do(office, stop_person, leaving.person_id, by=system)


# ── the first ones ───────────────────────────────────────────────────────────────────────────────────────────────────


def _begin(office: Office, login: str, role: Role, jurisdiction: str = "conghua") -> Receipt:
    with office.database.transaction(jurisdiction) as session:
        return begin_administration(
            session, jurisdiction, login, "示例管理员", role, bureau="示例财政局", at=office.now
        )  # fmt: skip


def test_the_operator_opens_the_first_of_each_administrator_and_no_second(office: Office) -> None:
    first = _begin(office, "xitong", Role.SYSTEM_ADMIN)
    second = _begin(office, "anquan", Role.SECURITY_ADMIN)

    assert [event.name for event in first.events] == [
        "directory.unit_added", "directory.person_added", "directory.appointed",
    ]  # fmt: skip
    assert first.gave["person"] != second.gave["person"]
    with refused(office.database, "directory.administration_stands"):
        _begin(office, "lingyige", Role.SYSTEM_ADMIN)
    with refused(office.database, "directory.administration_stands"):
        _begin(office, "xitong", Role.AUDIT_ADMIN)
    with refused(office.database, "directory.office_refused"):
        _begin(office, "jixiao", Role.PERFORMANCE_OFFICE)


def test_of_two_operators_at_once_one_is_told_that_somebody_is_there(office: Office) -> None:
    with ThreadPoolExecutor(1) as another:
        with office.database.transaction("jianghan") as session:
            begin_administration(
                session, "jianghan", "yi", "示例甲", Role.SYSTEM_ADMIN, bureau="示例财政局", at=office.now
            )  # fmt: skip
            second = another.submit(_begin, office, "er", Role.SYSTEM_ADMIN, "jianghan")
            assert any(_somebody_waits(office) for _ in range(5000))

        with pytest.raises(EngineError) as caught:
            second.result()
    assert caught.value.code == "directory.administration_stands"
    with office.database.transaction("jianghan") as session:
        assert len(session.scalars(select(Appointment)).all()) == 1
