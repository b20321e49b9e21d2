"""Among forty thousand cases every list reads what it shows and little else."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from engine.audit import Entry
from engine.cases import Case, cases_waiting_for
from engine.cases.following import MOST_FOLLOWED, FollowedCase
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.queries.case_list import CaseFilters, case_list
from engine.queries.deadline_board import deadline_board, overdue_by_unit
from engine.queries.deadline_reasons import reason_of
from engine.queries.desks import Due, Status, WorkFilters, along_the_index
from engine.queries.done_work import done_work
from engine.queries.doubts import InQuestion, doubts_of
from engine.queries.incidents import incidents
from engine.queries.monitoring_board import MonitoringFilters, monitoring_board
from engine.queries.newest_work import NEWEST, newest_work
from engine.queries.overdue import overdue_tasks
from engine.queries.own_progress import own_progress
from engine.queries.pressing import COUNTED, pressing
from engine.queries.recent_moves import recent_moves
from engine.queries.review_queue import review_queue
from engine.queries.steps_before import steps_before
from engine.queries.suspended_work import suspended_work
from engine.queries.takeovers import takeovers_of
from engine.queries.unit_load import unit_load
from engine.queries.unit_work import unit_work
from engine.queries.versions import versions_of
from engine.queries.worklist import worklist
from engine.queries.year_amounts import year_amounts
from engine.queries.year_counts import gaps, grade_counts, stage_counts
from engine.reviews import Review
from engine.scores import Score
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.tasks import DOUBTFUL, Task
from engine.words import QueueView, Role
from tests.factories import START
from tests.integration.queries.conftest import Crowd
from tests.integration.queries.lists import CASE, TODAY, clerk_of, lists
from tests.integration.queries.much_work import DONE, LAST_MOVES, LONG_JOURNALS
from tests.integration.queries.plans import asked_by, plans_inside, plans_of
from tests.integration.queries.volume import MANY, UNITS, YEARS

_IDS = text(
    "SELECT submissions.id AS paper, deadlines.id AS deadline FROM submissions JOIN deadlines USING (case_id) "
    "WHERE case_id = :case"
)
PAGE = 50
MOST_ROWS = 2_500
DUE = 3 * MANY // 180
"""Deadlines due in the first days of 2022."""


def deep_in_the_list(crowd: Crowd, pages: int = 40) -> str | None:
    """The word for a place some pages down the list of the office."""
    after = None
    for _ in range(pages // 4):
        with crowd.database.transaction("huaxi") as session:
            after = worklist(session, crowd.bureau.office, on=TODAY, limit=200, after=after).next
    return after


def test_a_page_of_twenty_thousand_tasks_due_the_same_day_reads_the_page_and_no_more(crowd):
    after = deep_in_the_list(crowd)

    plans = plans_of(crowd.database, lambda s: worklist(s, crowd.bureau.office, on=TODAY, limit=PAGE, after=after))

    assert plans.whole_tables == set()
    assert plans.rows_read <= 8 * PAGE


def test_the_work_list_counts_once_and_no_further_than_its_bound(crowd):
    first = asked_by(crowd.database, lambda s: worklist(s, crowd.bureau.office, on=TODAY))
    after = deep_in_the_list(crowd)
    later = asked_by(crowd.database, lambda s: worklist(s, crowd.bureau.office, on=TODAY, after=after))

    assert (len(first), len(later)) == (2, 1)
    assert plans_of(crowd.database, lambda s: worklist(s, crowd.bureau.office, on=TODAY)).whole_tables == set()


def test_a_desk_is_read_along_its_index_whatever_is_taken_for_cheaper_and_only_then(crowd):
    asked = text("SELECT current_setting('enable_bitmapscan'), current_setting('enable_seqscan')")
    with crowd.database.transaction("huaxi") as session:
        with along_the_index(session):
            within = session.execute(asked).one()
        after = session.execute(asked).one()

    assert (tuple(within), tuple(after)) == (("off", "off"), ("on", "on"))


def test_a_full_desk_is_told_from_what_is_suspended_however_much_that_is(crowd):
    head = Actor(crowd.bureau.head.person_id, "示例", "huaxi", crowd.first_unit + 1, frozenset({Role.UNIT_HEAD}))

    for read in (lambda s: worklist(s, crowd.bureau.office, on=TODAY), lambda s: unit_load(s, head, on=TODAY)):
        assert plans_of(crowd.database, read).looked_up_in_sets


@pytest.mark.parametrize("who", ["office", "clerk"])
def test_what_an_open_list_asks_every_minute_reads_the_newest_of_each_desk_and_no_more(crowd, who):
    actor = crowd.bureau.office if who == "office" else clerk_of(crowd)

    plans = plans_of(crowd.database, lambda s: newest_work(s, actor))

    assert len(plans.roots) == 1
    assert plans.whole_tables == set()
    assert plans.rows_read <= 5 * NEWEST


def test_a_filtered_work_list_of_one_unit_reads_only_that_units_tasks(crowd):
    clerk = clerk_of(crowd)
    for filters in (
        WorkFilters(stage="target_filing", due=Due.OVERDUE),
        WorkFilters(text="slxm"),
        WorkFilters(unit_id=clerk.unit_id, status=Status.POOL),
    ):
        plans = plans_of(crowd.database, lambda s, f=filters: worklist(s, clerk, on=TODAY, filters=f))

        assert plans.whole_tables == set(), filters
        assert plans.rows_read <= 8_000, filters


def test_no_list_reads_a_big_table_from_end_to_end_or_more_rows_than_a_few_pages(crowd):
    found = {
        name: plans_of(crowd.database, lambda s, read=read, actor=actor: read(s, actor))
        for name, (read, actor) in lists(crowd).items()
    }

    assert {name: plans.whole_tables for name, plans in found.items() if plans.whole_tables} == {}
    assert {name: plans.rows_read for name, plans in found.items() if plans.rows_read > MOST_ROWS} == {}


def test_work_that_is_open_is_listed_without_a_look_into_the_archives(crowd):
    office, at = crowd.bureau.office, datetime(2022, 3, 10, tzinfo=UTC)
    for read in (
        lambda s: worklist(s, office, on=TODAY),
        lambda s: review_queue(s, office, on=TODAY),
        lambda s: suspended_work(s, office),
        lambda s: deadline_board(s, office, at=at),
        lambda s: overdue_by_unit(s, office, on=TODAY),
        lambda s: case_list(s, office, on=TODAY),
        lambda s: stage_counts(s, office, 2021, on=TODAY),
        lambda s: grade_counts(s, office, 2021),
        lambda s: gaps(s, office, 2021),
        lambda s: year_amounts(s, office, 2021),
        lambda s: incidents(s, office),
    ):
        assert "case_archives" not in plans_of(crowd.database, read).tables


def test_what_is_told_of_one_case_reads_that_archive_and_no_other(crowd):
    with crowd.database.transaction("huaxi") as session:
        found = session.execute(_IDS, {"case": CASE}).one()
    entry = all_of(Entry)
    for read in (
        lambda s: versions_of(s, crowd.bureau.office, found.paper),
        lambda s: reason_of(s, crowd.bureau.office, found.deadline),
        lambda s: s.execute(select(entry).where(entry.jurisdiction == "huaxi", entry.case_id == CASE)).all(),
    ):
        plans = plans_of(crowd.database, read)

        assert plans.whole_tables == set()
        assert plans.rows_read <= 20


@pytest.mark.parametrize("entity", [Task, Deadline, Review, Submission, Score])
def test_a_view_asked_for_one_case_reads_its_rows_and_its_archive_by_their_keys(crowd, entity):
    rows = all_of(entity)

    plans = plans_of(crowd.database, lambda s: s.execute(select(rows).where(rows.case_id == CASE)).all())

    assert plans.whole_tables - {"deadlines"} == set()
    assert "case_archives" in plans.tables


def test_whose_an_id_is_that_nobody_knows_is_found_out_by_the_index(crowd):
    body = "SELECT prosrc FROM pg_proc WHERE proname = 'archived_case'"
    with crowd.database.upkeep() as session:
        asked = session.scalars(text(body)).one().replace("of_id", f"'{uuid4()}'::uuid")
        plan = session.scalars(text(f"EXPLAIN {asked}")).all()

    assert any("Bitmap Index Scan on ix_archive_keys_keys" in line for line in plan)


def test_a_page_deep_in_the_cases_costs_what_the_first_costs(crowd):
    after = None
    for _ in range(10):
        with crowd.database.transaction("huaxi") as session:
            after = case_list(session, crowd.bureau.office, on=TODAY, limit=200, after=after).next

    plans = plans_of(crowd.database, lambda s: case_list(s, crowd.bureau.office, on=TODAY, after=after))

    assert plans.rows_read <= MOST_ROWS


def test_counts_of_a_year_read_that_year_and_no_other(crowd):
    for read in (
        lambda s: stage_counts(s, clerk_of(crowd), 2021, on=TODAY),
        lambda s: grade_counts(s, clerk_of(crowd), 2021),
        lambda s: gaps(s, clerk_of(crowd), 2021),
    ):
        plans = plans_of(crowd.database, read)

        assert plans.whole_tables == set()
        assert plans.rows_read <= 10 * MANY // UNITS


def test_what_is_overdue_is_found_by_its_day(crowd):
    plans = plans_of(crowd.database, lambda s: overdue_by_unit(s, crowd.bureau.office, on=date(2022, 1, 4)))

    assert plans.whole_tables == set()
    assert plans.rows_read <= 5 * MANY // 100


def test_the_first_overdue_are_found_by_their_day_too(crowd):
    plans = plans_of(crowd.database, lambda s: overdue_tasks(s, crowd.bureau.office, on=date(2022, 1, 4)))

    assert plans.whole_tables == set()
    assert plans.rows_read <= 10 * MANY // 100


@pytest.mark.parametrize("who", ["office", "clerk"])
def test_monitoring_reads_the_cases_of_its_year_and_stage_and_no_other(crowd, who):
    actor = crowd.bureau.office if who == "office" else clerk_of(crowd)
    filters = MonitoringFilters(fiscal_year=2020)

    plans = plans_of(crowd.database, lambda s: monitoring_board(s, actor, on=TODAY, filters=filters))

    assert plans.whole_tables == set()
    assert plans.rows_read <= 4 * MANY // 10


def test_what_is_due_is_found_by_its_time_in_every_jurisdiction(crowd):
    at = datetime(2022, 1, 4, tzinfo=UTC)

    plans = plans_inside(crowd.database, "due_everywhere", at, 100)

    assert plans.whole_tables == set()
    assert plans.rows_read <= 4 * DUE


def test_the_cases_that_wait_are_found_among_those_of_their_stage(crowd):
    asked = cases_waiting_for("huaxi", 2020, "monitoring.launched").with_only_columns(Case.id)

    with crowd.database.transaction("huaxi") as session:
        found = len(session.execute(asked).all())
    plans = plans_of(crowd.database, lambda s: s.execute(asked).all())

    assert found == MANY // 10
    assert plans.whole_tables == set()
    assert plans.rows_read <= 2 * found


def test_both_lists_read_a_page_and_no_more(crowd):
    with crowd.database.upkeep() as session:
        session.execute(DONE, {"person": crowd.bureau.office.person_id, "unit": crowd.bureau.finance_id})
    first = {}
    with crowd.database.transaction("huaxi") as session:
        first["unit"] = unit_work(session, crowd.bureau.office, on=TODAY, limit=PAGE)
        first["done"] = done_work(session, crowd.bureau.office, limit=PAGE)

    for name, read in {
        "unit": lambda s, after: unit_work(s, crowd.bureau.office, on=TODAY, limit=PAGE, after=after),
        "done": lambda s, after: done_work(s, crowd.bureau.office, limit=PAGE, after=after),
    }.items():
        for after in (None, first[name].next):
            plans = plans_of(crowd.database, lambda s, read=read, after=after: read(s, after))
            assert plans.whole_tables == set(), name
            assert plans.rows_read <= 10 * PAGE, name
    assert len(first["unit"].lines) == len(first["done"].lines) == PAGE < MANY


def test_what_led_to_a_page_of_tasks_is_read_at_once_and_from_the_end_of_each_journal(crowd):
    office = crowd.bureau.office
    with crowd.database.transaction("huaxi") as session:
        mine = worklist(session, office, on=TODAY, limit=PAGE).items
    with crowd.database.upkeep() as session:
        told = {"cases": [item.case_id for item in mine], "person": office.person_id}
        for statement in (LONG_JOURNALS, LAST_MOVES):
            session.execute(statement, told)

    def read(session):
        return steps_before(session, office, [item.task_id for item in mine])

    with crowd.database.transaction("huaxi") as session:
        found = read(session)
    plans = plans_of(crowd.database, read)

    assert len(mine) == len(found) == PAGE
    assert {step.title for step in found.values()} == {"报送"}
    assert len(asked_by(crowd.database, read)) == 1
    assert plans.whole_tables == set()
    assert plans.rows_read <= 40 * PAGE


def test_what_presses_is_counted_in_one_statement_and_no_further_than_its_bound(crowd):
    def read(session):
        return pressing(session, crowd.bureau.office, on=TODAY)

    asked = [each for each, _ in asked_by(crowd.database, read) if "definitions" not in each]
    plans = plans_of(crowd.database, read)

    assert len(asked) == 1
    assert plans.whole_tables == set()
    assert plans.rows_read <= 8 * COUNTED


def test_what_a_unit_has_to_do_and_where_it_stands_reads_its_own_and_no_other(crowd):
    head = Actor(crowd.bureau.head.person_id, "示例", "huaxi", crowd.first_unit + 1, frozenset({Role.UNIT_HEAD}))
    for read, statements in (
        (lambda s: unit_load(s, head, on=TODAY), 1),
        (lambda s: own_progress(s, head), 1),
        (lambda s: recent_moves(s, head), 2),
    ):
        plans = plans_of(crowd.database, read)

        assert len(asked_by(crowd.database, read)) <= statements
        assert plans.whole_tables == set()
        assert plans.rows_read <= 10 * MANY // UNITS


def test_a_department_of_very_many_cases_looks_into_the_latest_of_them_alone(crowd):
    def read(session):
        return recent_moves(session, crowd.bureau.department)

    with crowd.database.transaction("huaxi") as session:
        found = read(session)
    plans = plans_of(crowd.database, read)

    assert len(found) == 6
    assert plans.whole_tables == set()
    assert plans.rows_read <= MOST_ROWS


def test_finance_that_follows_as_many_cases_as_one_can_reads_these_and_the_ends_of_their_journals(crowd):
    office = crowd.bureau.office
    with crowd.database.transaction("huaxi") as session:
        moving = select(Case.id).where(Case.state == "active").order_by(Case.id).limit(MOST_FOLLOWED)
        how = {"jurisdiction": "huaxi", "person_id": office.person_id, "followed_at": START}
        session.add_all([FollowedCase(case_id=case, **how) for case in session.scalars(moving)])

    for read, statements in (
        (lambda s: recent_moves(s, office), 2),
        (lambda s: case_list(s, office, on=TODAY, filters=CaseFilters(followed=True)), 2),
    ):
        plans = plans_of(crowd.database, read)

        asked = [each for each, _ in asked_by(crowd.database, read) if "definitions" not in each]
        assert len(asked) <= statements
        assert plans.whole_tables == set()
        assert plans.rows_read <= MOST_ROWS


def test_who_asked_for_a_page_of_tasks_is_found_by_their_keys_in_one_question(crowd):
    office = crowd.bureau.office
    with crowd.database.transaction("huaxi") as session:
        mine = worklist(session, office, on=TODAY, limit=PAGE).items

    def read(session):
        return takeovers_of(session, office, [item.task_id for item in mine])

    plans = plans_of(crowd.database, read)

    assert len(asked_by(crowd.database, read)) == 1
    assert plans.whole_tables == set()
    assert plans.rows_read <= 10 * PAGE


def test_namesakes_of_a_page_are_found_by_their_names_in_one_question(crowd):
    office = crowd.bureau.office
    with crowd.database.transaction("huaxi") as session:
        mine = worklist(session, office, on=TODAY, limit=PAGE).items
    with crowd.database.upkeep() as session:
        session.execute(
            text("UPDATE cases SET name = '示例：同名项目' WHERE id = ANY(:cases)"),
            {"cases": [item.case_id for item in mine]},
        )
    papers = [InQuestion(item.case_id, "F02", {}, None) for item in mine]

    with crowd.database.transaction("huaxi") as session:
        found = doubts_of(session, office, papers)
    plans = plans_of(crowd.database, lambda s: doubts_of(s, office, papers))

    assert len(found) == PAGE
    assert any(found)
    assert len(asked_by(crowd.database, lambda s: doubts_of(s, office, papers))) == 1
    assert plans.whole_tables == set()
    assert plans.rows_read <= 10 * PAGE


def test_texts_of_a_page_that_others_wrote_too_are_found_by_their_fingerprints_in_one_question(crowd):
    office = crowd.bureau.office
    with crowd.database.transaction("huaxi") as session:
        cases = [item.case_id for item in worklist(session, office, on=TODAY, limit=PAGE).items]
        rows = session.execute(select(Submission.case_id, Submission.id).where(Submission.case_id.in_(cases)))
        papers = [InQuestion(case, "F06", {}, id_) for case, id_ in rows]

    with crowd.database.transaction("huaxi") as session:
        found = doubts_of(session, office, papers)
    plans = plans_of(crowd.database, lambda s: doubts_of(s, office, papers))

    assert len(papers) == PAGE
    assert {len(doubts) for doubts in found} == {1}
    assert len(asked_by(crowd.database, lambda s: doubts_of(s, office, papers))) == 1
    assert plans.whole_tables == set()
    assert plans.rows_read <= 40 * PAGE


@pytest.mark.parametrize("view", QueueView)
def test_the_queue_of_judging_is_read_along_its_index_in_either_order(crowd, view):
    office, after = crowd.bureau.office, None
    for _ in range(4):

        def read(session, after=after):
            return review_queue(session, office, on=TODAY, limit=PAGE, after=after, view=view)

        plans = plans_of(crowd.database, read)
        with crowd.database.transaction("huaxi") as session:
            after = read(session).next

        assert plans.whole_tables == set()
        assert plans.rows_read <= 12 * PAGE


def test_the_doubtful_of_twenty_thousand_come_before_all_others(crowd):
    lines, after = [], None
    with crowd.database.transaction("huaxi") as session:
        for _ in range(6):
            page = review_queue(session, crowd.bureau.office, on=TODAY, limit=200, after=after)
            lines, after = [*lines, *page.lines], page.next
        ranks = [session.get_one(Task, line.item.task_id).doubt_rank for line in lines]

    assert MANY / 50 < ranks.count(DOUBTFUL) <= MANY / 40
    assert ranks == sorted(ranks)
    assert len({line.item.task_id for line in lines}) == len(lines) == 1200


def test_the_progress_of_very_many_cases_is_counted_no_further_than_it_is_told(crowd, monkeypatch):
    department = crowd.bureau.department
    with crowd.database.transaction("huaxi") as session:
        whole = own_progress(session, department)
    monkeypatch.setattr("engine.queries.own_progress.COUNTED", PAGE)

    with crowd.database.transaction("huaxi") as session:
        bounded = own_progress(session, department)
    plans = plans_of(crowd.database, lambda s: own_progress(s, department))

    assert {sum(year.stages.values()) for year in whole} == {MANY // 4}
    assert all(year.more == set(year.stages) for year in bounded)
    assert {many for year in bounded for many in year.stages.values()} == {PAGE}
    assert plans.whole_tables == set()
    assert plans.rows_read <= 3 * PAGE * len(YEARS) * len(whole[0].stages)


def test_it_is_counted_along_an_index_too_when_many_cases_have_changed(crowd, monkeypatch):
    monkeypatch.setattr("engine.queries.own_progress.COUNTED", PAGE)
    with crowd.database.upkeep() as session:
        session.execute(text("UPDATE cases SET name = name WHERE id % 3 = 1"))
    with crowd.database.upkeep() as session:
        session.execute(text("ANALYZE cases"))

    plans = plans_of(crowd.database, lambda s: own_progress(s, crowd.bureau.department))

    assert plans.whole_tables == set()
