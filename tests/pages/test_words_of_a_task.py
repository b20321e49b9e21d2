"""任务办理: what its head and its banners say, and where they lead."""

from tests.office import Office
from tests.pages.conftest import SitsDown


def test_the_day_of_a_task_explains_itself_in_one_click_before_it_is_over_and_after(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    clerk = hands_of(office.bureau.clerk)

    def explained() -> tuple[str, str]:
        clerk.open(f"/tasks/{task.id}")
        (link,) = clerk.page.xpath("//div[@class='jx-head']//a[text()='为什么是这一天']/@href")
        return clerk.open(link).heading(), clerk.text()

    before = explained()
    office.let_pass(case, "target_filing.fill")
    after = explained()

    assert before[0] == after[0] == "为什么是这一天"
    assert before[1].count("逐日计算") == after[1].count("逐日计算") == 1


def test_a_step_that_answers_a_question_has_one_button_and_it_is_the_filled_one(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case()
    office.reach(case, "feedback.answer_feedback")
    (task,) = office.tasks(case)

    head = hands_of(office.bureau.head).open(f"/tasks/{task.id}")

    (button,) = head.page.xpath("//form[contains(@action, '/completion')]//button")
    assert button.text_content() == "决定"
    assert "jx-button--main" in button.get("class").split()
    assert "jx-button--return" not in button.get("class").split()
