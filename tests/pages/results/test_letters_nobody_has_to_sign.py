"""反馈意见函 where the jurisdiction says nothing of a signature: it goes out at once, or up if the office likes."""

from engine.commands.correct_state import correct_state
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.filling import fill_in
from tests.pages.year import Year


def test_the_page_says_that_nothing_is_laid_down_shows_the_paper_and_offers_both_ways(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case())
    work, hands = year.reach("feedback.issue_feedback_letter")
    page = hands.text()

    assert work.content is not None
    fill_in(hands, work.content)
    check = hands.text()
    hands.press("送签", name="word", value="for_signature")

    assert "本区未规定由谁签发：可以直接发出，也可以送签" in page
    assert "草稿" in check
    assert "问题" in check
    assert hands.path == f"/tasks/{work.task.id}/receipt"
    assert office.open_steps(year.case_id) == ["feedback.sign_letter"]


def test_a_letter_without_problems_says_so_and_asks_to_be_signed_for_only(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")
    with office.transactions() as session:
        correct_state(
            session, case, "feedback", "issue_result_notice", reason="示例：只告知结果",
            second=office.bureau.second_officer, by=office.bureau.office, at=office.now,
        )  # fmt: skip
    office.do(case, "issue_result_notice", changes={"problems": [], "suggestions": [], "demands": False})

    unit = hands_of(office.bureau.clerk).open("/letters/1").text()

    assert "绩效评价结果的告知函" in unit
    assert "本函不列问题，不要求整改，请签收。" in unit
    assert "本函没有问题，只需签收。" in unit
