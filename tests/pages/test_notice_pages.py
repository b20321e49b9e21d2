"""通知: the top bar says how much one has not read, the page lists it and leads to what it is about."""

import pytest
from sqlalchemy import text

from engine.commands.carry_on_launch import LEFT_ALONE, carry_on_launch
from engine.commands.carry_on_year_act import carry_on_year_act
from engine.commands.launch_stage import launch_stage
from engine.moves.outcome import Outcome
from engine.moves.year_acts import Act, begin_act
from engine.words import CaseKind
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown
from web.worker.carrying import carrier_for


@pytest.fixture
def case(office: Office) -> int:
    """A target waits to be filled in, and everybody has been told."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    carrier_for(office.database).carry_what_waits()
    return case


def test_the_top_bar_counts_what_is_unread_and_one_goes_from_a_notice_to_its_task(
    office: Office, hands_of: SitsDown, case: int
) -> None:
    (task,) = office.tasks(case)
    hands = hands_of(office.bureau.clerk).open("/notices")
    before = hands.text()

    hands.press("打开：示例：社区养老服务站建设经费：“填报绩效目标”等您办理，9月28日（周一）截止")

    assert "通知 2 条未读" in before
    assert "新任务" in before
    assert hands.path == f"/tasks/{task.id}"
    assert "通知 1 条未读" in hands.text()


def test_all_are_read_at_once_and_stay_to_be_looked_up(office: Office, hands_of: SitsDown, case: int) -> None:
    hands = hands_of(office.bureau.clerk).open("/notices")

    hands.press("全部已阅")

    assert "没有未读的通知。" in hands.text()
    assert "“填报绩效目标”等您办理" in hands.open("/notices?view=all").text()


def test_who_was_told_nothing_finds_no_count_and_an_empty_list(office: Office, hands_of: SitsDown, case: int) -> None:
    hands = hands_of(office.bureau.leader).open("/notices?view=all")

    assert "还没有收到过通知。" in hands.text()
    assert "条未读" not in hands.text()


def test_anothers_notice_is_not_there(office: Office, hands_of: SitsDown, case: int) -> None:
    with office.database.upkeep() as session:
        of_the_clerk = session.scalar(text("SELECT max(id) FROM notices"))
    hands = hands_of(office.bureau.leader).open("/notices")
    (word,) = hands.page.xpath("(//input[@name='_word'])[1]/@value")

    answer = hands.client.post(f"/notices/{of_the_clerk}/reading", data={"_word": word, "do": "all"})

    assert answer.status_code == 404


def test_that_a_launch_is_done_leads_to_the_launches(office: Office, hands_of: SitsDown, case: int) -> None:
    office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-1")
    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, most=0,
    )  # fmt: skip
    carry_on_launch(office.transactions, at=office.now, now=office.now + 2 * LEFT_ALONE)
    carrier_for(office.database).carry_what_waits()
    hands = hands_of(office.bureau.office).open("/notices")

    hands.press(f"打开：部署{FISCAL_YEAR}年度“绩效运行监控”已办完，共0件")

    assert hands.path == "/launches"


def test_that_an_act_for_a_year_is_done_leads_to_the_acts(office: Office, hands_of: SitsDown, case: int) -> None:
    division = office.bureau.division
    act = Act(FISCAL_YEAR, "target_filing.approve_budget", "随预算批复目标", Outcome("decided"), "示例")
    with office.transactions() as session:
        begin_act(session, act, [], by=division, now=office.now)
    carry_on_year_act(office.database, "huaxi", at=office.now, now=office.now + 2 * LEFT_ALONE)
    carrier_for(office.database).carry_what_waits()
    hands = hands_of(division).open("/notices")

    hands.press(f"打开：{FISCAL_YEAR}年度“随预算批复目标”已办完，共0件")

    assert hands.path == "/year-acts"
