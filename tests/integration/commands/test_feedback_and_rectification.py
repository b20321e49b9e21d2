"""From the letter to the last problem struck off the ledger."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.close_rectification import EvidenceMissing, close_rectification
from engine.commands.issue_feedback import issue_feedback
from engine.moves.filling import SubmissionIncomplete
from engine.moves.letters import NothingEvaluated, NotTheResult, NumberTaken
from engine.moves.rectifying import HasItsOwnStep
from engine.rectifications import Letter
from engine.reviews import OwnSubmission
from engine.store import Database
from engine.submissions import Submission
from tests.factories import Bureau
from tests.factories_forms import valid_content
from tests.integration.commands.problems import ledger, opened, report
from tests.journeys import Journey, begin, evaluated


@pytest.fixture
def journey(database: Database, bureau: Bureau) -> Journey:
    """A project evaluated with 87.75, whose letter is to be issued."""
    journey = evaluated(begin(database, bureau))
    journey.do("appraise_agency")
    return journey


def issue(journey: Journey, element: str = "issue_feedback_letter", **cells: Any) -> None:
    with journey.database.transaction("huaxi") as session:
        task = journey.task(element)
        content = valid_content("F10", **cells)
        issue_feedback(session, task.id, content, by=journey.bureau.office, at=journey.next_minute())


def answered(journey: Journey) -> Journey:
    """The unit signed for the letter and agrees: every problem is being worked on."""
    issue(journey)
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：无异议", objection="none")
    return journey


def test_the_letter_opens_one_ledger_row_for_every_problem(journey: Journey) -> None:
    issue(journey)

    rows = ledger(journey)
    assert sorted(rows) == ["q1", "q2"]
    assert rows["q1"].requirement == "示例：按月编制用款计划；示例：逐项整改，责任到人，按期报送整改报告。"
    assert (rows["q1"].origin, rows["q1"].category, rows["q1"].amount_wan) == ("key_evaluation", "execution", 27)
    assert (rows["q2"].opened_on, rows["q2"].due_on) == (date(2022, 10, 12), date(2022, 12, 12))
    assert [entry.payload["items"] for entry in journey.journal("feedback.issued")] == [["q1", "q2"]]


def test_the_letter_itself_is_kept_with_number_score_and_grade(journey: Journey) -> None:
    issue(journey)

    with journey.database.transaction("huaxi") as session:
        letter = session.scalars(select(Letter)).one()
    assert (letter.number, letter.score, letter.grade) == ("示例财绩〔2022〕1号", Decimal("87.75"), "良")
    assert letter.signed_at is None


def test_the_units_signature_is_kept_on_the_letter(journey: Journey) -> None:
    issue(journey)

    journey.do("sign_feedback")

    with journey.database.transaction("huaxi") as session:
        letter = session.scalars(select(Letter)).one()
    assert (letter.signed_by, letter.signed_at) == (journey.bureau.clerk.person_id, journey.at)
    assert len(journey.journal("feedback.signed")) == 1


def test_a_number_can_be_given_once_in_a_jurisdiction(journey: Journey, database: Database, bureau: Bureau) -> None:
    issue(journey)
    other = evaluated(begin(database, bureau, "示例-2021-002"))
    other.do("appraise_agency")

    with pytest.raises(NumberTaken, match="文号“示例财绩〔2022〕1号”已经用过"):
        issue(other)

    assert other.waiting() == ["issue_feedback_letter"]
    assert ledger(other) == {}


@pytest.mark.parametrize("cells", [{"total_score": "88.75"}, {"grade": "优"}])
def test_a_letter_that_states_another_result_is_refused(journey: Journey, cells: Mapping[str, str]) -> None:
    with pytest.raises(Exception, match="87.75|良"):
        issue(journey, **cells)

    assert journey.waiting() == ["issue_feedback_letter"]


def test_a_result_that_changed_since_the_form_was_checked_is_noticed(journey: Journey) -> None:
    from engine.scores import Score

    with journey.database.transaction("huaxi") as session:
        for score in session.scalars(select(Score).where(Score.case_id == journey.case_id)):
            score.total = Decimal("86.00")

    with pytest.raises(NotTheResult, match="与评价得分86.00不一致"):
        issue(journey)


def test_nothing_is_fed_back_where_nothing_was_evaluated(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    journey.stand_at("feedback")
    journey.move_to("feedback", "issue_feedback_letter")

    with pytest.raises(NothingEvaluated, match="还没有评价或复核得分"):
        issue(journey)


def test_a_notice_that_demands_nothing_opens_no_rows_and_skips_rectification(journey: Journey) -> None:
    journey.move_to("feedback", "issue_result_notice")

    issue(journey, "issue_result_notice")
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：无异议", objection="none")

    assert ledger(journey) == {}
    assert journey.case().stage == "result_use"


def test_a_notice_that_tells_the_result_cannot_demand_anything(journey: Journey) -> None:
    journey.move_to("feedback", "issue_result_notice")

    with pytest.raises(NotTheResult, match="本件不要求整改"):
        issue(journey, "issue_result_notice", demands=True)

    assert journey.waiting() == ["issue_result_notice"]


def test_an_objection_that_holds_leads_to_a_new_letter_whose_rows_replace_the_old(journey: Journey) -> None:
    issue(journey)
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：第二个问题不属实", objection="raised")
    uphold(journey)

    one_problem = valid_content("F10")
    issue(
        journey,
        doc_number="示例财绩〔2022〕2号",
        problems=one_problem["problems"][:1],
        suggestions=one_problem["suggestions"][:1],
    )

    states = {item: row.state for item, row in ledger(journey).items()}
    assert states == {"q1": "open", "q1（第1稿）": "replaced", "q2（第1稿）": "replaced"}
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：无异议", objection="none")
    assert [task.item for task in journey.tasks()] == ["q1"]


def test_of_three_letters_the_rows_of_each_keep_the_version_they_stood_in(journey: Journey) -> None:
    for number in (1, 2):
        issue(journey, doc_number=f"示例财绩〔2022〕{number}号")
        journey.do("sign_feedback")
        journey.do("answer_feedback", reason="示例：第二个问题不属实", objection="raised")
        uphold(journey)

    issue(journey, doc_number="示例财绩〔2022〕3号")

    assert {item: row.state for item, row in ledger(journey).items()} == {
        "q1（第1稿）": "replaced", "q2（第1稿）": "replaced",
        "q1（第2稿）": "replaced", "q2（第2稿）": "replaced",
        "q1": "open", "q2": "open",
    }  # fmt: skip


def test_a_new_letter_leaves_a_problem_somebody_else_found_open(journey: Journey) -> None:
    issue(journey)
    row_id = opened(journey)
    journey.do("sign_feedback")
    journey.do("answer_feedback", reason="示例：第二个问题不属实", objection="raised")
    uphold(journey)

    issue(journey, doc_number="示例财绩〔2022〕2号")

    (of_the_audit,) = [row for row in ledger(journey).values() if row.id == row_id]
    assert (of_the_audit.origin, of_the_audit.state) == ("audit", "open")


def uphold(journey: Journey) -> None:
    """The objection holds: the agency corrects its report, and finance accepts it."""
    journey.do("review_objection", reason="示例：核实成立", objection_result="upheld")
    journey.do("correct_evaluation")
    journey.do("accept_corrected_evaluation")


def plan_for(item: str) -> dict[str, Any]:
    """What the unit plans for one problem: its row of F11, not done yet."""
    return report_for(item, completed=False, unfinished_reason="示例：正在办理", done=None, evidence=None)


def report_for(item: str, **cells: Any) -> dict[str, Any]:
    """The report on one problem, done and shown unless `cells` say otherwise."""
    content = valid_content("F11")
    (row,) = [row for row in content["items"] if row["id"] == item]
    done = {
        "completed": True,
        "done": "示例：已办",
        "completed_on": "2022-10-13",
        "evidence": row.get("evidence") or [{"id": "e1", "name": "示例：照片"}],
        "unfinished_reason": None,
        "verified_by": None,
        "verified_on": None,
    }
    row = {name: value for name, value in (row | done | cells).items() if value is not None}
    return content | {"items": [row]}


def work_on(journey: Journey, item: str, **cells: Any) -> Journey:
    """The unit plans, carries out and confirms one problem."""
    mode = {"rectification_mode": "scheduled"}
    journey.do("plan_rectification", item=item, content=plan_for(item), **mode)
    journey.do("confirm_rectification_plan", item=item)
    journey.do("carry_out_rectification", item=item, content=report_for(item, **cells))
    journey.do("confirm_rectification", item=item)
    return journey


def verify(journey: Journey, item: str, **how: Any) -> None:
    with journey.database.transaction("huaxi") as session:
        task = journey.task("verify_rectification", item)
        given = {"by": journey.bureau.office, "at": journey.next_minute()} | how
        close_rectification(session, task.id, **given)


def test_every_problem_is_worked_on_side_by_side(journey: Journey) -> None:
    answered(journey)

    assert [(task.element, task.item) for task in journey.tasks()] == [
        ("plan_rectification", "q1"),
        ("plan_rectification", "q2"),
    ]


def test_the_plan_puts_a_name_on_the_ledger_and_the_report_its_state(journey: Journey) -> None:
    work_on(answered(journey), "q1")

    row = ledger(journey)["q1"]
    assert (row.responsible_person, row.state) == ("示例责任人", "reported")
    assert ledger(journey)["q2"].state == "open"


def test_a_problem_done_and_shown_is_struck_off_by_finance(journey: Journey) -> None:
    work_on(answered(journey), "q1", recovered_wan="3.5")

    verify(journey, "q1")

    row = ledger(journey)["q1"]
    assert (row.state, row.verified_by) == ("closed", journey.bureau.office.person_id)
    assert (row.closed_on, row.rules_improved, row.recovered_wan) == (date(2022, 10, 12), 1, Decimal("3.5"))
    assert [task.item for task in journey.tasks()] == ["q2"]


def test_after_the_last_problem_the_unit_compiles_its_report(journey: Journey) -> None:
    answered(journey)
    for item in ("q1", "q2"):
        work_on(journey, item)
        verify(journey, item)

    assert journey.waiting() == ["compile_rectification_report"]


def test_a_problem_sent_back_counts_a_round_and_is_carried_out_again(journey: Journey) -> None:
    work_on(answered(journey), "q1")

    verify(journey, "q1", accepted=False, reason="示例：佐证看不清")

    row = ledger(journey)["q1"]
    assert (row.state, row.rounds) == ("returned", 1)
    assert journey.task("carry_out_rectification", "q1").round == 3


def test_a_report_without_evidence_is_not_struck_off(journey: Journey) -> None:
    answered(journey)
    journey.do("plan_rectification", item="q1", content=plan_for("q1"), rectification_mode="scheduled")
    journey.do("confirm_rectification_plan", item="q1")
    journey.do("carry_out_rectification", item="q1", content=plan_for("q1"))
    journey.do("confirm_rectification", item="q1")

    with pytest.raises(EvidenceMissing, match="整改事项q1的报告没有写明已完成并附佐证"):
        verify(journey, "q1")

    assert ledger(journey)["q1"].state == "reported"


def test_a_report_that_says_done_and_shows_nothing_is_not_struck_off(journey: Journey) -> None:
    work_on(answered(journey), "q1")
    with journey.database.transaction("huaxi") as session:
        of_q1 = select(Submission).where(Submission.form == "F11", Submission.item == "q1").order_by(Submission.version)
        latest = session.scalars(of_q1).all()[-1]
        (row,) = latest.content["items"]
        latest.content = latest.content | {"items": [row | {"evidence": []}]}

    with pytest.raises(EvidenceMissing):
        verify(journey, "q1")


def test_a_report_does_not_name_who_files_it_as_who_verified_it(journey: Journey) -> None:
    with pytest.raises(SubmissionIncomplete, match="就是填报人"):
        work_on(answered(journey), "q1", verified_by=journey.bureau.clerk.name)


def test_who_filed_the_report_does_not_verify_it_not_through_a_substitute_either(journey: Journey) -> None:
    work_on(answered(journey), "q1")
    clerk, office = journey.bureau.clerk, journey.bureau.office

    for by in (replace(office, person_id=clerk.person_id), replace(office, acting_for=clerk.person_id)):
        with pytest.raises(OwnSubmission):
            verify(journey, "q1", by=by)


def test_a_problem_of_the_letter_is_worked_on_through_its_tasks(journey: Journey) -> None:
    answered(journey)

    with pytest.raises(HasItsOwnStep, match="请从待办里办理"):
        report(journey, ledger(journey)["q1"].id)
