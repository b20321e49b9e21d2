"""整改期限: what the letter wrote into the ledger is the day of the task, kept through returns and withdrawals."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.clock import day_of, first_late
from engine.commands.extend_deadline import extend_deadline
from engine.deadlines import shifted, working_days_between
from engine.deadlines.model import Deadline
from engine.queries.deadline_reasons import reason_of
from engine.rectifications import Rectification
from engine.store import Database
from engine.words import CaseKind, DeadlineState
from tests.integration.desk import SHORT
from tests.office import Office

STEPS = ("carry_out_rectification", "confirm_rectification")
RECTIFY = "rectification.rectify"


@pytest.fixture
def haicang(database: Database) -> Office:
    return Office.opened(database, "haicang")


@pytest.fixture
def case(haicang: Office) -> int:
    """A department with one problem the measures for which stand."""
    case = haicang.open_case(CaseKind.WHOLE_DEPARTMENT)
    haicang.reach(case, "rectification", problems=1, **SHORT)
    haicang.do(case, "plan_rectification", item="q1")
    return case


def written(office: Office, case: int) -> date:
    """The day the letter says."""
    return date.fromisoformat(office.versions(case, "F10")[-1].content["rectify_by"])


def ledger(office: Office, case: int) -> Rectification:
    [row] = office.rows(Rectification, case)
    assert isinstance(row, Rectification)
    return row


def step_due(office: Office, case: int, step: str = "carry_out_rectification") -> date | None:
    with office.transactions() as session:
        return office.task_named(session, case, step).due_on


def pending(office: Office, case: int) -> list[date]:
    return [row.due_on for row in office.deadlines(case, RECTIFY) if row.state == DeadlineState.PENDING]


def handed_in(office: Office, case: int) -> None:
    for step in STEPS:
        office.do(case, step, item="q1")


def returned(office: Office, case: int) -> None:
    office.do(case, "verify_rectification", "returned", item="q1", reason="示例：佐证看不清")


def test_the_task_has_the_day_of_the_letter(haicang: Office, case: int) -> None:
    assert step_due(haicang, case) == ledger(haicang, case).due_on == written(haicang, case)
    assert pending(haicang, case) == [written(haicang, case)]


def test_why_it_is_that_day_is_told_by_the_letter(haicang: Office, case: int) -> None:
    [row] = [row for row in haicang.deadlines(case, RECTIFY) if row.state == DeadlineState.PENDING]
    with haicang.transactions() as session:
        reason = reason_of(session, haicang.bureau.office, row.id)

    assert (reason.rule, reason.due_on) == ("反馈意见函", written(haicang, case))
    assert reason.words.startswith("整改事项q1：反馈意见函写定的期限。核验退回的，")


def test_a_report_taken_back_leaves_the_day_as_it_was(haicang: Office, case: int) -> None:
    handed_in(haicang, case)
    haicang.take_back(case, "F11")

    assert step_due(haicang, case) == ledger(haicang, case).due_on == written(haicang, case)


def test_days_in_which_finance_looked_are_not_counted(haicang: Office, case: int) -> None:
    handed_in(haicang, case)
    left = working_days_between(haicang.today, written(haicang, case), haicang.database.parts["calendar"])
    haicang.clock.move_to(haicang.now + timedelta(days=6))

    returned(haicang, case)

    due_on = shifted(haicang.today, left, haicang.database.parts["calendar"])
    assert due_on > written(haicang, case)
    assert step_due(haicang, case) == ledger(haicang, case).due_on == due_on
    assert haicang.journal(case, "rectification.returned")[-1].payload["due_on"] == due_on.isoformat()


def test_what_comes_back_after_its_day_is_late_at_once_and_heard_of_again(haicang: Office, case: int) -> None:
    haicang.clock.move_to(first_late(written(haicang, case)))
    haicang.sweep(case)
    assert ledger(haicang, case).escalations == 1
    handed_in(haicang, case)

    returned(haicang, case)
    assert step_due(haicang, case) == ledger(haicang, case).due_on == written(haicang, case)
    haicang.sweep(case)

    assert ledger(haicang, case).escalations == 2


def test_a_later_day_is_the_day_of_the_ledger_too(haicang: Office, case: int) -> None:
    until = written(haicang, case) + timedelta(days=20)
    with haicang.transactions() as session:
        row = session.scalars(
            select(Deadline).where(Deadline.name == RECTIFY, Deadline.state == DeadlineState.PENDING)
        ).one()
        extend_deadline(session, row.id, until, reason="示例：等批复", by=haicang.bureau.office, at=haicang.now)

    handed_in(haicang, case)
    haicang.take_back(case, "F11")

    assert step_due(haicang, case) == ledger(haicang, case).due_on == until


def test_the_report_on_the_whole_letter_is_due_by_the_day_the_letter_says(haicang: Office, case: int) -> None:
    handed_in(haicang, case)
    haicang.do(case, "verify_rectification", item="q1")

    [task] = haicang.tasks(case)[-1:]
    report_by = date.fromisoformat(haicang.versions(case, "F10")[-1].content["report_by"])
    assert (task.process, task.due_on) == ("rectification", report_by)
    assert day_of(task.opened_at) < report_by
