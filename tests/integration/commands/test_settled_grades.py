"""One grade of a result from its acceptance on: the table's, the report's with its reason, or a person's."""

import pytest
from sqlalchemy import select, text

from engine.audit.verify import verify
from engine.queries.grade_reasons import why_this_grade
from engine.rectifications import Letter
from engine.scores import final_score
from engine.store import Database
from tests.integration.desk import SHORT
from tests.office import Office

WHY = "示例：参照全国分段"
OUT = "feedback.sign_feedback"


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def at_decision(office: Office, stage: str) -> int:
    """A project whose result has no grade in the table: 花溪 says nothing below 80."""
    case = office.open_case()
    if stage == "spot_review":
        office.reach(case, "spot_review.decide_spot_review_grade", **SHORT, sampled=True, score="75")
    else:
        office.reach(case, "key_evaluation.decide_evaluation_grade", **SHORT, score="75", grade="中")
    return case


def grade_of(office: Office, case: int) -> str | None:
    with office.transactions() as session:
        score = final_score(session, case)
        assert score is not None
        return score.grade


def told(office: Office, case: int) -> tuple[str | None, str]:
    """The grade and on what it rests, as people are told."""
    with office.transactions() as session:
        why = why_this_grade(session, office.bureau.office, case)
        return why.value, why.parts[0].label


def test_the_grade_a_person_gives_is_the_grade_everywhere_from_then_on(office: Office) -> None:
    case = at_decision(office, "key_evaluation")

    office.do(case, "decide_evaluation_grade", grade="低", reason=WHY)
    office.reach(case, OUT, **SHORT)

    with office.transactions() as session:
        letter = session.scalars(select(Letter.grade).where(Letter.case_id == case)).one()
        assert verify(session, "huaxi").breaks == ()
    assert (grade_of(office, case), letter) == ("低", "低")
    assert told(office, case) == ("低", f"认定（本区未规定）：{WHY}")
    (entry,) = office.journal(case, "grade.settled")
    assert (entry.payload["grade"], entry.payload["ground"], entry.by) == (
        "低",
        "person",
        office.bureau.office.person_id,
    )


def test_a_report_that_explains_another_grade_is_accepted_with_it_and_the_letter_can_go_out(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "key_evaluation.accept_evaluation", **SHORT, score="87.75", grade="优")

    office.do(case, "accept_evaluation")
    accepted = office.journal(case, "evaluation.accepted")[-1].payload["grade"]
    office.reach(case, OUT, **SHORT)

    with office.transactions() as session:
        letter = session.scalars(select(Letter.grade).where(Letter.case_id == case)).one()
    assert (accepted, grade_of(office, case), letter) == ("优", "优", "优")
    assert told(office, case)[1].startswith("按评价报告说明的理由（等级表为良）")


def test_a_report_that_names_the_tables_grade_settles_nothing(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "key_evaluation.accept_evaluation", **SHORT, score="87.75")

    office.do(case, "accept_evaluation")

    assert grade_of(office, case) == "良"
    assert office.journal(case, "grade.settled") == []


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE scores SET grade = '优' WHERE kind = 'third_party'",
        "UPDATE scores SET basis = basis - 'settled' WHERE kind = 'third_party'",
        "UPDATE scores SET total = 99 WHERE kind = 'third_party'",
    ],
)
def test_whoever_changes_a_settled_grade_behind_the_journals_back_is_named(office: Office, forged: str) -> None:
    case = at_decision(office, "key_evaluation")
    office.do(case, "decide_evaluation_grade", grade="低", reason=WHY)
    with office.database.owner.begin() as connection:
        connection.execute(text("SELECT set_config('app.upkeep', 'on', true)"))
        connection.execute(text(forged))

    with office.transactions() as session:
        found = [broken.message for broken in verify(session, "huaxi").breaks]

    assert any("得分与校验值不符" in message for message in found)


def test_a_score_forged_before_its_grade_was_settled_is_found_all_the_same(office: Office) -> None:
    case = at_decision(office, "key_evaluation")
    with office.database.owner.begin() as connection:
        connection.execute(text("SELECT set_config('app.upkeep', 'on', true)"))
        connection.execute(text("UPDATE scores SET total = 79 WHERE kind = 'third_party'"))
    office.do(case, "decide_evaluation_grade", grade="低", reason=WHY)

    with office.transactions() as session:
        found = [broken.message for broken in verify(session, "huaxi").breaks]

    assert any("得分与校验值不符" in message for message in found)
