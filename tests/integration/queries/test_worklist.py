"""我的待办: mine, the most pressing first."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, text, update

from engine.cases import Case
from engine.commands.start_case import Line
from engine.commands.suspend import suspend
from engine.directory import Actor, Unit
from engine.queries.cursor import CursorRefused
from engine.queries.desks import Due, Status, WorkFilters
from engine.queries.scope import Seat
from engine.queries.suspended_work import suspended_work
from engine.queries.worklist import COUNTED, WorkPage, worklist
from engine.store import Database
from engine.tasks import Task
from engine.words import Role
from tests.factories import START, Bureau, case_of, person_in
from tests.integration.queries.plans import asked_by
from tests.office import Office

TODAY = date(2022, 3, 10)
UPGRADE = import_module("engine.store.migrations.versions.0031_papers_to_mend")


@pytest.fixture
def office(database: Database, bureau: Bureau) -> Actor:
    return bureau.office


def given_tasks(database: Database, bureau: Bureau, *tasks: dict[str, Any]) -> None:
    """Tasks of the performance office, one a case: amount in 万元, due day, and whatever else a test names."""
    with database.transaction("huaxi") as session:
        for number, task in enumerate(tasks, start=1):
            amount = Decimal(task.pop("amount", "1"))
            lines = [Line("财政拨款", amount)]
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
                "amount_wan": amount,
            }
            session.execute(update(Task).where(Task.case_id == case.id).values(due_on=None))  # its own first step
            session.execute(insert(Task), row | task)


@pytest.fixture
def office_at_work(database: Database) -> Office:
    return Office.opened(database)


def listed(database: Database, actor: Actor, *, on: date = TODAY, **page: Any) -> WorkPage:
    with database.transaction("huaxi") as session:
        return worklist(session, actor, on=on, **page)


def reviews(page: WorkPage) -> list[str]:
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

    parts = [listed(database, office, limit=2)]
    while parts[-1].next:
        parts.append(listed(database, office, limit=2, after=parts[-1].next))

    assert [item.task_id for part in parts for item in part.items] == [item.task_id for item in whole.items]
    assert {part.total for part in parts} == {len(whole.items)}


def test_a_page_behind_the_end_is_empty_and_still_says_how_many_there_are(
    database: Database, bureau: Bureau, office: Actor
) -> None:
    given_tasks(database, bureau, {}, {"due_on": TODAY})
    whole = listed(database, office, limit=1)
    with database.transaction("huaxi") as session:
        session.execute(update(Task).where(Task.id != whole.items[0].task_id).values(state="closed"))

    page = listed(database, office, limit=1, after=whole.next)

    assert (page.items, page.next, page.total) == ((), None, whole.total)


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
    given_tasks(database, bureau, *({"due_on": TODAY} for _ in range(8)))

    sent = asked_by(database, lambda session: worklist(session, office, on=TODAY))

    assert listed(database, office).total >= 8
    assert len(sent) == 2  # the counts, the lines
    assert Case.__tablename__ in sent[1][0]


def test_filters_leave_what_was_asked_for(database: Database, bureau: Bureau, office: Actor) -> None:
    late, today, sunday = TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=3)
    given_tasks(
        database,
        bureau,
        {"due_on": late},
        {"due_on": today, "holder_id": office.person_id},
        {"due_on": sunday, "process": "monitoring", "element": "review_monitoring"},
        {"due_on": sunday + timedelta(days=1)},
        {"round": 2},
    )

    def codes(**filters: Any) -> list[str]:
        page = listed(database, office, filters=WorkFilters(**filters))
        return [item.code for item in page.items if item.element in ("review_target", "review_monitoring")]

    assert codes(due=Due.OVERDUE) == ["示例-1"]
    assert codes(due=Due.TODAY) == ["示例-2"]
    assert codes(due=Due.THIS_WEEK) == ["示例-2", "示例-3"]
    assert "示例-5" in codes(due=Due.NONE)
    assert codes(stage="monitoring") == ["示例-3"]
    assert codes(status=Status.HELD) == ["示例-2"]
    assert "示例-2" not in codes(status=Status.POOL)
    assert codes(unit_id=bureau.agency_id) == []
    assert codes(text="示例-4") == ["示例-4"]
    assert codes(text="SLXM", due=Due.OVERDUE) == ["示例-1"]
    assert codes(text="100%_/") == []


def test_a_paper_that_came_back_is_found_among_the_tasks_of_its_unit(office_at_work: Office) -> None:
    office, clerk = office_at_work, office_at_work.bureau.clerk
    case = office.open_case()
    office.reach(case, "target_filing.review_target")
    office.do(case, "review_target", "returned")

    returned = listed(office.database, clerk, filters=WorkFilters(status=Status.RETURNED))

    assert [(item.case_id, item.round) for item in returned.items] == [(case, 2)]
    assert listed(office.database, office.bureau.head, filters=WorkFilters(status=Status.RETURNED)).total == 0


def test_a_paper_that_goes_on_in_another_version_did_not_come_back(office_at_work: Office) -> None:
    office, lead = office_at_work, office_at_work.bureau.agency
    case = office.open_case()
    office.reach(case, "key_evaluation.finish_evaluation", sampled=True, score="88")

    (mine,) = (item for item in listed(office.database, lead).items if item.case_id == case)
    returned = listed(office.database, lead, filters=WorkFilters(status=Status.RETURNED))

    assert (mine.round, mine.sent_back) == (2, False)
    assert list(returned.items) == []


def test_what_came_back_before_anybody_kept_it_is_found_after_the_upgrade(office_at_work: Office) -> None:
    office, clerk = office_at_work, office_at_work.bureau.clerk
    case = office.open_case()
    office.reach(case, "target_filing.review_target")
    office.do(case, "review_target", "returned")
    with office.transactions() as session:
        session.execute(text("UPDATE tasks SET paper_id = NULL, doubt_rank = 1 WHERE state = 'open'"))

        session.execute(text(UPGRADE.MENDED))

    returned = listed(office.database, clerk, filters=WorkFilters(status=Status.RETURNED))
    assert [item.case_id for item in returned.items] == [case]


def test_a_person_of_several_units_has_one_list(database: Database, bureau: Bureau, office: Actor) -> None:
    given_tasks(database, bureau, {"due_on": TODAY}, {"unit_id": bureau.unit_id, "role": "unit_head", "due_on": TODAY})
    seats = (Seat(bureau.finance_id, office.roles), Seat(bureau.unit_id, frozenset({Role.UNIT_HEAD})))

    page = listed(database, office, seats=seats, filters=WorkFilters(due=Due.TODAY))

    assert sorted(item.code for item in page.items) == ["示例-1", "示例-2"]


def test_what_lies_still_with_its_case_is_listed_apart_and_never_late(office_at_work: Office) -> None:
    office, clerk = office_at_work, office_at_work.bureau.clerk
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    with office.transactions() as session:
        suspend(session, case, reason="示例：资金来源待定", by=office.bureau.office, at=office.now)

    page = listed(office.database, clerk, on=date(2030, 1, 1))
    with office.transactions() as session:
        still = suspended_work(session, clerk)

    assert (page.items, page.total, page.overdue, page.suspended) == ((), 0, 0, 1)
    (line,) = still.lines
    assert (line.item.case_id, line.item.overdue) == (case, False)
    assert (line.since, line.by, line.reason) == (office.now, "王绩效", "示例：资金来源待定")


@pytest.mark.parametrize("spoil", [lambda word: word[:-3], lambda word: "x" + word, lambda word: "翻页" * 2000])
def test_a_word_that_was_altered_leads_nowhere(
    database: Database, bureau: Bureau, office: Actor, spoil: Callable[[str], str]
) -> None:
    given_tasks(database, bureau, {}, {})
    word = listed(database, office, limit=1).next or ""

    with pytest.raises(CursorRefused, match="没有翻页"):
        listed(database, office, limit=1, after=spoil(word))


def test_a_word_of_other_filters_leads_nowhere(database: Database, bureau: Bureau, office: Actor) -> None:
    given_tasks(database, bureau, {}, {})
    word = listed(database, office, limit=1).next

    with pytest.raises(CursorRefused, match="另一组条件"):
        listed(database, office, filters=WorkFilters(due=Due.NONE), after=word)


def test_a_long_list_says_more_than(database: Database, bureau: Bureau, office: Actor) -> None:
    given_tasks(database, bureau, {})
    with database.transaction("huaxi") as session:
        told = {"unit": bureau.finance_id, "many": COUNTED + 1}
        session.execute(
            text(
                "INSERT INTO tasks"
                " (id, jurisdiction, case_id, process, element, role, unit_id, state, round, opened_at)"
                " SELECT gen_random_uuid(), 'huaxi', (SELECT max(id) FROM cases), 'target_filing', 'review_target',"
                " 'performance_office', :unit, 'open', 1, now() FROM generate_series(1, :many)"
            ),
            told,
        )

    page = listed(database, office)

    assert (page.total, page.more) == (COUNTED, True)


def test_what_lies_still_takes_no_place_from_what_is_counted(
    database: Database, bureau: Bureau, office: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = WorkFilters(stage="target_filing")
    given_tasks(database, bureau, *({"due_on": TODAY - timedelta(days=9 - number)} for number in range(7)))
    with database.transaction("huaxi") as session:
        first = [item.case_id for item in worklist(session, office, on=TODAY, filters=ours).items][:3]
        session.execute(update(Case).where(Case.id.in_(first)).values(state="suspended"))
    monkeypatch.setattr("engine.queries.worklist.COUNTED", 4)
    exactly = listed(database, office, filters=ours)
    monkeypatch.setattr("engine.queries.worklist.COUNTED", 2)
    more = listed(database, office, filters=ours)

    assert (exactly.total, exactly.overdue, exactly.suspended) == (4, 4, 3)
    assert not (exactly.more)
    assert not (exactly.more_overdue)
    assert not (exactly.more_suspended)
    assert (more.total, more.overdue, more.suspended) == (2, 2, 2)
    assert more.more
    assert more.more_overdue
    assert more.more_suspended
