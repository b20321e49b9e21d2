"""Steps with a command of their own: what they ask besides, what they refuse, and that nothing typed is lost."""

from collections.abc import Iterator

import pytest

from engine.commands.correct_state import correct_state
from engine.store import Database
from tests.integration.desk import sound
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.filling import fill_in
from tests.pages.year import AGENCY, LEAD, Year

GROUND = "示例：按上级公开要求办理"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """海沧区: its departments choose agencies themselves, and its table does not say that results are published."""
    office = Office.opened(database, "haicang")
    yield office
    sound(office)


def test_a_department_chooses_an_agency_and_keeps_what_it_typed_until_the_agency_has_declared_itself(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case(), way={"organizer": "department"})
    work, hands = year.reach("key_evaluation.assign_department_evaluator")

    hands.type("lead_evaluator", LEAD)
    hands.type("contract_number", "示例-合-1")
    hands.press(name="word", value="recorded")
    nobody = hands.status, hands.said()
    hands.choose("agency", AGENCY)
    hands.press(name="word", value="recorded")
    undeclared = hands.status, hands.said()
    kept = hands.value("agency") + hands.value("lead_evaluator") + hands.value("contract_number")
    hands.type("declared_independent", "yes")
    hands.press(name="word", value="recorded")

    assert nobody == (422, "没有选择机构，没有委派。请选择一家已登记的第三方机构。")
    assert undeclared == (403, f"“{AGENCY}”还没有作回避声明，没有委派。请其声明与被评价单位无利害关系。")
    assert kept == [str(office.bureau.agency_id), LEAD, "示例-合-1"]
    assert hands.path == f"/tasks/{work.task.id}/receipt"
    assert office.open_steps(year.case_id) == ["key_evaluation.draft_evaluation"]


def test_a_sitting_wants_a_day_that_can_be_read_and_an_opinion_where_it_did_not_pass(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case())
    work, hands = year.reach("result_use.record_government_deliberation")
    proposed = hands.value("body")

    hands.type("answer.deliberation", "revise")
    hands.type("held_on", "昨天")
    hands.press(name="word", value="recorded")
    unread = hands.status, hands.said()
    hands.type("held_on", work.day)
    hands.press(name="word", value="recorded")
    without_opinion = hands.status, hands.said()
    hands.type("opinion", "示例：请补充整改情况后再报")
    hands.press(name="word", value="recorded")

    assert proposed == ["executive_meeting"]
    assert unread == (422, "会议日期写的是“昨天”，读不出日期，没有办理。请按“2022-10-12”的样子填写。")
    assert without_opinion == (422, "审议未通过的要写明意见，没有登记。请补充。")
    assert office.open_steps(year.case_id) == ["result_use.handle_government_opinions"]


def test_what_the_table_puts_first_is_recorded_beside_the_sitting_which_says_that_it_is_missing(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case())
    work, hands = year.reach("result_use.record_government_deliberation")
    offered = hands.value("noted_body")

    hands.type("answer.deliberation", "passed")
    hands.type("held_on", work.day)
    hands.press(name="word", value="recorded")
    missing = hands.status, hands.said()
    hands.type("noted_on", work.day)
    hands.press("登记这一程序")
    noted = hands.text()
    hands.type("answer.deliberation", "passed")
    hands.type("held_on", work.day)
    hands.press(name="word", value="recorded")

    assert offered == ["leaders"]
    assert missing[0] == 409
    assert "登记政府常务会审议以前要先登记专报领导，没有登记" in missing[1]
    assert "✓ 专报领导" in noted
    assert office.open_steps(year.case_id) == ["result_use.record_congress_deliberation"]


def test_what_stands_before_publication_is_recorded_beside_it_and_a_silent_table_asks_for_the_ground(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case())
    office.reach(year.case_id, "result_use.record_government_deliberation")
    with office.transactions() as session:
        correct_state(
            session, year.case_id, "result_use", "publish_result", reason="示例：区政府要求主动公开",
            second=office.bureau.second_officer, by=office.bureau.office, at=office.now,
        )  # fmt: skip
    work, hands = year.reach("result_use.publish_result")

    hands.type("noted_on", "2999-01-01")
    hands.press("登记这一程序")
    too_early = hands.status, hands.said(), hands.value("noted_on")
    hands.type("noted_on", work.day)
    hands.press("登记这一程序")
    fill_in(hands, work.content or {})
    asked = hands.heading(), hands.said()
    hands.press("确认登记")
    silent = hands.status, hands.said()
    hands.type("ground", GROUND)
    hands.press("确认登记")

    assert too_early == (422, "审议日期2999-01-01还没有到，没有登记。请在会后登记。", ["2999-01-01"])
    assert asked[0] == "报送前核对"
    assert "请写明公开的依据" in asked[1]
    assert silent == (422, asked[1])
    assert hands.path == f"/tasks/{work.task.id}/receipt"
    (published,) = office.journal(year.case_id, "disclosure.published")
    assert published.payload["reason"] == GROUND


def test_a_verdict_is_given_anew_from_the_page_of_the_case_with_a_reason(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter", sampled=True, selected=False, rectification_verdict="yes")
    finance = hands_of(office.bureau.office)

    finance.open(f"/cases/{case}").follow(f"/cases/{case}/verdict")
    finance.type("reason", "示例：不必整改")
    finance.press("确认重新认定")
    said = finance.text()

    assert "已退回认定，请重新认定并写明理由" in said
    assert office.open_steps(case) == ["feedback.decide_rectification_required"]
    assert not finance.open(f"/cases/{case}").page.xpath(f"//a[@href='/cases/{case}/verdict']")
