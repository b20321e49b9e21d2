"""What only an eye sees: fields of one line stand at one height, figures end at one edge, what decides is in view."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import DESK, Desktop
from tests.integration.desk import project_at
from tests.office import Office

OpensBrowser = Callable[[str], Desktop]
PAPER = 690
"""How wide an A4 page is between its edges, in the browser's pixels."""
VISIBLE = "all => all.filter(each => each.getClientRects().length).map(each => each.textContent.trim())"
SMALL = """all => all.filter(each => each.getClientRects().length && !each.closest(".jx-hidden")
    && [...each.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.textContent.trim())
    && parseFloat(getComputedStyle(each).fontSize) < 15.5).map(each => each.textContent.trim())"""


def _box(of: Locator) -> dict[str, float]:
    box = of.bounding_box()
    assert box is not None
    return dict(box)


def test_labels_of_one_line_of_fields_stand_at_one_height(person: OpensBrowser) -> None:
    page = person("张负责").open("/directory/substitutions")

    whom, since = page.get_by_label("代理人", exact=False).first, page.get_by_label("从哪一天")
    heights = {round(_box(each.locator("xpath=parent::label"))["y"]) for each in (whom, since)}

    assert len(heights) == 1


def test_a_figure_of_a_paper_ends_where_its_heading_ends(office: Office, person: OpensBrowser) -> None:
    project_at(office, "check_target")
    page = person("赵主管").open("/reviews")

    table = page.locator("#paper .jx-matrix").first
    heading = table.locator("thead th.jx-number").first
    edges = heading.evaluate(
        """(head, figure) => [head, figure].map(each => {
            const words = document.createRange();
            words.selectNodeContents(each);
            return Math.round(words.getBoundingClientRect().right);
        })""",
        table.locator("tbody td.jx-number data, tbody td.jx-number .jx-typed").first.element_handle(),
    )

    assert edges[0] == edges[1]


def test_what_decides_on_a_paper_is_in_view_before_anybody_scrolls(office: Office, person: OpensBrowser) -> None:
    project_at(office, "check_target")
    page = person("赵主管").open("/reviews")

    button = _box(page.get_by_role("button", name="退回修改"))

    assert button["y"] + button["height"] <= DESK["height"]


def test_on_paper_a_figure_says_how_it_came_about_and_afterwards_it_is_folded_again(person: OpensBrowser) -> None:
    page = person("王绩效").open("/dashboard")
    basis = page.get_by_text("自评均值 − 第三方均值，按项目平均")

    expect(basis).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(basis).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    expect(basis).to_be_hidden()


def test_a_form_on_paper_is_whole_without_menu_or_buttons_and_says_who_printed_it(
    office: Office, person: OpensBrowser
) -> None:
    project_at(office, "fill_target")
    page = person("李经办").open("/tasks")
    page.get_by_role("button", name="签收办理").click()
    page.get_by_role("button", name="添加一行").first.click()
    page.wait_for_url("**saved=1**")

    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")

    shown = page.locator("nav, header, button, .jx-rail").evaluate_all(VISIBLE)
    edges = page.locator("main table").evaluate_all("all => all.map(each => each.getBoundingClientRect().right)")
    assert shown == []
    assert max(edges) <= PAPER
    expect(page.locator(".jx-printed")).to_contain_text("李经办 打印于 ")


def test_a_form_that_was_handed_in_is_whole_on_paper_too(office: Office, person: OpensBrowser) -> None:
    case = project_at(office, "check_target")
    page = person("李经办").open(f"/submissions/{office.versions(case, 'F02')[-1].id}")

    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")

    edges = page.locator("main table").evaluate_all("all => all.map(each => each.getBoundingClientRect().right)")
    assert max(edges) <= PAPER


def test_in_large_type_nothing_is_smaller_than_sixteen(office: Office, person: OpensBrowser) -> None:
    project_at(office, "check_target")
    desk = person("赵主管")
    page = desk.open("/settings/display")
    page.get_by_label("大字", exact=False).check()
    page.get_by_role("button", name="保存").click()

    for path in ("/reviews", "/tasks", "/calendars/2021"):
        assert desk.open(path).locator("main *").evaluate_all(SMALL) == []


def test_what_is_said_of_an_indicator_runs_on_to_the_right_and_covers_nothing(
    office: Office, person: OpensBrowser
) -> None:
    case = project_at(office, "check_target")
    office.do(case, "check_target", "returned")
    page = person("李经办").open("/tasks")
    page.get_by_role("button", name="签收办理").click()
    name = page.locator("[name^='indicators'][name$='.name']").first
    name.fill("按期拨付率")
    page.keyboard.press("Control+s")
    page.get_by_text("请改填产品或服务的数量").first.wait_for(state="attached")
    page.reload()

    said = page.locator("td > .jx-problems", has_text="请改填产品或服务的数量").first
    box, cell = _box(said), _box(said.locator("xpath=parent::td"))
    row = said.locator("xpath=ancestor::tr")
    others = [_box(each) for each in row.locator("td").nth(3).locator("select, input").all()]

    assert box["width"] > 1.5 * cell["width"]
    assert others
    assert all(other["y"] + other["height"] <= box["y"] for other in others)


def test_what_is_told_of_something_with_a_long_name_stays_in_view(office: Office, person: OpensBrowser) -> None:
    page = person("王绩效").open(f"/cases/{project_at(office, 'check_target')}")
    page.locator(".jx-facts dt").evaluate_all(
        "all => all.forEach(each => { each.textContent = '其中：' + '长'.repeat(70) })"
    )

    for width in (DESK["width"], 360):
        page.set_viewport_size({"width": width, "height": 768})
        told = [_box(each) for each in page.locator(".jx-facts dd:visible").all()]
        assert told
        assert all(box["width"] >= 100 and box["x"] + box["width"] <= width for box in told)


def test_what_marks_a_row_stands_in_one_line(office: Office, person: OpensBrowser) -> None:
    project_at(office, "fill_target")
    page = person("李经办").open("/tasks")
    page.get_by_role("button", name="签收办理").click()
    page.get_by_role("button", name="添加一行").first.click()
    page.wait_for_url("**saved=1**")
    row = page.locator(".jx-form-table tbody th[scope=row]").first
    row.evaluate("row => { row.insertAdjacentHTML('beforeend', '<small class=jx-new>上年</small>'); }")

    assert _box(row.locator(".jx-new"))["height"] < 24
