"""我的待办: what presses in finance above the list, how a unit is loaded and what happened to its cases below it."""

import pytest

from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands


def numbers(hands: Hands) -> dict[str, tuple[int, str]]:
    """Label → number and address of what stands above the list."""
    return {
        link.findtext("span"): (int(link.findtext("b")), link.get("href"))
        for link in hands.page.xpath("//ul[@class='jx-pressing']//a")
    }


def test_a_number_leads_to_a_list_of_that_length(office: Office, hands_of: SitsDown) -> None:
    waiting, _ = (project_at(office, "review_target") for _ in range(2))
    for _ in range(3):
        project_at(office, "fill_target")
    office.clock.move_to(office.now + (office.tasks(waiting)[0].due_on - office.today))
    officer = hands_of(office.bureau.office).open("/tasks")

    told = numbers(officer)
    rows = {
        label: len(officer.open(address).page.xpath("//table//tbody/tr | //*[@class='jx-queue']//li"))
        for label, (_, address) in told.items()
        if label != "待审"
    }

    assert list(told) == ["待审", "今日截止", "单位逾期", "异常"]
    assert told["待审"] == (2, "/reviews")
    assert {label: number for label, (number, _) in told.items() if label != "待审"} == rows
    assert "第 1/2 件" in officer.open("/reviews").text()
    assert told["今日截止"][0] == 2


def test_who_may_not_see_faults_is_not_told_of_them(office: Office, hands_of: SitsDown) -> None:
    assert list(numbers(hands_of(office.bureau.division).open("/tasks"))) == ["待审", "今日截止", "单位逾期"]
    assert numbers(hands_of(office.bureau.clerk).open("/tasks")) == {}


def test_cases_in_which_a_unit_is_late_are_a_filter_of_the_cases(office: Office, hands_of: SitsDown) -> None:
    cases = hands_of(office.bureau.office).open("/cases?overdue=units&year=1999")

    assert cases.value("overdue") == ["units"]
    assert "当前条件下没有" in cases.text()


@pytest.mark.parametrize("view", ["open", "unit"])
def test_the_head_finds_what_everybody_has_in_hand(office: Office, hands_of: SitsDown, view: str) -> None:
    project_at(office, "fill_target")

    page = hands_of(office.bureau.head).open(f"/tasks?view={view}").page

    (load,) = page.xpath("//*[contains(@class, 'jx-load') and .//table]")
    people = [each.text_content().strip() for each in load.xpath(".//tbody//th")]
    assert people == ["张负责", "李经办", "待签收"]


def test_a_unit_finds_where_its_cases_stand_and_what_was_done_last(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "confirm_target")
    clerk = hands_of(office.bureau.clerk).open("/tasks")

    (progress,) = clerk.page.xpath("//section[@aria-labelledby='progress']//tbody/tr/td[a]")
    (first, *_) = clerk.page.xpath("//section[@aria-labelledby='recent']//li")

    assert progress.get("data-label") == "绩效目标申报"
    assert progress.find("a").text == "1"
    assert "李经办" in first.text_content()
    assert first.xpath(".//a/@href") == [f"/cases/{case}?tab=timeline"]
    assert len(clerk.open(progress.find("a").get("href")).page.xpath("//table//tbody/tr")) == 1


def test_an_empty_desk_says_when_the_last_thing_was_done(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "confirm_target")
    before = hands_of(office.bureau.division).open("/tasks").text()
    office.do(case, "confirm_target")

    text = hands_of(office.bureau.head).open("/tasks").text()

    day = f"{office.today.month}月{office.today.day}日"
    assert f"没有待您办理的事项。最近一件办结于 {day}。 看我已办" in " ".join(text.split())
    assert "没有待您办理的事项。" in before
    assert "看我已办" not in before
