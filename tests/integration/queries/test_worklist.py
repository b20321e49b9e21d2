"""我的待办: mine, the most pressing first."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from engine.cases import Case
from engine.commands.start_case import Line
from engine.directory import Actor, Role, Unit
from engine.queries.worklist import Page, worklist
from engine.store import Database
from engine.tasks import Task
from tests.factories import START, Bureau, case_of, person_in

TODAY = date(2022, 3, 10)


@pytest.fixture
def office(database: Database, bureau: Bureau) -> Actor:
    return bureau.office


def given_tasks(database: Database, bureau: Bureau, *tasks: dict[str, Any]) -> None:
    """Tasks of the performance office, one a case: amount in 万元, due day, and whatever else a test names."""
    with database.transaction("huaxi") as session:
        for number, task in enumerate(tasks, start=1):
            lines = [Line("财政拨款", Decimal(task.pop("amount", "1")))]
            case = case_of(session, bureau, f"示例-{number}", lines=lines)
            row = {
                "id": uuid4(),
                "jurisdiction": "huaxi",
                "case_id": case.id,
                "process": "target_filing",
                "element": "review_target",
                "role": "performance_office",
                "unit_id": bureau.finance_id,
                "state": "open",
                "round": 1,
                "opened_at": START,
                "due_on": None,
            }
            session.execute(insert(Task), row | task)


def listed(database: Database, actor: Actor, **page: Any) -> Page:
    with database.transaction("huaxi") as session:
        return worklist(session, actor, on=TODAY, **page)


def reviews(page: Page) -> list[str]:
    return [item.code for item in page.items if item.step == "审核绩效目标"]


def test_overdue_first_then_by_due_day_then_by_money_and_without_a_day_last(
    database: Database, bureau: Bureau, office: Actor
) -> None:
    given_tasks(
        database,
        bureau,
        {"amount": "5"},
        {"amount": "5", "due_on": TODAY},
        {"amount": "9", "due_on": TODAY},
        {"amount": "1", "due_on": TODAY - timedelta(days=1)},
        {"amount": "99", "due_on": TODAY + timedelta(days=1)},
    )

    page = listed(database, office)

    assert reviews(page) == ["示例-4", "示例-3", "示例-2", "示例-5", "示例-1"]
    assert page.overdue == 1
    assert [item.overdue for item in page.items][:2] == [True, False]


def test_a_line_tells_what_to_do_for_whom_about_how_much(database: Database, bureau: Bureau, office: Actor) -> None:
    given_tasks(database, bureau, {"amount": "1033.496", "due_on": TODAY, "round": 2})

    (item,) = [item for item in listed(database, office).items if item.due_on]

    assert (item.name, item.stage, item.step) == ("示例项目示例-1", "绩效目标申报", "审核绩效目标")
    assert (item.amount_wan, item.round, item.overdue, item.held) == (Decimal("1033.496"), 2, False, False)


def test_only_tasks_of_my_unit_and_office_that_nobody_else_holds_are_listed(
    database: Database, bureau: Bureau, office: Actor
) -> None:
    given_tasks(
        database,
        bureau,
        {"holder_id": office.person_id},
        {"holder_id": bureau.second_officer.person_id},
        {"role": "finance_division"},
        {"unit_id": bureau.agency_id},
        {"state": "completed"},
    )

    assert reviews(listed(database, office)) == ["示例-1"]


def test_a_substitute_sees_what_the_absent_person_holds(database: Database, bureau: Bureau, office: Actor) -> None:
    given_tasks(database, bureau, {"holder_id": bureau.second_officer.person_id})
    substitute = Actor(
        office.person_id, office.name, "huaxi", office.unit_id, office.roles, acting_for=bureau.second_officer.person_id
    )

    assert reviews(listed(database, substitute)) == ["示例-1"]


def test_a_person_with_two_offices_sees_both(database: Database, bureau: Bureau) -> None:
    with database.transaction("huaxi") as session:
        finance = session.get_one(Unit, bureau.finance_id)
        both = person_in(session, finance, "示例双职", Role.FINANCE_DIVISION, Role.PERFORMANCE_OFFICE)
    given_tasks(database, bureau, {"role": "finance_division"}, {})

    assert sorted(reviews(listed(database, both))) == ["示例-1", "示例-2"]


def test_pages_put_together_are_the_whole_list_once(database: Database, bureau: Bureau, office: Actor) -> None:
    days = [TODAY, None, TODAY, TODAY + timedelta(days=3), None, TODAY - timedelta(days=2), TODAY]
    given_tasks(database, bureau, *({"amount": str(n), "due_on": day} for n, day in enumerate(days, start=1)))
    whole = listed(database, office)

    parts = [listed(database, office, limit=2, offset=offset) for offset in range(0, whole.total, 2)]

    assert [item.task_id for part in parts for item in part.items] == [item.task_id for item in whole.items]
    assert {part.total for part in parts} == {len(whole.items)}


def test_a_page_behind_the_end_is_empty_and_still_says_how_many_there_are(
    database: Database, bureau: Bureau, office: Actor
) -> None:
    given_tasks(database, bureau, {})
    whole = listed(database, office)

    page = listed(database, office, offset=500)

    assert (page.items, page.total) == ((), whole.total)


def test_a_step_outside_the_nine_stages_is_told_in_chinese_too(
    database: Database, bureau: Bureau, office: Actor
) -> None:
    given_tasks(
        database,
        bureau,
        {"process": "rectification_item", "element": "supervise_rectification"},
        {"process": "policy_expiry", "element": "conclude_policy"},
    )

    told = {item.step: item.stage for item in listed(database, office).items}

    assert told["督办处理"] == "单项整改"
    assert told["作出再评估结论"] == "到期政策再评估"


def test_another_jurisdiction_sees_nothing(database: Database, bureau: Bureau, office: Actor) -> None:
    given_tasks(database, bureau, {})

    with database.transaction("conghua") as session:
        assert worklist(session, office, on=TODAY).total == 0


def test_listing_does_not_ask_more_often_for_more_tasks(database: Database, bureau: Bureau, office: Actor) -> None:
    from sqlalchemy import event

    given_tasks(database, bureau, *({"due_on": TODAY} for _ in range(8)))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    page = listed(database, office)

    assert page.total >= 8
    assert len(statements) == 3  # entering the jurisdiction, the counts, the lines
    assert Case.__tablename__ in statements[2]
