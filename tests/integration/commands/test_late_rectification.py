"""What is put right too late is taken to the next higher office, and counted on its own row of the ledger."""

import pytest

from engine.rectifications import Rectification, StoppingTooLate
from engine.results.model import ResultEffect
from engine.stages import Library
from engine.store import Database
from engine.words import CaseKind, TaskState
from tests.integration.desk import SHORT, events
from tests.office import FISCAL_YEAR, Office
from tests.pages.newer_diagrams import put_in_service

ENDS_THE_REST = '<bpmn:terminateEventDefinition id="rectification_item_closed_terminate"/>'


@pytest.fixture
def haicang(database: Database) -> Office:
    return Office.opened(database, "haicang")


@pytest.fixture
def late(haicang: Office) -> int:
    """A department two of whose problems are put right; the first one too late."""
    return _late(haicang)


def _late(haicang: Office) -> int:
    case = haicang.open_case(CaseKind.WHOLE_DEPARTMENT)
    haicang.reach(case, "rectification", **SHORT)
    first = _items(haicang, case)[0]
    haicang.do(case, "plan_rectification", item=first)
    haicang.let_pass(case, "rectification.rectify")
    return case


def _items(office: Office, case: int) -> list[str]:
    return sorted(row.item for row in office.rows(Rectification, case))


def test_an_escalation_is_counted_on_the_row_of_its_problem_and_on_no_other(haicang: Office, late: int) -> None:
    first, second = _items(haicang, late)

    assert {row.item: row.escalations for row in haicang.rows(Rectification, late)} == {first: 1, second: 0}
    assert [each.payload["item"] for each in haicang.journal(late, "task.escalated")] == [first]


def test_a_stop_of_payment_proposed_in_supervision_falls_on_the_budget_of_the_year_after(
    haicang: Office, late: int
) -> None:
    haicang.do(late, "supervise_rectification", supervision="stop_payment")

    proposed = [row for row in haicang.rows(ResultEffect, late) if row.effect == "stop_payment"]
    assert [row.budget_year for row in proposed] == [FISCAL_YEAR + 1]
    assert events(haicang, late, "payment.stop_proposed") == ["payment.stop_proposed"]


def struck_off(haicang: Office, case: int) -> str:
    """The first problem put right and verified while the office has still to say what is done about its being late."""
    first = _items(haicang, case)[0]
    for step in ("carry_out_rectification", "confirm_rectification", "verify_rectification"):
        haicang.do(case, step, item=first)
    return first


def test_what_is_struck_off_ends_the_supervision_of_its_problem_and_of_no_other(haicang: Office, late: int) -> None:
    second = _items(haicang, late)[1]

    struck_off(haicang, late)

    assert [(task.element, task.item) for task in haicang.tasks(late) if task.state == TaskState.OPEN] == [
        ("plan_rectification", second)
    ]
    assert haicang.deadlines(late, "rectification.supervise") == []


def test_on_earlier_diagrams_no_stop_of_payment_is_proposed_for_a_problem_that_was_struck_off(
    haicang: Office, library: Library
) -> None:
    put_in_service(haicang, library, ENDS_THE_REST, "")
    case = _late(haicang)
    first = struck_off(haicang, case)

    with pytest.raises(StoppingTooLate, match=f"整改事项{first}已经销号，不能再提出停止拨款，没有办理。请选“继续催办”"):
        haicang.do(case, "supervise_rectification", supervision="stop_payment")

    haicang.do(case, "supervise_rectification", supervision="urge")
    assert events(haicang, case, "payment.stop_proposed") == []
