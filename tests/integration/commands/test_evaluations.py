"""Agencies are assigned without conflict of interest, and their reports accepted or sent back."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands.accept_evaluation import ReportNotSound, accept_evaluation
from engine.commands.assign_agency import assign_agency
from engine.commands.complete_task import complete_task
from engine.commands.engage_agency import engage_agency
from engine.commands.name_adviser import name_adviser
from engine.commands.plan_evaluation import plan_evaluation
from engine.directory import NotYourOffice, NotYourUnit, Unit
from engine.moves.advising import adviser_names
from engine.moves.engagement import AgencyConflicted, AssignmentIncomplete, Engagement, NotAnAgency
from engine.moves.finishing import SpecialStep
from engine.moves.outcome import Outcome
from engine.results.model import Assignment
from engine.reviews import ReasonMissing
from engine.scores import Score, final_score
from engine.store import Database
from engine.submissions import Submission
from engine.words import UnitKind
from tests.factories import Bureau, person_in
from tests.factories_forms import YEAR, valid_content
from tests.integration.refusals import refused
from tests.journeys import Journey, begin, evaluated


def planned(database: Database, bureau: Bureau, **changes: Any) -> Journey:
    """A project in the plan of the year, with no agency yet."""
    journey = begin(database, bureau, agency_id=None, **changes)
    journey.stand_at("key_evaluation")
    plan_evaluation(lambda: database.transaction("huaxi"), YEAR, by=bureau.office, at=journey.next_minute())
    return journey


def assign(journey: Journey, agency_id: int, *, element: str = "assign_evaluator", **changes: Any) -> None:
    terms = {"lead_evaluator": "孙主评", "declared_independent": True} | changes
    with journey.database.transaction("huaxi") as session:
        task = journey.task(element)
        engagement = Engagement(agency_id, **terms)
        assign_agency(session, task.id, engagement, by=journey.bureau.office, at=journey.next_minute())


def unit_of(database: Database, name: str, kind: UnitKind = UnitKind.AGENCY, department_id: int | None = None) -> int:
    with database.transaction("huaxi") as session:
        unit = Unit(jurisdiction="huaxi", name=name, kind=kind.value, department_id=department_id)
        session.add(unit)
        session.flush()
        return unit.id


def test_an_assigned_agency_drafts_the_report_itself(database: Database, bureau: Bureau) -> None:
    journey = planned(database, bureau)

    assign(journey, bureau.agency_id, contract_number="示例-合-001")

    draft = journey.task("draft_evaluation")
    assert (draft.unit_id, draft.role) == (bureau.agency_id, "agency")
    assert journey.case().agency_id == bureau.agency_id
    with database.transaction("huaxi") as session:
        kept = session.scalars(select(Assignment)).one()
    assert (kept.stage, kept.contract_number, kept.lead_evaluator) == ("key_evaluation", "示例-合-001", "孙主评")


def test_the_assignment_cannot_be_finished_like_an_ordinary_step(database: Database, bureau: Bureau) -> None:
    journey = planned(database, bureau)
    task = journey.task("assign_evaluator")

    with database.transaction("huaxi") as session, pytest.raises(SpecialStep, match="专门的办理页面"):
        complete_task(session, task.id, Outcome("recorded"), by=bureau.office, at=journey.next_minute())


def test_an_agency_that_advised_the_unit_this_year_is_refused(database: Database, bureau: Bureau) -> None:
    journey = planned(database, bureau)
    begin(database, bureau, "示例-咨询", facts={"advisers": [bureau.agency_id]})

    with pytest.raises(AgencyConflicted, match="本年度为被评价单位提供过咨询"):
        assign(journey, bureau.agency_id)

    assert journey.waiting() == ["assign_evaluator"]
    assert journey.case().agency_id is None


def test_who_is_put_on_record_as_an_adviser_is_refused_from_then_on(database: Database, bureau: Bureau) -> None:
    journey, other = planned(database, bureau), begin(database, bureau, "示例-咨询")
    said = {"reason": "示例：代编绩效自评材料", "by": bureau.office, "at": journey.next_minute()}
    with database.transaction("huaxi") as session:
        name_adviser(session, other.case_id, bureau.agency_id, **said)

    with pytest.raises(AgencyConflicted, match="本年度为被评价单位提供过咨询"):
        assign(journey, bureau.agency_id)
    with refused(database, "assignment.adviser_known"), database.transaction("huaxi") as session:
        name_adviser(session, journey.case_id, bureau.agency_id, **said)
    with refused(database, "assignment.not_an_agency"), database.transaction("huaxi") as session:
        name_adviser(session, journey.case_id, bureau.unit_id, **said)
    with refused(database, "review.reason_missing"), database.transaction("huaxi") as session:
        name_adviser(session, journey.case_id, bureau.agency_id, **said | {"reason": " "})

    (told,) = other.journal("agency.adviser_named")
    assert (told.payload["agency_id"], told.payload["reason"]) == (bureau.agency_id, said["reason"])
    with database.transaction("huaxi") as session:
        assert adviser_names(session, journey.case()) == ("示例机构",)


def test_advice_given_in_another_year_is_no_conflict(database: Database, bureau: Bureau) -> None:
    journey = planned(database, bureau)
    begin(database, bureau, "示例-往年", fiscal_year=YEAR - 1, facts={"advisers": [bureau.agency_id]})

    assign(journey, bureau.agency_id)

    assert journey.waiting() == ["draft_evaluation"]


def test_advice_given_to_another_unit_is_no_conflict(database: Database, bureau: Bureau) -> None:
    journey = planned(database, bureau)
    another = unit_of(database, "示例单位乙", UnitKind.UNIT)
    begin(database, bureau, "示例-别家", unit_id=another, facts={"advisers": [bureau.agency_id]})

    assign(journey, bureau.agency_id)

    assert journey.waiting() == ["draft_evaluation"]


def test_the_evaluated_unit_never_evaluates_itself(database: Database, bureau: Bureau) -> None:
    agency_as_unit = unit_of(database, "示例机构兼单位")
    journey = planned(database, bureau, unit_id=agency_as_unit)

    with pytest.raises(AgencyConflicted, match="不能评价自己"):
        assign(journey, agency_as_unit)


def test_the_department_of_the_evaluated_unit_does_not_evaluate_it(database: Database, bureau: Bureau) -> None:
    agency_as_department = unit_of(database, "示例机构兼主管部门")
    unit = unit_of(database, "示例单位丙", UnitKind.UNIT, agency_as_department)
    journey = planned(database, bureau, unit_id=unit)

    with pytest.raises(AgencyConflicted, match="不能评价自己"):
        assign(journey, agency_as_department)

    assert journey.case().agency_id is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"declared_independent": False}, AgencyConflicted), ({"lead_evaluator": " "}, AssignmentIncomplete)],
)
def test_an_assignment_wants_a_declaration_and_a_lead_evaluator(
    database: Database, bureau: Bureau, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        assign(planned(database, bureau), bureau.agency_id, **changes)


def test_a_unit_that_is_no_agency_cannot_be_assigned(database: Database, bureau: Bureau) -> None:
    with pytest.raises(NotAnAgency):
        assign(planned(database, bureau), bureau.department_id)


def test_when_an_agency_drops_out_its_open_task_goes_to_the_next_one(database: Database, bureau: Bureau) -> None:
    journey = planned(database, bureau)
    assign(journey, bureau.agency_id)
    other = unit_of(database, "示例第二机构")

    with database.transaction("huaxi") as session:
        engagement = Engagement(other, "示例第二主评人", declared_independent=True)
        engage_agency(session, journey.case_id, engagement, by=bureau.office, at=journey.next_minute())

    assert journey.task("draft_evaluation").unit_id == other
    with pytest.raises(NotYourUnit):
        journey.do("draft_evaluation", by=bureau.agency)


def test_an_engagement_outside_any_step_is_kept_with_the_stage_the_case_was_in(
    database: Database, bureau: Bureau
) -> None:
    journey = planned(database, bureau)
    engagement = Engagement(bureau.agency_id, "孙主评", declared_independent=True)

    with database.transaction("huaxi") as session:
        engage_agency(session, journey.case_id, engagement, by=bureau.office, at=journey.next_minute())

    (row,) = journey.office.rows(Assignment, journey.case_id)
    assert (row.stage, row.task_id) == (journey.case().stage, None)


def test_a_collective_review_waiting_with_finance_goes_to_the_agency_engaged_later(database: Database) -> None:
    from tests.factories import bureau_in

    with database.transaction("haicang") as session:
        haicang = bureau_in(session, "haicang")
    journey, another = (begin(database, haicang, code, agency_id=None) for code in ("示例-甲", "示例-乙"))
    for each in (journey, another):
        each.stand_at("target_filing")
        each.move_to("target_filing", "review_collectively")
        assert each.task("review_collectively").unit_id == haicang.finance_id

    with database.transaction("haicang") as session:
        engagement = Engagement(haicang.agency_id, "孙主评", declared_independent=True)
        engage_agency(session, journey.case_id, engagement, by=haicang.office, at=journey.next_minute())

    task = journey.task("review_collectively")
    assert (task.unit_id, task.role) == (haicang.agency_id, "agency")
    assert another.task("review_collectively").unit_id == haicang.finance_id


def test_only_finance_engages_agencies(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    engagement = Engagement(bureau.agency_id, "孙主评", declared_independent=True)

    with database.transaction("huaxi") as session, pytest.raises(NotYourOffice):
        engage_agency(session, journey.case_id, engagement, by=bureau.clerk, at=journey.at)


def reported(database: Database, bureau: Bureau, **cells: Any) -> Journey:
    """A project whose evaluation report waits to be accepted."""
    journey = planned(database, bureau)
    assign(journey, bureau.agency_id)
    journey.do("draft_evaluation")
    journey.do("comment_on_evaluation")
    journey.do("finish_evaluation", content=valid_content("F09", **cells))
    return journey


def heard(database: Database, bureau: Bureau, *remarks: dict[str, Any]) -> Journey:
    """A project whose unit has said this to the draft of its evaluation."""
    journey = planned(database, bureau)
    assign(journey, bureau.agency_id)
    journey.do("draft_evaluation", content=valid_content("F09"))
    task = journey.task("comment_on_evaluation")
    with database.transaction("huaxi") as session:
        outcome = Outcome("recorded", remarks=list(remarks))
        complete_task(session, task.id, outcome, by=bureau.clerk, at=journey.next_minute())
    return journey


SCORE, TARGET = "rows[practice].score", "rows[practice].target"
OBJECTIONS = (
    {"path": SCORE, "text": "示例：扣分依据的是去年的材料"},
    {"path": TARGET, "text": "示例：目标值以批复为准"},
)


def test_what_the_unit_says_to_the_draft_is_answered_place_by_place_before_the_report_is_final(
    database: Database, bureau: Bureau
) -> None:
    journey = heard(database, bureau, *OBJECTIONS)
    taken_up = valid_content("F09", **{SCORE: "10"})
    answered = taken_up | {"explanations": {TARGET: "示例：批复的目标值已核对，不改"}}

    with refused(database, "review.objection_unanswered") as refusal:
        journey.do("finish_evaluation", content=taken_up)
    journey.do("finish_evaluation", content=answered)

    assert refusal.value.facts["paths"] == [TARGET]
    assert "还有 1 条没有答复" in refusal.value.message
    told = {entry.payload["path"]: entry.payload["state"] for entry in journey.journal("remark.answered")}
    assert told == {SCORE: "changed", TARGET: "explained"}


def test_what_is_said_to_the_whole_draft_needs_no_place_to_be_answered(database: Database, bureau: Bureau) -> None:
    journey = heard(database, bureau, {"path": "", "text": "示例：总体认可"})

    journey.do("finish_evaluation")

    assert journey.waiting() == ["accept_evaluation"]


def accept(journey: Journey, **how: Any) -> None:
    with journey.database.transaction("huaxi") as session:
        task = journey.task("accept_evaluation")
        accept_evaluation(session, task.id, **{"by": journey.bureau.office, "at": journey.next_minute()} | how)


def test_an_accepted_report_gives_the_case_its_score(database: Database, bureau: Bureau) -> None:
    journey = reported(database, bureau)

    accept(journey)

    with database.transaction("huaxi") as session:
        score = final_score(session, journey.case_id)
        assert score is not None
        assert (str(score.total), score.grade, score.kind) == ("87.75", "良", "third_party")
    (entry,) = journey.journal("evaluation.accepted")
    assert entry.payload == {"version": 2, "score": "87.75", "grade": "良"}
    assert journey.waiting() == ["appraise_agency"]


def test_a_returned_report_comes_back_as_a_new_version_and_its_score_does_not_count(
    database: Database, bureau: Bureau
) -> None:
    journey = reported(database, bureau, **{"rows[practice].score": "10"})

    accept(journey, accepted=False, reason="示例：扣分没有证据")
    assert journey.waiting() == ["finish_evaluation"]
    journey.do("finish_evaluation")
    accept(journey)

    with database.transaction("huaxi") as session:
        score = final_score(session, journey.case_id)
        states = session.scalars(
            select(Submission.state).where(Submission.form == "F09").order_by(Submission.version)
        ).all()
    assert score is not None
    assert str(score.total) == "87.75"
    assert states == ["submitted", "returned", "approved"]
    (entry,) = journey.journal("evaluation.returned")
    assert (entry.payload["version"], entry.payload["reason"]) == (2, "示例：扣分没有证据")


def test_a_report_is_returned_only_with_a_reason(database: Database, bureau: Bureau) -> None:
    with pytest.raises(ReasonMissing):
        accept(reported(database, bureau), accepted=False)


def test_a_report_whose_grade_its_score_does_not_give_cannot_be_accepted(database: Database, bureau: Bureau) -> None:
    journey = reported(database, bureau)
    latest = journey.case().forms.latest["F09", None].id
    with database.transaction("huaxi") as session:
        session.scalars(select(Score).where(Score.submission_id == latest)).one().grade = "优"

    with pytest.raises(ReportNotSound, match="等级是“良”，报告写的是“优”"):
        accept(journey)

    assert journey.waiting() == ["accept_evaluation"]


def test_whoever_wrote_the_report_does_not_accept_it(database: Database, bureau: Bureau) -> None:
    journey = reported(database, bureau)

    with pytest.raises(NotYourUnit):
        accept(journey, by=bureau.agency)


def test_the_evaluation_outranks_the_units_own_score(database: Database, bureau: Bureau) -> None:
    journey = evaluated(begin(database, bureau))
    with database.transaction("huaxi") as session:
        report = session.scalars(select(Score).where(Score.case_id == journey.case_id).limit(1)).one()
        own = {name: getattr(report, name) for name in ("jurisdiction", "case_id", "submission_id", "method", "basis")}
        session.add(Score(id=UUID(int=1), kind="self", total=99, grade="优", scored_at=journey.next_minute(), **own))

    with database.transaction("huaxi") as session:
        score = final_score(session, journey.case_id)

    assert score is not None
    assert score.kind == "third_party"


def test_a_person_of_the_finance_bureau_who_is_not_in_the_office_does_not_assign(
    database: Database, bureau: Bureau
) -> None:
    journey = planned(database, bureau)
    with database.transaction("huaxi") as session:
        stranger = person_in(session, session.get_one(Unit, bureau.finance_id), "示例路人")
        engagement = Engagement(bureau.agency_id, "孙主评", declared_independent=True)
        with pytest.raises(NotYourOffice):
            assign_agency(session, journey.task("assign_evaluator").id, engagement, by=stranger, at=journey.at)
