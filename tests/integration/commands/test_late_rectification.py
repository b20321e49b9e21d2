"""What is put right too late is taken to the next higher office, and counted on its own row of the ledger."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.clock import first_late
from engine.commands.extend_deadline import extend_deadline
from engine.deadlines.model import Deadline
from engine.rectifications import Rectification, StoppingTooLate
from engine.results.model import ResultEffect
from engine.store import Database
from engine.words import CaseKind, DeadlineState, RectificationState, Role
from tests.integration.desk import SHORT, events
from tests.office import FISCAL_YEAR, Office

REPORTED = ("carry_out_rectification", "confirm_rectification")
CHAIN = [f"rectification.{step}" for step in ("rectify", "escalate_department", "escalate_office")]


@pytest.fixture
def haicang(database: Database) -> Office:
    return Office.opened(database, "haicang")


@pytest.fixture
def late(haicang: Office) -> int:
    """A department two of whose problems are put right; the first one too late, the second reported in time."""
    case = haicang.open_case(CaseKind.WHOLE_DEPARTMENT)
    haicang.reach(case, "rectification", **SHORT)
    first, second = _items(haicang, case)
    haicang.do(case, "plan_rectification", item=first)
    for step in ("plan_rectification", *REPORTED):
        haicang.do(case, step, item=second)
    haicang.let_pass(case, "rectification.rectify")
    return case


@pytest.fixture
def supervised(haicang: Office, late: int) -> int:
    """The same when the office has heard of it."""
    for name in CHAIN[1:]:
        haicang.let_pass(late, name)
    return late


def _items(office: Office, case: int) -> list[str]:
    return sorted(row.item for row in office.rows(Rectification, case))


def test_an_escalation_is_counted_on_the_row_of_its_problem_and_on_no_other(haicang: Office, late: int) -> None:
    first, second = _items(haicang, late)

    assert {row.item: row.escalations for row in haicang.rows(Rectification, late)} == {first: 1, second: 0}
    assert [each.payload["item"] for each in haicang.journal(late, "rectification.escalated")] == [first]


def reached(office: Office, case: int) -> list[str]:
    """Which offices heard of the first problem, one after the other."""
    return [each.payload["office"] for each in office.journal(case, "rectification.escalated")]


def first_row(office: Office, case: int) -> Rectification:
    row = min(office.rows(Rectification, case), key=lambda row: row.item)
    assert isinstance(row, Rectification)
    return row


def test_office_by_office_hears_of_it_and_the_last_one_again_and_again(haicang: Office, supervised: int) -> None:
    haicang.do(supervised, "supervise_rectification", supervision="urge")
    haicang.let_pass(supervised, "rectification.urge_again")
    haicang.do(supervised, "supervise_rectification", supervision="urge")
    haicang.let_pass(supervised, "rectification.urge_again")

    assert reached(haicang, supervised) == [Role.UNIT_HEAD, Role.DEPARTMENT, *[Role.PERFORMANCE_OFFICE] * 3]
    row = first_row(haicang, supervised)
    assert (row.escalations, row.escalated_to) == (5, Role.PERFORMANCE_OFFICE)


def test_nothing_runs_while_finance_verifies_and_the_open_supervision_ends(haicang: Office, supervised: int) -> None:
    first = _items(haicang, supervised)[0]

    for step in REPORTED:
        haicang.do(supervised, step, item=first)

    names = {row.name for row in haicang.deadlines(supervised)}
    assert names == {"rectification.verify"}
    assert {task.element for task in haicang.tasks(supervised)} == {"verify_rectification"}


def test_a_problem_returned_late_goes_on_with_the_next_office(haicang: Office, late: int) -> None:
    first = _items(haicang, late)[0]
    for step in REPORTED:
        haicang.do(late, step, item=first)

    haicang.do(late, "verify_rectification", "returned", item=first, reason="示例：佐证看不清")
    haicang.sweep(late)

    assert reached(haicang, late) == [Role.UNIT_HEAD, Role.DEPARTMENT]


def test_nobody_hears_of_a_problem_whose_day_was_put_off_until_that_day_is_over(haicang: Office, late: int) -> None:
    with haicang.transactions() as session:
        row = session.scalars(
            select(Deadline).where(
                Deadline.case_id == late, Deadline.name == CHAIN[0], Deadline.state == DeadlineState.FIRED
            )
        ).one()
        until = haicang.today + timedelta(days=14)
        extend_deadline(session, row.id, until, reason="示例：招标流标", by=haicang.bureau.office, at=haicang.now)

    haicang.let_pass(late, CHAIN[1])
    before = reached(haicang, late)
    haicang.clock.move_to(first_late(until))
    haicang.sweep(late)
    haicang.let_pass(late, CHAIN[1])

    assert before == [Role.UNIT_HEAD]
    assert reached(haicang, late) == [Role.UNIT_HEAD, Role.DEPARTMENT]


def test_a_stop_of_payment_proposed_in_supervision_falls_on_the_budget_of_the_year_after(
    haicang: Office, supervised: int
) -> None:
    haicang.do(supervised, "supervise_rectification", supervision="stop_payment")
    haicang.do(supervised, "sign_stop_payment")

    proposed = [row for row in haicang.rows(ResultEffect, supervised) if row.effect == "stop_payment"]
    assert [row.budget_year for row in proposed] == [FISCAL_YEAR + 1]
    assert events(haicang, supervised, "payment.stop_proposed") == ["payment.stop_proposed"]


def test_what_is_struck_off_leaves_nothing_of_its_problem_and_all_of_the_other(
    haicang: Office, supervised: int
) -> None:
    first, second = _items(haicang, supervised)

    for step in (*REPORTED, "verify_rectification"):
        haicang.do(supervised, step, item=first)

    assert [(task.element, task.item) for task in haicang.tasks(supervised)] == [("verify_rectification", second)]
    assert haicang.deadlines(supervised, "rectification.supervise") == []


def test_no_stop_of_payment_is_signed_for_a_problem_that_was_struck_off_meanwhile(
    haicang: Office, supervised: int
) -> None:
    haicang.do(supervised, "supervise_rectification", supervision="stop_payment")
    with haicang.transactions() as session:
        row = first_row(haicang, supervised)
        session.get_one(Rectification, row.id).state = RectificationState.CLOSED

    with pytest.raises(StoppingTooLate, match="已经销号"):
        haicang.do(supervised, "sign_stop_payment")

    assert events(haicang, supervised, "payment.stop_proposed") == []


def test_no_stop_of_payment_is_proposed_for_a_problem_that_was_struck_off_meanwhile(
    haicang: Office, supervised: int
) -> None:
    with haicang.transactions() as session:
        row = first_row(haicang, supervised)
        session.get_one(Rectification, row.id).state = RectificationState.CLOSED

    with pytest.raises(StoppingTooLate, match=f"{row.item}已经销号，不能再提出停止拨款，没有办理。请选“继续催办”"):
        haicang.do(supervised, "supervise_rectification", supervision="stop_payment")

    haicang.do(supervised, "supervise_rectification", supervision="urge")
    haicang.let_pass(supervised, "rectification.urge_again")
    assert events(haicang, supervised, "payment.stop_proposed") == []
    assert first_row(haicang, supervised).escalations == 3
