"""更正资料: what is known of an object is put right, and the tables are told so from then on."""

from typing import Any

import pytest
from sqlalchemy import update

from engine.audit.verify import verify
from engine.cases import Case
from engine.commands.correct_facts import correct_facts
from engine.moves.facts import Decider
from engine.moves.frames import PURPOSES, frame_for
from engine.stages import library_of
from engine.store import Database
from engine.words import CaseKind
from tests.integration.desk import SHORT
from tests.office import FISCAL_YEAR, Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database, "guangzhou")


def _correct(office: Office, case_id: int, **facts: Any) -> tuple[str, ...]:
    """Correct these facts; gives what the journal says of the tables."""
    with office.transactions() as session:
        correct_facts(session, case_id, facts, reason="示例：登记错", by=office.bureau.office, at=office.now)
    return tuple(office.journal(case_id, "facts.corrected")[-1].payload.get("rulings", ()))


def test_a_later_ruling_goes_by_the_corrected_facts(office: Office) -> None:
    case_id = office.open_case(amount_wan="2000", project_nature=None)
    assert office.open_steps(case_id) == ["ex_ante_assessment.decide_ex_ante_required"]

    rulings = _correct(office, case_id, project_nature="new", spending_frequency="one_off")
    office.do(case_id, "decide_ex_ante_required", ex_ante_verdict="exempt")

    assert rulings == (
        "是否须事前绩效评估：资料不全→否（正由人认定，请按更正后的认定）",
        "是否须入库评审：资料不全→是（以后按更正后的判定）",
    )
    assert office.open_steps(case_id) == ["ex_ante_assessment.review_entry"]


def test_what_a_process_of_an_earlier_release_carries_is_not_looked_at(office: Office) -> None:
    case_id = office.open_case(amount_wan="2000", project_nature="new")

    with office.transactions() as session:
        case = session.get_one(Case, case_id)
        policy = library_of(session).policy_version(session, case.policy_id)
        decide = Decider(case, policy, office.today, session)
        answer = decide("entry_review_required", {"project_nature": "continuing", "spending_frequency": "one_off"})

    assert answer == {"undefined": False, "required": True}


def test_what_was_ruled_already_is_told_and_stays(office: Office) -> None:
    case_id = office.open_case(amount_wan="2000")
    before = office.open_steps(case_id)

    rulings = _correct(office, case_id, project_nature="new")

    assert rulings == (
        "是否须事前绩效评估：否→是（已经判定过，不重新判定）",
        "是否须入库评审：否→是（已经判定过，不重新判定）",
    )
    assert office.open_steps(case_id) == before


def test_what_changes_no_answer_is_only_put_on_record(office: Office) -> None:
    case_id = office.open_case(amount_wan="1")

    rulings = _correct(office, case_id, spending_frequency="one_off")

    (entry,) = office.journal(case_id, "facts.corrected")
    assert rulings == ()
    assert entry.payload["before"] == {"spending_frequency": "recurrent"}
    assert entry.payload["after"] == {"spending_frequency": "one_off"}
    with office.transactions() as session:
        assert verify(session, "guangzhou").breaks == ()


def test_a_fact_that_is_not_known_after_all_is_taken_off_the_record_and_the_others_stay(office: Office) -> None:
    case_id = office.open_case(amount_wan="1")

    _correct(office, case_id, project_nature=None)

    assert office.case(case_id).facts == {"spending_frequency": "recurrent", "project_category": "development"}


def test_a_target_handed_in_under_another_category_is_named(office: Office) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.check_target", **SHORT)

    rulings = _correct(office, case_id, project_category="operation_support")

    assert rulings == ("已填报的绩效目标写明的项目类别要与更正后的一致，不一致的请退回重报",)


def test_the_quota_of_a_department_is_corrected_as_an_amount(database: Database) -> None:
    office = Office.opened(database, "conghua")
    case_id = office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-整体", "400")

    _correct(office, case_id, public_expense_quota_wan="120.5")

    assert office.case(case_id).facts["public_expense_quota_wan"] == "120.5"


def test_marks_no_table_reads_do_not_stop_a_draw_of_the_year_and_can_be_put_right(database: Database) -> None:
    office = Office.opened(database, "conghua")
    good, bad = office.open_case(marks=["government_investment"]), office.open_case(code="示例-坏")
    for case_id in (good, bad):
        office.reach(case_id, "spot_review", **SHORT)
    with office.transactions() as session:
        session.execute(update(Case).where(Case.id == bad).values(facts={"marks": ["旧标记"]}))

    first = _frame(office)
    _correct(office, bad, marks=["government_investment"])

    assert first == ({good, bad}, (bad,))
    assert _frame(office) == ({good, bad}, ())


def _frame(office: Office) -> tuple[set[int], tuple[int, ...]]:
    with office.transactions() as session:
        frame = frame_for(session, office.bureau.jurisdiction, FISCAL_YEAR, PURPOSES["spot_review"], at=office.now)
    return {member["case"] for member in frame.members}, frame.undefined
