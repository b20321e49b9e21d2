"""驾驶舱: the figures of a small bureau, computed by hand, each with the rows it rests on."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.accounts import open_account
from engine.commands.start_case import Line
from engine.directory import Actor, Person, Unit
from engine.queries.year_counts import StageCount
from engine.store import Database
from engine.words import CaseKind, Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown, seats_at
from tests.pages.hands import Hands
from web.pages.dashboard import WIDE, answer_of, bars_of

TWO_LINES = (Line("本级", Decimal("60"), Decimal("98")), Line("经开区", Decimal("40.5"), Decimal("94")))
ONE_LINE = (Line("财政拨款", Decimal("100"), Decimal("100")),)


def seated(office: Office, hands_of: SitsDown, role: Role) -> Hands:
    """Somebody of the bureau in another office than those it comes with."""
    with office.transactions() as session:
        actor: Actor = person_in(session, session.get_one(Unit, office.bureau.finance_id), f"示例{role.label}", role)
        person = session.get_one(Person, actor.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
    return hands_of(actor)


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    """One bureau for all of it."""
    return Office.opened(shared_database)


@pytest.fixture(scope="module")
def hands_of(shared_database: Database, office: Office, tmp_path_factory: pytest.TempPathFactory) -> SitsDown:
    return seats_at(shared_database, office, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def evaluated(office: Office, hands_of: SitsDown) -> list[int]:
    """Two projects and a department, evaluated and waiting for their letters for a long time."""
    cases = [
        office.open_case(code="示例-甲", lines=TWO_LINES),
        office.open_case(code="示例-乙", lines=ONE_LINE),
        office.open_case(CaseKind.WHOLE_DEPARTMENT, code="示例-部门"),
    ]
    for stage in ("monitoring", "self_evaluation", "key_evaluation"):
        for case_id in cases:
            office.reach(case_id, stage)
    office.plan(*cases)
    for case_id, score in zip(cases, ("90", "85.5", "88"), strict=True):
        office.reach(case_id, "feedback", score=score)
    office.clock.move_to(office.now + timedelta(days=60))
    return cases


def figures(hands: Hands) -> list[str]:
    """What can be read of the five figures without opening them."""
    return [" ".join(each.text_content().split()) for each in hands.page.xpath("//details/summary[b]")]


def test_five_figures_are_those_computed_by_hand(office: Office, hands_of: SitsDown, evaluated: list[int]) -> None:
    officer = hands_of(office.bureau.office).open("/dashboard")

    projects, departments, gap, full, late = figures(officer)

    assert "2 个项目" in projects
    assert "3 笔资金 · 200.50 万元" in projects
    assert "优 1 良 1" in projects
    assert "1 家" in departments
    assert "良 1" in departments
    assert "平均高 10.25 分" in gap
    assert "自评均值 98.00" in gap
    assert "第三方均值 87.75" in gap
    assert "1 个" in full
    assert "3 份案卷" in late


def test_every_figure_opens_the_rows_it_rests_on(office: Office, hands_of: SitsDown, evaluated: list[int]) -> None:
    first, second, department = evaluated
    officer = hands_of(office.bureau.office).open("/dashboard")

    rows = {
        " ".join(table.xpath("string(caption)").split()): [a.get("href") for a in table.xpath(".//tbody//th/a")]
        for table in officer.page.xpath("//details//table")
    }

    assert rows["计入的项目"] == [f"/cases/{first}", f"/cases/{second}"]
    assert rows["计入的单位"] == [f"/cases/{department}"]
    assert rows["自评满分的项目，第三方得分低的在前"] == [f"/cases/{second}"]


def test_every_part_of_the_chart_and_of_its_table_opens_just_these_cases(
    office: Office, hands_of: SitsDown, evaluated: list[int]
) -> None:
    moving = office.open_case(code="示例-新")
    officer = hands_of(office.bureau.office).open("/dashboard")
    table = officer.page.xpath("//table[contains(@class, 'jx-bars')]")[0]
    numbers = {a.get("href"): int(a.text_content()) for a in table.xpath(".//td[contains(@class, 'jx-number')]/a")}
    drawn = {a.get("href") for a in table.xpath(".//svg//a")}

    listed = {
        address: len(officer.open(address).page.xpath("//table[contains(@class, 'jx-table')]/tbody/tr"))
        for address in numbers
    }

    assert listed == numbers
    assert drawn == set(numbers)
    assert sum(numbers.values()) == len(evaluated) + 1
    assert moving not in evaluated


def test_who_is_to_be_urged_is_named_with_the_days_in_workdays(
    office: Office, hands_of: SitsDown, evaluated: list[int]
) -> None:
    officer = hands_of(office.bureau.office).open("/dashboard")

    rows = officer.page.xpath("//section[@aria-labelledby='urge']//tbody/tr")

    assert {row.xpath("string(.//th/a/@href)") for row in rows} == {f"/cases/{case_id}" for case_id in evaluated}
    assert all("个工作日" in row.xpath("string(td[1])") for row in rows)


def test_only_one_kind_of_unit_is_counted_where_asked(office: Office, hands_of: SitsDown, evaluated: list[int]) -> None:
    officer = hands_of(office.bureau.office)

    departments = figures(officer.open("/dashboard?kind=部门"))
    towns = figures(officer.open("/dashboard?kind=乡镇"))

    assert "2 个项目" in departments[0]
    assert towns[0].startswith("项目评价—")
    assert "还没有评价结果，先看进度" in officer.text()


def test_only_projects_of_one_nature_are_counted_where_asked_and_their_lists_are_as_long(
    office: Office, hands_of: SitsDown, evaluated: list[int]
) -> None:
    new = office.open_case(code="示例-新增", project_nature="new")
    officer = hands_of(office.bureau.office).open("/dashboard?nature=new&kind=部门")
    table = officer.page.xpath("//table[contains(@class, 'jx-bars')]")[0]
    ((address, number),) = (
        (a.get("href"), a.text_content()) for a in table.xpath(".//td[contains(@class, 'jx-number')]/a")
    )
    told = officer.text()

    listed = officer.open(address).page.xpath("//table[contains(@class, 'jx-table')]/tbody/tr//a/@href")
    towns = officer.open(address.replace("units=%E9%83%A8%E9%97%A8", "units=乡镇")).text()

    assert "只看部门 · 只看新增项目" in told
    assert "部门整体和没有填的不计" in told
    assert (number, [link for link in listed if link == f"/cases/{new}"]) == ("1", [f"/cases/{new}"])
    assert "去掉“部门类别：乡镇”" in towns


def test_a_bureau_leader_begins_here(office: Office, hands_of: SitsDown) -> None:
    leader = seated(office, hands_of, Role.BUREAU_LEADER).open("/")

    assert leader.path == "/dashboard"
    assert "本年度还没有案卷。部署一个阶段后自动建立。" in leader.open("/dashboard?year=2030").text()


def test_the_congress_hears_nothing_of_what_is_under_way(
    office: Office, hands_of: SitsDown, evaluated: list[int]
) -> None:
    observer = seated(office, hands_of, Role.OBSERVER).open("/dashboard")

    assert "在办事项不在查看范围" in observer.text()
    assert observer.page.xpath("//section[@aria-labelledby='urge']//tbody/tr") == []
    assert "2 个项目" in figures(observer)[0]
    assert observer.page.xpath("//main//a[starts-with(@href, '/cases/')]") == []


def test_money_makes_the_bars_as_long_as_it_is() -> None:
    counts = [
        StageCount("target_filing", "running", 3, Decimal("30"), 3),
        StageCount("monitoring", "overdue", 1, Decimal("60"), 1),
        StageCount("monitoring", "running", 1, Decimal("40"), 1),
    ]

    by_cases, by_money = bars_of(counts, 2021, "cases"), bars_of(counts, 2021, "money")

    assert [[part.width for part in bar.parts] for bar in by_cases] == [[WIDE], [333, 333]]
    assert [[part.width for part in bar.parts] for bar in by_money] == [[300], [400, 600]]
    assert answer_of(by_cases, "cases") == "在办最多的是绩效目标申报：3 件，其中逾期 0 件。"
    assert answer_of(by_money, "money") == "在办最多的是绩效运行监控：100.00 万元，其中逾期 1 件。"


def test_what_was_cut_is_told_in_a_sentence_a_table_and_a_file(database: Database, tmp_path: Path) -> None:
    office = Office.opened(database)
    case_id = office.open_case(code="示例-核减", amount_wan="90.63", lines=())
    office.reach(case_id, "target_filing.approve_budget")
    office.do(case_id, "approve_budget", "returned", approved_wan="54.78", reason="示例：财力不足")
    office.reach(case_id, "monitoring")
    officer = seats_at(database, office, tmp_path)(office.bureau.office)

    officer.open("/dashboard")
    (section,) = officer.page.xpath("//section[@aria-labelledby='cuts']")
    (address,) = section.xpath(".//a[@download]/@href")
    told = officer.client.get(address).get_data(as_text=True).splitlines()

    assert "核减 35.85 万元（39.56 %）；1 个已核定，其中 1 个核减。" in " ".join(section.text_content().split())
    assert [cell.text_content() for cell in section.xpath(".//tbody/tr/td")] == [
        "90.63", "54.78", "35.85", "39.56 %", "54.78",
    ]  # fmt: skip
    assert told[0].endswith("申报（万元）,核定（万元）,核减额（万元）,核减率（%）,现在的金额（万元）")
    assert told[1].startswith("示例-核减,")
    assert told[1].endswith(",90.63,54.78,35.85,39.56,54.78")
