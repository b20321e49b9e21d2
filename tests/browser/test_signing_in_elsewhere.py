"""登录已超时 where people come in by the identity provider: from another window they go on where they were."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Desktop
from tests.browser.test_nothing_typed_is_lost import GOAL, forgive, kept, write
from tests.office import Office
from web.elsewhere import Provider
from web.visits import Site

PROVIDER = Provider("http://127.0.0.1:9", "jixiao-test", "示例", "http://127.0.0.1/answer", ("huaxi",))


@pytest.fixture
def site(site: Site) -> Site:
    """A site that people may come in to by a provider."""
    return replace(site, elsewhere=PROVIDER)


@pytest.fixture
def task(office: Office) -> UUID:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return office.tasks(case)[0].id


def test_who_has_come_in_at_another_window_goes_on_and_what_was_typed_is_saved(
    office: Office, person: Callable[[str], Desktop], task: UUID
) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")
    office.clock.move_to(office.now + timedelta(minutes=31))
    write(page, GOAL, "超时前写的目标")
    dialog = page.locator("#signed-out")
    expect(dialog.get_by_role("link", name="统一身份认证登录（新窗口）")).to_be_visible()

    dialog.get_by_role("button", name="已在新窗口登录，继续").click()
    expect(dialog.get_by_role("alert")).to_have_text("还没有登录。请先在新窗口登录，再按“继续”。")
    window = Desktop(page.context.new_page(), clerk.root)
    window.sign_in(f"李经办@{office.bureau.unit_id}", PASSWORD)
    dialog.get_by_role("button", name="已在新窗口登录，继续").click()

    expect(dialog).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    assert kept(office, task)["annual_goal"] == "超时前写的目标"
    forgive(clerk)
