"""停止执行: money stopped after monitoring is not evaluated, and its case still comes to an end (HC-09, HC-18)."""

import pytest

from engine.moves.filling import SubmissionIncomplete
from engine.results.model import ResultEffect
from engine.store import Database
from engine.words import CaseState
from tests.office import Office

SLOW = {"executed_wan": "10", "achieved": "0.1"}


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def stopped(office: Office) -> int:
    """A case whose money was stopped, at the desk that decides what follows."""
    case_id = office.open_case()
    office.reach(case_id, "monitoring.decide_monitoring_disposal", **SLOW)
    office.do(case_id, "decide_monitoring_disposal", reason="示例：目标无法实现", monitoring_disposal="stop")
    office.reach(case_id, "result_use.decide_result_use", linkage="cancel")
    return case_id


def test_stopped_money_goes_through_result_use_without_an_evaluation_and_the_case_closes(office, stopped):
    case = office.finish(stopped, publication="exempt", effect="cancel")

    assert case.state == CaseState.CLOSED
    assert not office.versions(stopped, "F06")


def test_the_payment_of_this_year_is_to_stop_at_once_and_the_next_budget_is_as_the_person_decided(office, stopped):
    proposed = [(effect.effect, effect.budget_year) for effect in office.rows(ResultEffect, stopped)]

    assert proposed == [("stop_payment", 2021), ("cancel", 2022), ("cancel", 2023)]


def test_result_use_of_stopped_money_waits_for_no_launch(office: Office) -> None:
    case_id = office.open_case()
    office.reach(case_id, "monitoring.decide_monitoring_disposal", **SLOW)

    office.do(case_id, "decide_monitoring_disposal", reason="示例：目标无法实现", monitoring_disposal="stop")

    assert office.open_steps(case_id) == ["result_use.decide_budget_linkage"]


def test_a_list_that_claims_an_evaluation_nobody_made_is_refused(office, stopped):
    with pytest.raises(SubmissionIncomplete, match="没有定稿的评价结果"):
        office.do(stopped, "decide_result_use", changes={"evaluation_kind": "key_evaluation"})
