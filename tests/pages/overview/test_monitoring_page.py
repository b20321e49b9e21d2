"""运行监控 as a list: rates, lights, and where the disposal is recorded."""

from datetime import date
from decimal import Decimal

import pytest

from engine.accounts import open_account
from engine.commands.report_execution import report_execution
from engine.directory import Actor, Person, Unit
from engine.moves.executing import Reported
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.hands import Hands


@pytest.fixture
def behind(office: Office, hands_of: SitsDown) -> int:
    """A project of 180 万元 that has spent 54 of it by July, and reached half of its targets."""
    case_id = office.open_case(code="示例-落后")
    office.reach(case_id, "monitoring.confirm_monitoring", executed_wan="54", achieved="0.5")
    return case_id


def row_of(hands: Hands, case_id: int) -> str:
    """The line of one case, as it can be read."""
    (row,) = hands.page.xpath(f"//tbody/tr[th/a/@href='/cases/{case_id}']")
    return " ".join(row.text_content().split())


def test_a_project_behind_time_shows_its_rates_lights_and_advice(
    office: Office, hands_of: SitsDown, behind: int
) -> None:
    officer = hands_of(office.bureau.office).open("/monitoring")

    told = row_of(officer, behind)

    assert "时间进度 58.33%（按月）" in officer.text()
    assert "30.00%" in told
    assert "−28.33 点" in told
    assert "▲ 严重" in told
    assert "调减或暂停" in told
    assert "默认值，待签核" in told


def test_before_the_month_of_monitoring_is_over_an_empty_board_says_from_when_on_it_is_filled(
    office: Office, hands_of: SitsDown
) -> None:
    officer = hands_of(office.bureau.office)

    told = [officer.open(f"/monitoring?year={year}").text() for year in (office.today.year - 1, office.today.year + 1)]

    assert "监控截止月未到" not in told[0]
    assert f"监控截止月未到，{office.today.year + 1}年8月1日" in told[1]
    assert "起填报。" in told[1]


def test_what_is_left_of_the_money_at_the_end_of_the_year_is_listed(office: Office, hands_of: SitsDown) -> None:
    left, spent = (
        office.open_case(code="示例-结余", amount_wan="180"),
        office.open_case(code="示例-用完", amount_wan="60"),
    )
    office.reach(left, "key_evaluation")
    for case_id, wan in ((left, "143.5"), (spent, "60")):
        reported = Reported(date(FISCAL_YEAR, 12, 31), Decimal(wan), "示例：国库系统")
        with office.transactions() as session:
            report_execution(session, case_id, reported, by=office.bureau.division, at=office.now)

    board = hands_of(office.bureau.division).open(f"/monitoring?year={FISCAL_YEAR}&where=left")

    assert "结转结余 36.5 万元" in row_of(board, left)
    assert "示例-用完" not in board.text()
    assert len(board.page.xpath("//tbody/tr")) == 1


def test_the_furthest_behind_time_comes_first(office: Office, hands_of: SitsDown) -> None:
    on_time, late = office.open_case(code="示例-按时"), office.open_case(code="示例-落后")
    office.reach(on_time, "monitoring")
    office.reach(late, "monitoring.confirm_monitoring", executed_wan="54")
    office.reach(on_time, "monitoring.confirm_monitoring")
    waiting = office.open_case(code="示例-未填")
    office.reach(waiting, "monitoring.fill_monitoring")

    officer = hands_of(office.bureau.office).open("/monitoring")

    order = [a.get("href") for a in officer.page.xpath("//tbody/tr/th/a")]
    assert order == [f"/cases/{case_id}" for case_id in (late, on_time, waiting)]
    assert "监控表还没有报送" in row_of(officer, waiting)


def test_lights_and_the_one_who_monitors_narrow_the_list(office: Office, hands_of: SitsDown, behind: int) -> None:
    officer = hands_of(office.bureau.office)

    shown = {
        query: bool(officer.open(f"/monitoring?year=2021&{query}").page.xpath("//tbody/tr"))
        for query in ("light=red", "light=green", "monitor=department", "monitor=agency", "q=落后", "q=别的")
    }

    assert shown == {
        "light=red": True, "light=green": False, "monitor=department": True, "monitor=agency": False, "q=落后": True,
        "q=别的": False,
    }  # fmt: skip
    assert "当前条件下没有监控事项" in officer.text()


def test_whose_turn_it_is_finds_the_step_and_others_are_told_whom_it_waits_for(
    office: Office, hands_of: SitsDown, behind: int
) -> None:
    (task,) = office.tasks(behind)

    head = hands_of(office.bureau.head).open("/monitoring")
    officer = hands_of(office.bureau.office).open("/monitoring")

    assert head.page.xpath(f"//a[@href='/tasks/{task.id}']")
    assert "等 预算单位负责人 确认监控表" in row_of(officer, behind)


def test_after_a_cut_was_decided_the_unit_finds_the_target_to_declare_anew(
    office: Office, hands_of: SitsDown, behind: int
) -> None:
    office.reach(behind, "monitoring.decide_monitoring_disposal")
    division = hands_of(office.bureau.division).open("/monitoring")
    decides = row_of(division, behind)

    office.do(behind, "decide_monitoring_disposal", monitoring_disposal="cut", reduced_wan="150")

    division.open("/monitoring?year=2021&where=all")
    clerk = hands_of(office.bureau.clerk).open("/")
    assert "审定处置意见" in decides
    assert "调减预算" in row_of(division, behind)
    assert "按调整后金额重报目标" in clerk.text()


def test_who_decides_sees_before_what_each_disposal_brings_about(
    office: Office, hands_of: SitsDown, behind: int
) -> None:
    office.reach(behind, "monitoring.decide_monitoring_disposal")
    (task,) = office.tasks(behind)
    division = hands_of(office.bureau.division).open(f"/tasks/{task.id}")
    follows = dict(
        zip(*(division.page.xpath(f"//section[@aria-labelledby='follows']//{part}/text()") for part in ("dt", "dd")),
            strict=True)
    )  # fmt: skip

    assert "要小于现在的 180 万元" in division.text()
    assert follows["继续执行"] == "进入绩效自评"
    assert follows["调减预算"].startswith("预算调整；进入绩效自评；轮到预算单位经办人“按调整后金额重报目标”")
    assert follows["暂停"].startswith("案卷暂停；轮到财政业务股“审定处置意见”")
    assert follows["停止执行"].startswith("结果应用建议；进入结果应用与公开；轮到财政业务股")
    assert follows["列入重点评价备选"] == "列入重点评价备选；进入绩效自评"
    assert [task.element for task in office.tasks(behind)] == ["decide_monitoring_disposal"]


def test_another_unit_sees_nothing_of_it(office: Office, hands_of: SitsDown, behind: int) -> None:
    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT, department_id=None)
        session.add(unit)
        session.flush()
        stranger: Actor = person_in(session, unit, "陈无关", Role.UNIT_CLERK)
        person = session.get_one(Person, stranger.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)

    seen = hands_of(stranger).open("/monitoring?year=2021&where=all")

    assert seen.page.xpath("//tbody/tr") == []
