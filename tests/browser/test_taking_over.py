"""请求接手 between two people before two browsers: asked, seen while typing, handed over, and done by who asked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from engine.accounts import open_account
from engine.commands.claim import claim
from engine.directory import Actor, Person, Unit
from engine.queries.drafts import draft_of
from engine.words import Role
from tests.browser.conftest import PASSWORD, Desktop
from tests.factories import person_in
from tests.office import Office

OpensBrowser = Callable[[str], Desktop]
GOAL = '[name="annual_goal"]'
WHEN_REFUSED = ("Failed to load resource", "Response Status Error Code")


@pytest.fixture
def task(office: Office) -> UUID:
    """The form of a target, in the hands of the clerk."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)
    with office.transactions() as session:
        claim(session, task.id, by=office.bureau.clerk, at=office.now)
    return task.id


@pytest.fixture
def colleague(office: Office) -> Actor:
    """A second clerk of the same unit."""
    with office.transactions() as session:
        clerk = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
        person = session.get_one(Person, clerk.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
        return clerk


def write(page: Page, text: str) -> None:
    page.locator(GOAL).fill(text)
    page.locator(GOAL).blur()


def kept(office: Office, task: UUID) -> dict[str, Any]:
    with office.transactions() as session:
        return dict(draft_of(session, office.bureau.clerk, task).content)


def test_a_form_goes_from_one_clerk_to_the_other_with_what_was_typed(
    office: Office, person: OpensBrowser, task: UUID, colleague: Actor
) -> None:
    first, second = person("李经办"), person(f"{colleague.name}@{colleague.unit_id}")
    mine, theirs = first.open(f"/tasks/{task}"), second.open(f"/tasks/{task}")
    write(mine, "李经办写的目标")
    expect(mine.locator("#status")).to_contain_text("✓ 已保存")

    theirs.get_by_label("理由").fill("示例：项目由我联系")
    theirs.get_by_role("button", name="请求接手").click()
    expect(theirs.locator("#takeover")).to_contain_text("您在")
    write(mine, "李经办又写的目标")
    expect(mine.locator("#takeover")).to_contain_text("吴经办在")
    expect(mine.locator("#status")).to_contain_text("✓ 已保存")
    left_open = first.page.context.new_page()
    left_open.goto(f"{first.root}/tasks/{task}")
    mine.get_by_role("link", name="转给吴经办").click()
    expect(mine.get_by_label("吴经办")).to_be_checked()
    expect(mine.get_by_label("原因（必填）")).to_have_value("应吴经办请求接手：示例：项目由我联系")
    mine.get_by_role("button", name="转办").click()
    expect(mine.get_by_text("✓ 已转办，截止日不变。")).to_be_visible()

    second.open(f"/tasks/{task}")
    expect(theirs.locator(GOAL)).to_have_value("李经办又写的目标")
    write(theirs, "吴经办接着写的目标")
    expect(theirs.locator("#status")).to_contain_text("✓ 已保存")
    write(left_open, "写在还开着的页面上")
    expect(left_open.locator("#notices")).to_contain_text("由李经办转办给吴经办）。您填写的内容没有保存，留在本页")
    assert kept(office, task)["annual_goal"] == "吴经办接着写的目标"
    assert [said for said in first.complaints if not said.startswith(WHEN_REFUSED)] == []
    first.complaints.clear()


def test_an_answer_half_typed_stays_while_the_form_saves_itself_and_reaches_who_asked(
    office: Office, person: OpensBrowser, task: UUID, colleague: Actor
) -> None:
    first, second = person("李经办"), person(f"{colleague.name}@{colleague.unit_id}")
    theirs = second.open(f"/tasks/{task}")
    theirs.get_by_role("button", name="请求接手").click()
    expect(theirs.locator("#takeover")).to_contain_text("您在")
    mine = first.open(f"/tasks/{task}")

    reason = mine.get_by_label("不转的理由")
    reason.fill("示例：今天就报送")
    write(mine, "李经办写的目标")
    expect(mine.locator("#status")).to_contain_text("✓ 已保存")
    expect(reason).to_have_value("示例：今天就报送")
    mine.get_by_role("button", name="不转").click()
    expect(mine.locator("#takeover")).not_to_contain_text("吴经办")
    second.open(f"/tasks/{task}")

    expect(theirs.locator("#takeover")).to_contain_text("答复不转：示例：今天就报送")
    expect(theirs.get_by_role("button", name="再次请求接手")).to_be_visible()
    assert kept(office, task)["annual_goal"] == "李经办写的目标"
