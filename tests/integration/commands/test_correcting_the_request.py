"""更正申报金额: what follows the amount, and who may still change it (HX-02, HX-16)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.audit.verify import verify
from engine.cases import FundLine
from engine.commands.correct_request import correct_request
from engine.commands.start_case import Line
from engine.directory import Actor, NotYourUnit
from engine.moves.asking import moves_open_to
from engine.moves.requests import can_be_corrected
from engine.store import Database
from tests.integration.desk import SHORT
from tests.office import Office

TWO = (Line("财政拨款", Decimal("60")), Line("财政拨款（经开区）", Decimal("40")))


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def _correct(office: Office, case_id: int, amount: str, by: Actor | None = None, **how: Any) -> None:
    with office.transactions() as session:
        reason = "示例：重复计算"
        correct_request(
            session, case_id, Decimal(amount), reason=reason, by=by or office.bureau.clerk, at=office.now, **how
        )


def test_lines_and_open_tasks_follow_and_the_journal_holds_all_of_it(office: Office) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.fill_target", **SHORT)

    _correct(office, case_id, "80", lines={1: Decimal(30), 2: Decimal(50)})

    with office.transactions() as session:
        lines = [line.amount_wan for line in session.query(FundLine).order_by(FundLine.line_no)]
        assert verify(session, "huaxi").breaks == ()
    assert lines == [30, 50]
    assert office.case(case_id).amount_wan == 80
    assert {task.amount_wan for task in office.tasks(case_id)} == {80}
    (entry,) = office.journal(case_id, "request.corrected")
    assert (entry.payload["from_wan"], entry.payload["amount_wan"]) == ("100", "80")
    assert entry.payload["shares"] == ["财政拨款60→30", "财政拨款（经开区）40→50"]


def test_only_the_split_may_be_corrected_too(office: Office) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.fill_target", **SHORT)

    _correct(office, case_id, "100", lines={1: Decimal(70), 2: Decimal(30)})

    (entry,) = office.journal(case_id, "request.corrected")
    assert entry.payload["shares"] == ["财政拨款60→70", "财政拨款（经开区）40→30"]


def test_a_clerk_of_another_unit_corrects_nothing(office: Office) -> None:
    case_id = office.open_case()
    stranger = replace(office.bureau.clerk, unit_id=office.bureau.office.unit_id)

    with pytest.raises(NotYourUnit, match="由申报的单位更正"):
        _correct(office, case_id, "80", by=stranger)


def test_a_policy_and_a_whole_department_are_corrected_as_well(office: Office) -> None:
    whole = office.open_case("whole_department", "示例-整体")
    office.reach(whole, "target_filing.check_target", **SHORT)

    _correct(office, whole, "9000")

    assert office.case(whole).amount_wan == 9000
    assert office.case(whole).forms.of("F04").other_amount


def test_before_a_reviewer_opens_the_paper_it_is_known_that_only_sending_back_is_possible(office: Office) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.check_target", **SHORT)
    _correct(office, case_id, "80")

    with office.transactions() as session:
        (task,) = office.tasks(case_id)
        moves = moves_open_to(session, task.id, office.bureau.department, at=office.now)

    assert {move.word: move.refusal and move.refusal.code for move in moves} == {
        "approved": "submission.another_amount",
        "returned": None,
    }


def test_it_is_offered_to_the_unit_until_a_review_lets_the_target_pass(office: Office) -> None:
    case_id = office.open_case()
    offered = []
    for place in ("fill_target", "check_target", "review_target", "approve_budget"):
        office.reach(case_id, f"target_filing.{place}", **SHORT)
        with office.transactions() as session:
            offered.append(can_be_corrected(session, office.bureau.clerk, case_id))

    assert offered == [True, True, False, False]


def test_a_whole_department_goes_by_no_threshold_of_projects(database: Database) -> None:
    office = Office.opened(database, "guangzhou")
    whole = office.open_case("whole_department", "示例-整体", "400", project_nature="new")
    office.reach(whole, "target_filing.fill_target")

    _correct(office, whole, "9000")

    assert office.case(whole).amount_wan == 9000
