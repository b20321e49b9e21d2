"""Which year's budget what follows from a result falls on."""

from engine.results.model import Candidate, ResultEffect
from tests.integration.desk import SHORT, project_at
from tests.office import Office


def test_a_result_is_used_in_the_budget_drawn_up_after_its_evaluation(office: Office) -> None:
    case = project_at(office, "approved")

    office.reach(case, "result_use.decide_result_use", **SHORT)

    proposed = office.rows(ResultEffect, case)
    assert [row.effect for row in proposed] == ["normal"]
    assert {row.budget_year for row in proposed} == {2023}


def test_what_monitoring_found_is_a_candidate_for_the_evaluations_of_the_next_year(office: Office) -> None:
    case = project_at(office, "approved")
    office.reach(case, "monitoring.decide_monitoring_disposal", executed_wan="1", **SHORT)

    office.do(case, "decide_monitoring_disposal", monitoring_disposal="candidate")

    assert [row.for_year for row in office.rows(Candidate, case)] == [2022]
    assert [each.payload["for_year"] for each in office.journal(case, "candidate.added")] == [2022]
