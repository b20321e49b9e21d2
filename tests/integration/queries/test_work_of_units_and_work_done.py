"""本单位全部 and 我已办: what lies in a unit, whoever took it, and what somebody has done or had done."""

from datetime import date, timedelta
from typing import Any

import pytest

from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.name_substitute import name_substitute
from engine.commands.suspend import suspend
from engine.directory import acting_as
from engine.queries.case_timeline import case_timeline
from engine.queries.desks import Status, WorkFilters
from engine.queries.done_work import done_work
from engine.queries.unit_work import unit_work
from engine.store import Database
from engine.words import Role
from tests.integration.desk import project_at
from tests.office import Office

TODAY = date(2022, 3, 10)
PAGE = 50


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def ask(office: Office, read: Any, actor: Any, **how: Any) -> Any:
    with office.transactions() as session:
        return read(session, actor, **how)


def test_the_head_sees_the_work_of_the_whole_unit_and_the_clerk_does_not(office: Office) -> None:
    taken, pool, still = (project_at(office, "fill_target") for _ in range(3))
    with office.transactions() as session:
        claim(session, office.tasks(taken)[0].id, by=office.bureau.clerk, at=office.now)
        suspend(session, still, reason="示例：待定", by=office.bureau.office, at=office.now)

    seen = {
        name: ask(office, unit_work, getattr(office.bureau, name), on=office.today).lines
        for name in ("head", "clerk", "agency", "office")
    }
    held = ask(office, unit_work, office.bureau.head, on=office.today, filters=WorkFilters(status=Status.HELD))

    assert {line.case_id for line in seen["head"]} == {taken, pool}
    assert {line.case_id: line.holder for line in seen["head"]}[taken] == "李经办"
    assert (seen["clerk"], seen["agency"], seen["office"]) == ((), (), ())
    assert [line.case_id for line in held.lines] == [taken]


def test_pages_of_a_units_work_put_together_are_all_of_it_once(office: Office) -> None:
    cases = [project_at(office, "fill_target") for _ in range(3)]
    head = office.bureau.head

    first = ask(office, unit_work, head, on=office.today, limit=2)
    second = ask(office, unit_work, head, on=office.today, limit=2, after=first.next)

    assert sorted(line.case_id for line in (*first.lines, *second.lines)) == cases
    assert (len(first.lines), second.next) == (2, None)


def test_who_did_something_finds_it_with_how_it_ended(office: Office) -> None:
    case = project_at(office, "fill_target")
    office.do(case, "fill_target")
    office.do(case, "confirm_target")

    (line,) = [each for each in ask(office, done_work, office.bureau.head).lines if each.item.case_id == case]

    assert (line.item.element, line.by, line.acting_for, line.outcome_label) == (
        "confirm_target", "张负责", None, "报送",
    )  # fmt: skip
    assert [each.item.element for each in ask(office, done_work, office.bureau.clerk).lines] == ["fill_target"]


def test_what_was_done_in_a_case_that_is_over_is_told_by_its_case(office: Office) -> None:
    case = project_at(office, "fill_target")
    office.do(case, "fill_target")
    clerk = office.bureau.clerk
    assert [line.item.case_id for line in ask(office, done_work, clerk).lines] == [case]

    with office.transactions() as session:
        cancel(session, case, reason="示例：项目取消", by=office.bureau.office, at=office.now)

    assert ask(office, done_work, clerk).lines == ()
    with office.transactions() as session:
        assert "submission.filled" in [line.type for line in case_timeline(session, clerk, case)]


def test_what_a_substitute_did_is_done_by_both(office: Office) -> None:
    case = project_at(office, "check_target")
    absent, stand_in = office.bureau.department, office.bureau.second_officer
    with office.transactions() as session:
        name_substitute(
            session, absent.person_id, stand_in.person_id, office.today, office.today + timedelta(days=7),
            roles=[Role.DEPARTMENT], by=absent, at=office.now,
        )  # fmt: skip
        acting = acting_as(session, stand_in, absent.person_id, office.today)

    office.do(case, "check_target", by=acting)

    for actor in (absent, acting):
        (line,) = ask(office, done_work, actor).lines
        assert (line.item.element, line.by, line.acting_for) == ("check_target", "周绩效", "赵主管")


def test_pages_of_what_was_done_are_the_latest_first_and_all_of_it_once(office: Office) -> None:
    cases = [project_at(office, "fill_target") for _ in range(3)]
    for case in cases:
        office.clock.move_to(office.now + timedelta(minutes=1))
        office.do(case, "fill_target")
    clerk = office.bureau.clerk

    first = ask(office, done_work, clerk, limit=2)
    second = ask(office, done_work, clerk, limit=2, after=first.next)

    assert [line.item.case_id for line in (*first.lines, *second.lines)] == cases[::-1]
    assert second.next is None
