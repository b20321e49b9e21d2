"""A part of a page that is read anew: what is said while it takes long, and when it cannot be read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desktop
from tests.integration.desk import project_at
from tests.office import Office

OpensBrowser = Callable[[str], Desktop]
SOURCE = "**/diagram.bpmn*"
FAULT = "程序出了意料之外的错，没有确认办成。请把编号 7F3A21BC 告诉系统管理员，稍后再试。"


@pytest.fixture
def clerk(person: OpensBrowser) -> Desktop:
    return person("李经办")


@pytest.fixture
def drawing(office: Office) -> str:
    """The page with the diagram of a case."""
    return f"/cases/{project_at(office, 'check_target')}?tab=diagram"


def drawn(page: Page) -> None:
    expect(page.get_by_text("可以拖动")).to_be_visible()


def test_a_part_that_cannot_be_read_says_so_in_its_place_and_is_tried_again(clerk: Desktop, drawing: str) -> None:
    page = clerk.page
    page.route(SOURCE, lambda route: route.fulfill(status=500, body=FAULT), times=1)

    clerk.open(drawing)
    told = page.locator(".jx-reading")
    expect(told).to_have_text("这一块没有读出来。重试 编号 7F3A21BC")
    expect(page.get_by_role("heading", name="文字步骤")).to_be_visible()
    told.get_by_role("button", name="重试").click()

    drawn(page)
    expect(told).to_have_count(0)
    clerk.complaints.clear()


def test_a_part_that_takes_long_says_since_when_and_can_be_stopped(clerk: Desktop, drawing: str) -> None:
    page = clerk.page
    held: list[Route] = []
    page.route(SOURCE, lambda route: held.append(route), times=1)

    clerk.open(drawing)
    expect(page.get_by_text("正在更新…")).to_be_visible()
    expect(page.get_by_text("数据较多，仍在读取（已 3 秒）")).to_be_visible()
    page.get_by_role("button", name="停止").click()

    expect(page.locator(".jx-reading")).to_have_count(0)
    assert len(held) == 1
    clerk.complaints.clear()


def test_the_library_beside_a_form_says_so_too_and_what_was_typed_stays(
    office: Office, clerk: Desktop, person: OpensBrowser
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    page = clerk.open(f"/tasks/{office.tasks(case)[0].id}")
    page.locator("textarea[name='annual_goal']").fill("还没有存的目标")
    page.route("**/indicators?table=*", lambda route: route.abort(), times=1)

    page.get_by_role("button", name="从指标库选用").click()
    told = page.get_by_role("dialog", name="指标库")
    expect(told).to_contain_text("这一块没有读出来。")
    told.get_by_role("button", name="重试").click()

    expect(told.get_by_role("searchbox")).to_be_focused()
    expect(page.locator("textarea[name='annual_goal']")).to_have_value("还没有存的目标")
    clerk.complaints.clear()
