"""绩效目标 between three people at their browsers: filed, sent back with a remark on its place, mended, approved."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.clicks import Clicks
from tests.browser.conftest import Desktop
from tests.integration.desk import prepared
from tests.office import Office
from tests.pages.filling import type_in

OpensBrowser = Callable[[str], Desktop]


def test_a_clerk_fills_the_target_and_its_head_hands_it_in(office: Office, person: OpensBrowser) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    clerk, head = person("李经办"), person("张负责")

    (task,) = office.tasks(case)
    clicks = Clicks(clerk.page, clerk.root).open("/tasks").follow(f"/tasks/{task.id}")
    type_in(clicks, prepared(office, case, "fill_target").outcome.content or {})
    clicks.press(name="save", value="1")
    clicks.press("报送").press("确认报送")
    head.open("/tasks").get_by_role("button", name="签收办理").click()
    head.page.get_by_role("button", name="报送").click()

    expect(head.page.get_by_role("heading", name="已办理")).to_be_visible()
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_what_is_sent_back_comes_with_the_remark_at_its_place_and_goes_through_when_mended(
    office: Office, person: OpensBrowser
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    judge, clerk = person("赵主管"), person("李经办")

    judge.page.get_by_role("button", name="签收办理").click()
    judge.page.get_by_label("针对").first.select_option(label="年度目标")
    judge.page.get_by_label("意见", exact=True).first.fill("请写明当年要做到什么")
    judge.page.get_by_label("理由").fill("年度目标太笼统")
    judge.page.get_by_role("button", name="退回").click()
    expect(judge.page.get_by_role("heading", name="已办理")).to_be_visible()
    clerk.open("/tasks?view=returned").get_by_role("row").get_by_text("办理").click()

    expect(clerk.page.get_by_text("请写明当年要做到什么").first).to_be_visible()
    clerk.page.locator('[name="annual_goal"]').fill("2021 年新建社区养老服务站 4 个，服务老人 800 人次")
    clerk.page.get_by_role("button", name="重新报送").click()
    clerk.page.get_by_role("button", name="确认报送").click()
    expect(clerk.page.get_by_role("heading", name="已办理")).to_be_visible()
    office.do(case, "confirm_revised_target")
    judge.open("/tasks").get_by_role("row").get_by_text("办理").click()

    expect(judge.page.get_by_text("已改").first).to_be_visible()
    judge.page.get_by_role("button", name="通过").click()
    expect(judge.page.get_by_role("heading", name="已办理")).to_be_visible()
