"""What is typed into a form stays, whatever happens: a server that dies, a colleague, the end of the session."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from engine.accounts import open_account
from engine.directory import Actor, Person, Unit
from engine.queries.drafts import draft_of
from engine.tasks import Task
from engine.words import Role
from tests.browser.conftest import PASSWORD, Desktop, Served
from tests.factories import person_in
from tests.office import Office

OpensBrowser = Callable[[str], Desktop]
GOAL, IN_CHARGE = '[name="annual_goal"]', '[name="person_in_charge"]'
WHILE_IT_WAS_AWAY = ("Failed to load resource", "Response Status Error Code", "htmx:sendError", "htmx:afterRequest")


@pytest.fixture
def task(office: Office) -> UUID:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return office.tasks(case)[0].id


@pytest.fixture
def colleague(office: Office) -> Actor:
    """A second clerk of the same unit."""
    with office.transactions() as session:
        clerk = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
        person = session.get_one(Person, clerk.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
        return clerk


def write(page: Page, field: str, text: str) -> None:
    """Type as a person does, and go on to the next field."""
    page.locator(field).fill(text)
    page.locator(field).blur()


def kept(office: Office, task: UUID) -> dict[str, Any]:
    """The draft as the database has it."""
    with office.transactions() as session:
        return dict(draft_of(session, office.bureau.clerk, task).content)


def forgive(desktop: Desktop) -> None:
    """What a browser says of answers that were meant to fail is no complaint."""
    assert [said for said in desktop.complaints if not said.startswith(WHILE_IT_WAS_AWAY)] == []
    desktop.complaints.clear()


def test_what_is_typed_is_saved_by_itself_and_the_checks_follow_without_moving_the_focus(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    page = person("李经办").open(f"/tasks/{task}")
    before = page.locator("#ready").inner_text()

    page.locator(GOAL).fill("新建社区养老服务站 4 个")
    page.locator(GOAL).press("Tab")
    expect(page.locator("#status")).to_contain_text("✓ 已保存")

    expect(page.locator("#ready")).not_to_have_text(before)
    expect(page.locator(GOAL)).not_to_have_attribute("aria-invalid", "true")
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    assert kept(office, task)["annual_goal"] == "新建社区养老服务站 4 个"
    assert page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('jx-'))") == []


def test_what_is_typed_and_pressed_before_the_scripts_have_come_counts_as_well(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    clerk = person("李经办")
    page = clerk.page
    on_their_way: list[Route] = []
    page.route("**/lib/filling.js*", lambda route: on_their_way.append(route))

    with page.expect_request("**/lib/filling.js*"):
        page.goto(f"{clerk.root}/tasks/{task}", wait_until="commit")
    page.locator(GOAL).fill("新建社区养老服务站 4 个")
    page.keyboard.press("Alt+4")
    (script,) = on_their_way
    script.continue_()

    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    expect(page.locator("#part4")).to_have_attribute("open", "")
    assert kept(office, task)["annual_goal"] == "新建社区养老服务站 4 个"


def test_a_draft_survives_a_killed_server(office: Office, person: OpensBrowser, task: UUID, served: Served) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")

    served.stop()
    write(page, GOAL, "新建社区养老服务站 4 个")
    expect(page.locator("#status")).to_contain_text("网络中断，内容暂存在本页，正在重试")
    write(page, GOAL, "新建社区养老服务站 5 个")
    served.start()

    expect(page.locator("#status")).to_contain_text("✓ 已保存", timeout=20_000)
    assert kept(office, task)["annual_goal"] == "新建社区养老服务站 5 个"
    forgive(clerk)


def test_what_could_not_be_saved_is_put_back_when_the_page_is_opened_again(
    office: Office, person: OpensBrowser, task: UUID, served: Served
) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")
    page.on("dialog", lambda asked: asked.accept())

    served.stop()
    write(page, GOAL, "新建社区养老服务站 6 个")
    expect(page.locator("#status")).to_contain_text("网络中断")
    page.goto("about:blank")
    served.start()
    clerk.open(f"/tasks/{task}")

    expect(page.locator(GOAL)).to_have_value("新建社区养老服务站 6 个")
    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    assert kept(office, task)["annual_goal"] == "新建社区养老服务站 6 个"
    forgive(clerk)


def test_what_was_put_back_is_saved_however_late_the_rest_of_the_page_comes(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")
    page.on("dialog", lambda asked: asked.accept())
    page.locator(GOAL).fill("新建社区养老服务站 8 个")
    on_their_way: list[Route] = []
    page.route("**/lib/session.js*", lambda route: on_their_way.append(route))

    with page.expect_request("**/lib/session.js*"):
        page.goto(f"{clerk.root}/tasks/{task}", wait_until="commit")
    expect(page.locator("#status")).to_contain_text("已放回，正在保存")
    page.evaluate("new Promise((done) => setTimeout(done))")
    on_their_way[0].continue_()

    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    assert kept(office, task)["annual_goal"] == "新建社区养老服务站 8 个"


def test_who_leaves_with_something_unsaved_is_asked_whether_the_browser_is_new_or_old(
    person: OpensBrowser, task: UUID
) -> None:
    page = person("李经办").open(f"/tasks/{task}")

    page.locator(GOAL).fill("新建社区养老服务站 7 个")
    leaving = page.evaluate("""() => {
        const leaving = document.createEvent('BeforeUnloadEvent');
        leaving.initEvent('beforeunload', false, true);
        window.dispatchEvent(leaving);
        return {newer: leaving.defaultPrevented, older: leaving.returnValue !== ''};
    }""")

    assert leaving == {"newer": True, "older": True}


def test_two_clerks_on_one_form_choose_field_by_field(
    office: Office, person: OpensBrowser, task: UUID, colleague: Actor
) -> None:
    first, second = person("李经办"), person(f"{colleague.name}@{colleague.unit_id}")
    mine, theirs = first.open(f"/tasks/{task}"), second.open(f"/tasks/{task}")

    write(theirs, GOAL, "同事写的目标")
    expect(theirs.locator("#status")).to_contain_text("✓ 已保存")
    write(mine, GOAL, "我写的目标")
    expect(mine.locator("#conflict")).to_contain_text("吴经办在 ")
    unsaved = kept(office, task)["annual_goal"]
    mine.locator(IN_CHARGE).first.fill("示例联系人甲")
    mine.locator("#conflict").get_by_label("用我的").first.check()
    mine.get_by_role("button", name="按所选保存").click()

    expect(mine.locator("#status")).to_contain_text("✓ 已保存")
    assert unsaved == "同事写的目标"
    assert kept(office, task)["annual_goal"] == "我写的目标"
    forgive(first)


def test_the_page_is_covered_when_the_session_ends_and_what_was_typed_is_saved_afterwards(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")
    office.clock.move_to(office.now + timedelta(minutes=31))

    write(page, GOAL, "超时前写的目标")
    dialog = page.locator("#signed-out")
    expect(dialog).to_be_visible()
    covered = not page.locator(GOAL).is_visible()
    dialog.get_by_label("密码").fill("不对的密码")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("不对")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()

    expect(dialog).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    assert covered
    assert kept(office, task)["annual_goal"] == "超时前写的目标"
    forgive(clerk)


def test_the_page_stays_covered_by_what_asks_to_sign_in_however_often_it_is_sent_away(
    person: OpensBrowser, task: UUID
) -> None:
    page = person("李经办").open(f"/tasks/{task}")
    password = page.locator("#signed-out").get_by_label("密码")

    page.evaluate("document.dispatchEvent(new CustomEvent('jx:signed-out'))")
    password.fill("写到一半")
    for _ in range(3):
        page.keyboard.press("Escape")
        expect(password).to_be_visible()

    expect(password).to_have_value("写到一半")
    expect(password).to_be_focused()
    expect(page.locator(GOAL)).to_be_hidden()


def test_somebody_else_who_signs_in_sees_and_saves_nothing_of_it(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")
    write(page, IN_CHARGE, "示例联系人")
    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    office.clock.move_to(office.now + timedelta(minutes=31))

    write(page, GOAL, "不给别人看的目标")
    dialog = page.locator("#signed-out")
    dialog.get_by_label("账号").fill(f"张负责@{office.bureau.unit_id}")
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()

    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    assert "annual_goal" not in kept(office, task)
    assert page.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('jx-'))") == []
    forgive(clerk)


def test_a_form_whose_task_somebody_else_ended_is_read_only_and_can_be_downloaded(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")
    with office.transactions() as session:
        case_id = session.get_one(Task, task).case_id
    office.do(case_id, "fill_target")

    write(page, GOAL, "晚了一步的目标")
    expect(page.get_by_role("alert")).to_contain_text("办结（报送）。您填写的内容没有报送")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="下载我的内容").click()

    assert "晚了一步的目标" in downloading.value.path().read_text(encoding="utf-8")
    assert not page.locator(GOAL).is_editable()
    forgive(clerk)


def test_a_fake_file_is_refused_in_words(person: OpensBrowser, task: UUID) -> None:
    clerk = person("李经办")
    page = clerk.open(f"/tasks/{task}")

    page.locator("#part3 summary").click()
    page.get_by_role("button", name="去传附件").click()
    page.get_by_label("这是哪一份材料").fill("验收单")
    page.get_by_label("文件", exact=True).set_input_files(
        {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    )
    page.get_by_role("button", name="上传").click()

    expect(page.get_by_role("alert")).to_contain_text("“验收单.pdf”的内容不是 PDF，没有上传")
    forgive(clerk)


def test_five_minutes_before_the_end_of_the_session_one_is_asked(person: OpensBrowser, task: UUID) -> None:
    clerk = person("李经办")
    clerk.page.clock.install()
    page = clerk.open(f"/tasks/{task}")

    page.clock.fast_forward("25:01")
    expect(page.get_by_role("dialog")).to_contain_text("5 分钟后自动退出")
    page.get_by_role("button", name="继续使用").click()

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_keys_of_the_page_lead_where_its_list_says(person: OpensBrowser, task: UUID) -> None:
    page = person("李经办").open(f"/tasks/{task}")

    page.keyboard.press("Alt+4")
    expect(page.locator("#part4")).to_have_attribute("open", "")
    page.keyboard.press("F8")
    first = page.evaluate("document.activeElement.name")
    page.keyboard.press("F8")
    second = page.evaluate("document.activeElement.name")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("下一处问题")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")

    assert first
    assert second not in ("", first)
    assert page.evaluate("document.activeElement.id") == "search"


def test_enter_goes_down_a_column_and_only_a_row_of_indicators_that_was_begun_is_followed_by_a_new_one(
    person: OpensBrowser, task: UUID
) -> None:
    page = person("李经办").open(f"/tasks/{task}")
    rows = page.locator("[id='f.indicators'] tbody.jx-row")
    page.locator("[id='f.indicators'] button[name='add']").click()
    first = page.locator("[name='indicators[r1].name']")

    first.press("Enter")
    expect(page.locator(".jx-section :focus, .jx-actions :focus")).to_have_count(1)
    expect(first).not_to_be_focused()
    expect(rows).to_have_count(1)
    first.fill("新增公办学位数")
    first.press("Enter")
    expect(rows).to_have_count(2)
    expect(page.locator("[name='indicators[r2].level1']")).to_be_focused()
    first.press("Enter")
    expect(page.locator("[name='indicators[r2].name']")).to_be_focused()

    page.locator("[id='f.level_weights'] button[name='add']").click()
    weight = page.locator("[id='f.level_weights'] tbody.jx-row input[type='text']").first
    weight.fill("示例")
    weight.press("Enter")
    expect(weight).not_to_be_focused()
    expect(page.locator("[id='f.level_weights'] tbody.jx-row")).to_have_count(1)


def test_a_deleted_row_waits_under_the_cursor_and_comes_back_after_something_else_was_saved(
    office: Office, person: OpensBrowser, task: UUID
) -> None:
    page = person("李经办").open(f"/tasks/{task}")
    page.locator('button[name="add"][value="indicators"]').click()
    write(page, '[name="indicators[r1].name"]', "新建社区养老服务站")
    expect(page.locator("#status")).to_contain_text("✓ 已保存")

    page.locator('button[name="remove"][value="indicators[r1]"]').click()
    bring_back = page.get_by_role("button", name="恢复")
    expect(bring_back).to_be_focused()
    expect(bring_back).to_be_in_viewport()
    write(page, GOAL, "新建社区养老服务站 4 个")
    expect(page.locator("#status")).to_contain_text("✓ 已保存")
    without = kept(office, task).get("indicators", [])
    bring_back.click()

    expect(page.locator('[name="indicators[r1].name"]')).to_have_value("新建社区养老服务站")
    assert without == []
    assert kept(office, task)["annual_goal"] == "新建社区养老服务站 4 个"
