"""Two things only a browser can show: papers judged by the keyboard alone, and the drawing with the token on it."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Route, expect

from engine.commands.request_extension import request_extension
from engine.stages import Library
from tests.browser.conftest import Desktop
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.newer_diagrams import put_in_service

OpensBrowser = Callable[[str], Desktop]


def test_two_papers_are_judged_by_the_keyboard_alone(office: Office, person: OpensBrowser) -> None:
    first, second = project_at(office, "check_target"), project_at(office, "check_target")
    judge = person("赵主管")
    page = judge.open("/reviews")
    titles = {office.case(case).name: case for case in (first, second)}
    heading = page.locator("#judged")
    passed = next(title for title in titles if title in heading.inner_text())
    returned = next(title for title in titles if title != passed)

    page.keyboard.press("j")
    expect(heading).to_contain_text(returned)
    page.keyboard.press("k")
    expect(heading).to_contain_text(passed)
    page.keyboard.press("a")
    expect(page.locator("#chosen")).to_contain_text("已选“通过”")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"已通过：{passed}")).to_be_visible()
    expect(heading).to_contain_text(returned)
    page.locator("#paper [data-path='annual_goal']").click()
    page.keyboard.press("7")
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text(f"已退回：{returned}")).to_be_visible()
    assert office.open_steps(titles[passed]) == ["target_filing.review_target"]
    assert office.open_steps(titles[returned]) == ["target_filing.revise_target"]


def test_a_step_with_a_sheet_of_its_own_is_led_into_it_and_done_by_the_keyboard(
    office: Office, person: OpensBrowser
) -> None:
    case = project_at(office, "review_target")
    for step in ("review_target", "revise_target", "confirm_revised_target", "check_target"):
        office.do(case, step, *["returned"] * (step == "review_target"))
    page = person("王绩效").open("/reviews")

    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_text("↻ 已重报·第 2 轮")).to_be_visible()
    expect(page.get_by_label("审核评分第 1 行得分")).to_be_focused()
    for mark in ("9", "9", "9", "9", "14", "14", "14"):
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    page.keyboard.type("14")
    page.keyboard.press("Enter")
    expect(page.get_by_label("审核评分第 8 行得分")).not_to_be_focused()
    expect(page.locator("#sheet :focus")).to_have_count(1)
    expect(page.get_by_label("审核评分第 9 行得分")).to_have_count(0)
    page.get_by_role("button", name="通过", exact=True).press("Enter")
    page.get_by_role("button", name="确认通过").press("Enter")
    page.get_by_role("link", name="审核下一件").press("Enter")

    expect(page.get_by_role("heading", name="审核队列")).to_be_visible()
    assert office.open_steps(case) != ["target_filing.review_target"]


def test_keys_pressed_while_the_next_paper_is_on_its_way_decide_nothing(office: Office, person: OpensBrowser) -> None:
    cases = [project_at(office, "check_target"), project_at(office, "check_target")]
    page = person("赵主管").open("/reviews")
    heading = page.locator("#judged")
    shown = heading.inner_text()
    on_their_way: list[Route] = []
    page.route("**/reviews/*", lambda route: on_their_way.append(route))

    with page.expect_request("**/reviews/*"):
        page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    (next_paper,) = on_their_way
    next_paper.continue_()

    expect(heading).not_to_have_text(shown)
    assert [office.open_steps(case) for case in cases] == [["target_filing.check_target"]] * 2


def test_keys_do_nothing_inside_fields(office: Office, person: OpensBrowser) -> None:
    case = project_at(office, "check_target")
    page = person("赵主管").open("/reviews")

    field = page.get_by_label("意见", exact=True).first
    field.focus()
    page.keyboard.type("a1rjd")

    expect(field).to_have_value("a1rjd")
    expect(page.locator("#chosen")).to_have_text("")
    assert office.open_steps(case) == ["target_filing.check_target"]


def test_a_list_is_walked_and_opened_by_the_keyboard_and_says_which_row_is_chosen(
    office: Office, person: OpensBrowser
) -> None:
    titles = {office.case(project_at(office, "check_target")).name for _ in range(2)}
    page = person("赵主管").open("/tasks")
    chosen = page.locator("tr[aria-current='true']")

    page.keyboard.press("j")
    first = chosen.inner_text()
    expect(chosen.locator("a").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(chosen).to_have_count(1)
    assert chosen.inner_text() != first
    page.keyboard.press("k")
    assert chosen.inner_text() == first
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("下一行、上一行")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("jkx")
    expect(page.locator("#search")).to_have_value("jkx")
    expect(chosen).to_have_count(0)
    page.locator("#search").blur()
    page.keyboard.press("Control+j")
    expect(chosen).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text(next(each for each in titles if each in first))


def test_requests_for_a_later_day_are_walked_and_opened_by_the_keyboard_too(
    office: Office, person: OpensBrowser
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    day = office.deadlines(case)[0]
    with office.transactions() as session:
        request_extension(
            session,
            day.id,
            day.due_on + timedelta(days=7),
            reason="示例：经办人住院",
            by=office.bureau.clerk,
            at=office.now,
        )
    page = person("王绩效").open("/extension-requests")

    page.keyboard.press("j")

    expect(page.locator("section[aria-current='true'] a").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("下一行、上一行")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(office.case(case).name)


def test_rows_are_ticked_by_the_keyboard_and_letters_can_be_switched_off(office: Office, person: OpensBrowser) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    desk = person("张负责")
    page = desk.open("/tasks?view=unit")
    tick = page.locator("tbody input[type='checkbox']").first

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(tick).to_be_checked()
    page.keyboard.press("x")
    expect(tick).not_to_be_checked()
    desk.open("/settings/keys")
    page.get_by_label("停用", exact=False).check()
    page.get_by_role("button", name="保存").click()
    desk.open("/tasks?view=unit")
    for letter in "jx?/":
        page.keyboard.press(letter)

    expect(page.locator("tr[aria-current]")).to_have_count(0)
    expect(tick).not_to_be_checked()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#search")).not_to_be_focused()


def test_new_work_is_told_of_and_not_put_among_what_is_being_read(office: Office, person: OpensBrowser) -> None:
    project_at(office, "check_target")
    desk = person("赵主管")
    desk.page.clock.install()
    page = desk.open("/tasks")
    rows = page.locator("[data-list] tbody tr")

    project_at(office, "check_target")
    project_at(office, "check_target")
    page.clock.run_for(60_000)

    expect(page.get_by_text("有 2 件新待办")).to_be_visible()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="显示", exact=True).click()
    expect(rows).to_have_count(3)
    expect(page.get_by_text("件新待办")).to_be_hidden()


def test_nobody_asks_for_new_work_out_of_sight_or_after_the_session(office: Office, person: OpensBrowser) -> None:
    desk = person("赵主管")
    desk.page.clock.install()
    page = desk.open("/tasks")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    page.clock.run_for(180_000)
    out_of_sight = list(asked)
    page.evaluate("delete document.hidden")
    page.context.clear_cookies()
    with page.expect_response("**/tasks/newest") as told:
        page.clock.run_for(60_000)
    for _ in range(10):
        page.clock.run_for(60_000)

    expect(page.get_by_text("件新待办")).to_be_hidden()
    assert (out_of_sight, told.value.status) == ([], 401)
    assert len(asked) <= 2, "one more may be on its way before the answer is read"
    desk.complaints.clear()  # the browser's own word for the 401


def test_the_drawing_shows_the_token_where_the_steps_say_it_is(office: Office, person: OpensBrowser) -> None:
    case = project_at(office, "check_target")
    page = person("李经办").open(f"/cases/{case}?tab=diagram")

    now = page.locator(".jx-canvas .jx-at-now")
    expect(now).to_have_attribute("data-element-id", "check_target")
    expect(page.locator(".jx-canvas .jx-token--now")).to_have_text("▶ 现在")
    expect(page.locator(".jx-steps [aria-current='step']")).to_contain_text("审核绩效目标")
    expect(page.locator(".jx-canvas .bjs-powered-by")).to_be_visible()

    page.locator(".djs-overlays[data-container-id='hand_in_target'] .bjs-drilldown").click()

    done = page.locator(".jx-canvas .djs-shape.jx-at-done")
    expect(done).to_have_count(page.locator(".jx-steps [data-state='done']").count())


def test_the_drawing_opens_the_page_the_case_stands_on_and_shows_how_long_each_step_may_take(
    office: Office, person: OpensBrowser
) -> None:
    case = project_at(office, "confirm_target")
    page = person("李经办").open(f"/cases/{case}?tab=diagram")
    drawn = page.locator(".jx-canvas")

    expect(drawn.locator("[data-element-id='confirm_target']")).to_be_visible()
    expect(drawn.locator("[data-element-id='check_target']")).to_be_hidden()
    expect(drawn.get_by_text("单位报送绩效目标")).to_be_visible()

    drawn.get_by_role("link", name="绩效目标申报与审核").click()

    expect(drawn.locator("[data-element-id='check_target']")).to_be_visible()
    expect(drawn.locator(".djs-shape.jx-holds")).to_have_attribute("data-element-id", "hand_in_target")
    listed = page.locator(".jx-steps [data-element='check_target']").get_attribute("data-limit") or ""
    assert listed.endswith("个工作日")
    expect(drawn.locator(f".jx-limit:text-is('⏱ {listed}')").first).to_be_visible()


def test_the_drawing_of_a_version_shows_what_the_list_says_it_changed(
    office: Office, person: OpensBrowser, library: Library
) -> None:
    put_in_service(office, library, "review_target", "judge_target")
    page = person("王绩效").open("/processes/target_filing/versions/2")
    drawn = page.locator(".jx-canvas")

    expect(drawn.locator("[data-element-id='judge_target']")).to_have_class(re.compile("jx-at-added"))
    listed = page.locator("[data-state='added'], [data-state='changed']")
    marked = drawn.locator(".jx-at-added, .jx-at-changed")
    expect(marked).to_have_count(listed.count())
    expect(drawn.locator(".jx-token")).to_have_count(listed.count())

    page.get_by_role("link", name="第 1 版的图").click()

    expect(drawn.locator("[data-element-id='review_target']")).to_have_class(re.compile("jx-at-gone"))
    expect(drawn.get_by_text("－ 删").first).to_be_attached()
    expect(drawn.locator(".bjs-powered-by")).to_be_visible()
