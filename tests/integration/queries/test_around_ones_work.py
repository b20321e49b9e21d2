"""What stands around one's work: what presses in finance, how a unit is loaded, where it stands, what was done."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine.commands.claim import claim
from engine.commands.suspend import suspend
from engine.queries.case_list import CaseFilters, case_list
from engine.queries.case_timeline import case_timeline
from engine.queries.desks import Due, WorkFilters
from engine.queries.incidents import incidents
from engine.queries.own_progress import own_progress
from engine.queries.pressing import pressing
from engine.queries.recent_moves import recent_moves
from engine.queries.review_queue import review_queue
from engine.queries.unit_load import Load, unit_load
from engine.queries.worklist import worklist
from engine.store import Database
from engine.words import Pressing, Stage
from tests.integration.desk import project_at
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def pressed(office: Office) -> dict[Pressing, int]:
    with office.transactions() as session:
        return {each.kind: each.number for each in pressing(session, office.bureau.office, on=office.today)}


def listed(office: Office) -> dict[Pressing, int]:
    """How long the lists are that the numbers lead to."""
    me, on = office.bureau.office, office.today
    with office.transactions() as session:
        return {
            Pressing.TO_REVIEW: len(review_queue(session, me, on=on).lines),
            Pressing.DUE_TODAY: worklist(session, me, on=on, filters=WorkFilters(due=Due.TODAY)).total,
            Pressing.UNITS_LATE: len(
                case_list(session, me, on=on, filters=CaseFilters(overdue=True, with_units=True)).lines
            ),
            Pressing.FAULTS: len(incidents(session, me).lines),
        }


def stand_still(office: Office, case: int) -> None:
    with office.transactions() as session:
        suspend(session, case, reason="示例：待定", by=office.bureau.office, at=office.now)


def test_every_number_is_the_length_of_the_list_it_leads_to(office: Office) -> None:
    waiting, _ = (project_at(office, "review_target") for _ in range(2))
    project_at(office, "fill_target")
    for step in ("review_target", "fill_target"):
        stand_still(office, project_at(office, step))
    due = office.tasks(waiting)[0].due_on
    assert due is not None

    found = []
    for day in (due, due + timedelta(days=60)):
        office.clock.move_to(office.now + (day - office.today))
        found.append(pressed(office))
        assert found[-1] == listed(office)

    assert [each[Pressing.TO_REVIEW] for each in found] == [2, 2]
    assert [each[Pressing.DUE_TODAY] for each in found] == [2, 0]
    assert [each[Pressing.UNITS_LATE] for each in found] == [0, 1]


def test_only_finance_is_told_what_presses_and_only_who_may_see_them_of_faults(office: Office) -> None:
    bureau = office.bureau
    told = {}
    with office.transactions() as session:
        for name in ("office", "division", "clerk", "head", "department", "agency"):
            told[name] = [each.kind for each in pressing(session, getattr(bureau, name), on=office.today)]

    assert told["office"] == list(Pressing)
    assert told["division"] == [Pressing.TO_REVIEW, Pressing.DUE_TODAY, Pressing.UNITS_LATE]
    assert {name: kinds for name, kinds in told.items() if name not in ("office", "division")} == {
        "clerk": [], "head": [], "department": [], "agency": [],
    }  # fmt: skip


def test_the_head_sees_what_everybody_of_the_unit_has_in_hand(office: Office) -> None:
    taken, pool, still = (project_at(office, "fill_target") for _ in range(3))
    with office.transactions() as session:
        claim(session, office.tasks(taken)[0].id, by=office.bureau.clerk, at=office.now)
    stand_still(office, still)
    due = office.tasks(pool)[0].due_on
    assert due is not None

    def loads() -> list[Load]:
        with office.transactions() as session:
            assert unit_load(session, office.bureau.clerk, on=office.today) == ()
            assert unit_load(session, office.bureau.office, on=office.today) == ()
            return list(unit_load(session, office.bureau.head, on=office.today))

    assert loads() == [Load("李经办", 1, 0, due), Load("张负责", 0, 0, None), Load(None, 1, 0, due)]
    office.clock.move_to(office.now + (due - office.today) + timedelta(days=1))
    assert loads()[0] == Load("李经办", 1, 1, None)


def test_the_load_of_a_unit_counts_everything_however_much_there_is(office: Office) -> None:
    project_at(office, "fill_target")
    with office.transactions() as session:
        session.execute(
            text(
                "INSERT INTO tasks (id, jurisdiction, case_id, process, element, role, unit_id, state, round,"
                " opened_at, due_on) SELECT gen_random_uuid(), jurisdiction, case_id, process, element, role, unit_id,"
                " state, round, opened_at, due_on FROM tasks, generate_series(1, 5000) WHERE element = 'fill_target'"
            )
        )

        (*_, pool) = unit_load(session, office.bureau.head, on=office.today + timedelta(days=400))

    assert (pool.tasks, pool.overdue) == (5001, 5001)


def test_the_progress_of_a_unit_is_that_of_its_list_of_cases(office: Office) -> None:
    project_at(office, "fill_target")
    project_at(office, "approved")
    clerk = office.bureau.clerk
    with office.transactions() as session:
        (year,) = own_progress(session, clerk)
        asked = [CaseFilters(fiscal_year=year.fiscal_year, stage=stage or "") for stage in year.stages]
        lists = [len(case_list(session, clerk, on=office.today, filters=filters).lines) for filters in asked]
        elsewhere = own_progress(session, office.bureau.office)

    assert list(year.stages.values()) == lists
    assert year.stages[Stage.TARGET_FILING] == 1
    assert sum(lists) == 2
    assert elsewhere == ()


def test_the_last_that_was_done_is_told_one_line_a_move_in_the_words_of_the_journal(office: Office) -> None:
    first, second = project_at(office, "confirm_target"), project_at(office, "confirm_target")
    for case in (second, first):
        office.clock.move_to(office.now + timedelta(minutes=10))
        office.do(case, "confirm_target")

    with office.transactions() as session:
        recent = recent_moves(session, office.bureau.clerk)
        told = {line.sentence for line in case_timeline(session, office.bureau.clerk, first)}
        elsewhere = recent_moves(session, office.bureau.office)

    assert [(each.case_id, each.by) for each in recent[:2]] == [(first, "张负责"), (second, "张负责")]
    assert recent[0].at - recent[1].at == timedelta(minutes=10)
    assert "报送" in recent[0].sentence
    assert recent[0].sentence in told
    assert len({(each.case_id, each.at, each.by) for each in recent}) == len(recent)
    assert all(each.by != "系统" for each in recent)
    assert elsewhere == ()
