"""What is put right too late is taken to the next higher office, and counted on its own row of the ledger."""

import pytest

from engine.rectifications import Rectification, StoppingTooLate
from engine.results.model import ResultEffect
from engine.store import Database
from engine.words import CaseKind
from tests.integration.desk import SHORT, events
from tests.office import FISCAL_YEAR, Office


@pytest.fixture
def haicang(database: Database) -> Office:
    return Office.opened(database, "haicang")


@pytest.fixture
def late(haicang: Office) -> int:
    """A department two of whose problems are put right; the first one too late."""
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


def test_no_stop_of_payment_is_proposed_for_a_problem_that_was_struck_off_meanwhile(haicang: Office, late: int) -> None:
    first = _items(haicang, late)[0]
    for step in ("carry_out_rectification", "confirm_rectification", "verify_rectification"):
        haicang.do(late, step, item=first)

    with pytest.raises(StoppingTooLate, match=f"整改事项{first}已经销号，不能再提出停止拨款，没有办理。请选“继续催办”"):
        haicang.do(late, "supervise_rectification", supervision="stop_payment")

    haicang.do(late, "supervise_rectification", supervision="urge")
    assert events(haicang, late, "payment.stop_proposed") == []
