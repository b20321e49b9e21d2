"""A form without points goes through the year: nothing is scored, nobody is graded by it, and the case ends."""

from typing import Any

from engine.scores import final_score
from tests.integration.desk import SHORT, events, opened, versions
from tests.office import Office
from tests.sample_forms.cells import INDICATORS

ROWS = [row["id"] for row in INDICATORS]
UNWEIGHED: dict[str, Any] = {f"indicators[{row}].weight": None for row in ROWS}
UNSCORED = UNWEIGHED | {f"indicators[{row}].score": None for row in ROWS}
UNSCORED |= {"funds.weight": None, "funds.score": None}


def test_a_target_and_a_self_evaluation_without_points_lead_to_the_end_of_the_case(office: Office) -> None:
    case = opened(office)
    office.reach(case, "target_filing.fill_target", **SHORT)
    office.do(case, "fill_target", changes=UNWEIGHED)
    office.reach(case, "self_evaluation.fill_self_evaluation")

    office.do(case, "fill_self_evaluation", changes=UNSCORED)
    office.do(case, "confirm_self_evaluation")
    office.do(case, "check_self_evaluation")

    assert versions(office, case, "F06") == [(1, "approved")]
    assert "score.given" not in events(office, case)
    with office.transactions() as session:
        assert final_score(session, case) is None
    assert office.finish(case).state == "closed"
