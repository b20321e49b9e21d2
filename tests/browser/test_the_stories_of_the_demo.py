"""The five stories of the demo, each played to its end from its card on the login page, over the demo's own data.

The demo is made once, with a few of its projects; every story begins with a copy of it.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal as D
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Page, expect

from engine.accounts import keys_from
from engine.rehearsal.demo import JURISDICTION, TODAY, demo_clock, demo_year
from engine.rehearsal.demo_clock import DemoClock
from engine.rehearsal.demo_stories import leave_stories
from engine.rehearsal.demo_versions import former
from engine.rehearsal.inputs import Department, ProjectLine
from engine.stages import Library
from engine.store import Database, Logins
from engine.submissions.file_store import FileStore
from tests.browser.conftest import Desktop
from tests.conftest import BPMN, PROCESS, fresh_database
from web.demo import BEGAN, CARDS, PASSWORD, let_in
from web.visits import Site
from web.wiring import create_empty, drop, open_database

DEPARTMENTS = [
    Department("示例事务所", "示例局", D("93.50"), "优"),
    Department("示例事务所", "示例街道", D("90"), "优"),
]
NUMBERS = (1, 3, 5, 8, 16, 19, 27)
"""The projects of which the stories tell."""
PROJECTS = [ProjectLine(n, f"示例：项目{n}", D("80.5"), D("99"), D("94.5"), "优", False) for n in NUMBERS]
TARGET = "示例：项目5"
STUCK = "示例：项目3"
Sits = Callable[[str], Page]


@pytest.fixture(scope="module")
def day_of_the_demo(server: Logins, library: Library) -> Iterator[str]:
    """The name of a database with the demo as it stands on its day."""
    name = f"demo_of_{PROCESS}"
    database = open_database(create_empty(server, name), BPMN, BEGAN, former(library))
    try:
        year = demo_year(database, library, DEPARTMENTS, PROJECTS)
        year.run(until=TODAY)
        leave_stories(year)
        let_in(database, demo_clock().now())
    finally:
        database.close()
    yield name
    drop(server, name)


@pytest.fixture
def database(server: Logins, day_of_the_demo: str, library: Library) -> Iterator[Database]:
    with fresh_database(server, day_of_the_demo, library) as database:
        yield database


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    clock, keys = demo_clock(), keys_from(Fernet.generate_key().decode())
    moving = DemoClock(database, JURISDICTION, clock.now())
    return Site(database, keys, moving, clock, demo=CARDS, kept=FileStore(tmp_path / "files"))


@pytest.fixture
def sits(at_a_desk: Callable[[], Desktop]) -> Sits:
    """Somebody comes in by their card on the login page."""

    def down(login: str) -> Page:
        page = at_a_desk().open("/login")
        page.get_by_role("button", name=re.compile(rf"\b{login}\b")).click()
        return page

    return down


def follow(page: Page, menu: str) -> None:
    """By the menu at the left."""
    page.get_by_role("navigation").get_by_role("link", name=menu, exact=True).click()


def open_row(page: Page, title: str) -> None:
    """签收办理 on the line of the list that says so."""
    page.get_by_role("row").filter(has_text=title).get_by_role("button", name="签收办理").click()


def test_a_clerk_mends_a_target_and_it_comes_to_be_approved_by_keys(sits: Sits) -> None:
    clerk = sits("danwei")
    expect(clerk.get_by_text("⚑ 今日截止")).to_be_visible()
    open_row(clerk, f"修改绩效目标：{TARGET}")
    expect(clerk.get_by_text("请改 2 处，已改 0/2")).to_be_visible()
    clerk.get_by_role("button", name="重新报送").click()
    expect(clerk.locator("#stopped")).to_be_focused()

    clerk.get_by_role("button", name="删除第 2 行按期拨付率").click()
    clerk.get_by_role("button", name="从指标库选用").click()
    clerk.get_by_role("row").filter(has_text="新增公办学位数").get_by_role("checkbox").check()
    clerk.get_by_role("button", name="加入所选").click()
    expect(clerk.get_by_label("绩效指标第 10 行指标值", exact=True)).to_be_focused()
    clerk.keyboard.type("300")
    clerk.get_by_label("绩效指标第 10 行权重（分）").fill("10")
    clerk.locator("[name='indicators[r1].data_source']").fill("示例：教育局年报")
    clerk.locator("[name='indicators[satisfaction].survey_method']").fill("示例：电话回访 400 户，按园随机抽取")
    clerk.keyboard.press("Control+s")
    expect(clerk.get_by_text("可以报送", exact=True)).to_be_visible()
    clerk.get_by_role("button", name="重新报送").click()
    clerk.get_by_role("button", name="确认报送").click()
    expect(clerk.get_by_text("预算单位负责人 确认重报绩效目标")).to_be_visible()
    clerk.get_by_role("link", name="下一件待办").click()
    expect(clerk.get_by_role("heading", name="我的待办")).to_be_visible()

    head = sits("fuzeren")
    open_row(head, f"确认重报绩效目标：{TARGET}")
    expect(head.get_by_text("↻ 已重报·第 2 轮")).to_be_visible()
    head.get_by_role("button", name="报送", exact=True).click()
    expect(head.get_by_role("heading", name="已办理")).to_be_visible()
    for login in ("zhuguan", "jixiao"):
        judge = sits(login)
        follow(judge, "审核队列")
        judge.get_by_role("link", name=TARGET).click()
        expect(judge.get_by_text("现在只看改动（5）")).to_be_visible()
        expect(judge.locator(".jx-opinion").get_by_text("已改")).to_have_count(2)
        judge.keyboard.press("a")
        expect(judge.locator("#chosen")).to_contain_text("通过")
        judge.keyboard.press("Enter")
    office = judge
    expect(office.get_by_label("审核评分第 1 行得分")).to_be_focused()
    for mark in ("9", "9", "9", "9", "14", "14", "14", "14"):
        office.keyboard.type(mark)
        office.keyboard.press("Enter")
    expect(office.get_by_role("radio", name="通过", exact=True)).to_be_focused()
    expect(office.get_by_text("可以报送", exact=True)).to_be_visible()
    office.get_by_role("button", name="通过", exact=True).press("Enter")
    office.get_by_role("button", name="确认通过").press("Enter")
    expect(office.get_by_text("财政业务股 随预算批复目标")).to_be_visible()
    office.get_by_role("link", name="审核下一件").press("Enter")
    expect(office.get_by_role("heading", name="审核队列")).to_be_visible()
    follow(office, "驾驶舱")
    expect(office.get_by_text(f"{len(NUMBERS)} 个项目", exact=True)).to_be_visible()


def test_an_agency_finds_what_is_wrong_with_its_draft_and_hands_it_in(sits: Sits) -> None:
    page = sits("jigou")
    page.get_by_role("link", name="示例：便民服务项目1").first.click()
    expect(page.get_by_text("没有写证据编号")).to_be_visible()
    expect(page.get_by_text("得分 89.60 按本区等级表应为“良”")).to_be_visible()
    page.get_by_role("link", name="办理", exact=True).click()
    page.get_by_role("button", name="报送", exact=True).click()

    page.locator("#stopped").get_by_role("link", name="没有写证据编号").click()
    page.keyboard.press("Space")
    expect(page.locator("#stopped").get_by_role("link")).to_have_count(1)
    page.locator("#stopped").get_by_role("link", name="按本区等级表应为“良”").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("良")
    page.keyboard.press("Tab")
    expect(page.locator("#stopped")).to_have_count(0)
    page.get_by_role("button", name="报送", exact=True).click()
    page.get_by_role("button", name="确认报送").click()

    expect(page.get_by_text("预算单位经办人 对初稿陈述申辩")).to_be_visible()
    follow(page, "我的考核")
    expect(page.get_by_text("只看得到本机构的")).to_be_visible()


def test_the_owner_of_the_rules_reads_where_every_line_comes_from(sits: Sits) -> None:
    page = sits("zhengce")
    expect(page.get_by_text("签核、试算和地区差异在本版本还没有")).to_be_visible()
    expect(page.get_by_text("本区未规定").first).to_be_visible()
    page.get_by_role("link", name="评价等级").click()

    expect(page.get_by_role("row").filter(has_text="80 至不满 90")).to_contain_text("由数据推定，待签核")
    expect(page.get_by_text("没有一行符合时，答案是“本区未规定”")).to_be_visible()


def test_an_operator_retries_a_fault_moves_the_clock_and_moves_cases_to_the_newer_diagrams_and_back(sits: Sits) -> None:
    page = sits("yunwei")
    page.get_by_role("link", name="异常待处理").click()
    page.get_by_role("row").filter(has_text=STUCK).get_by_role("button", name="重试").click()
    expect(page.get_by_text("已处理，案卷继续往下走")).to_be_visible()
    page.get_by_role("button", name="推进一个工作日").click()
    expect(page.get_by_role("heading", name="4 个期限届满")).to_be_visible()
    follow(page, "运行状况")
    page.get_by_role("link", name="完整性校验").click()
    page.get_by_role("button", name="校验全部记录").click()
    expect(page.get_by_text(re.compile("✓ 连续"))).to_be_visible()

    follow(page, "流程")
    line = page.get_by_role("row").filter(has_text="绩效目标申报")
    expect(line).to_contain_text("2 件")
    line.get_by_role("link", name="迁移试运行").click()
    expect(page.get_by_text("可迁 1 · 不可迁 1")).to_be_visible()
    expect(page.get_by_text("新版没有步骤“会签预算和目标”")).to_be_visible()
    page.get_by_label("原因（记入每份案卷的经过）").fill("示例：换用新版")
    page.get_by_label("同意人账号").fill("jixiao")
    page.get_by_label("同意人密码").fill(PASSWORD)
    page.get_by_role("button", name="执行迁移").click()
    expect(page.get_by_text("成功 1 · 跳过 0 · 失败 0")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=STUCK)).to_contain_text("成功")

    page.get_by_role("link", name="撤回迁移").click()
    page.get_by_role("checkbox", name=STUCK).check()
    page.get_by_label("撤回原因").fill("示例：再等一等")
    page.get_by_role("button", name="撤回迁移").click()
    expect(page.get_by_text("成功 1 · 跳过 0 · 失败 0")).to_be_visible()
