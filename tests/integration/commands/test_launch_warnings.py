"""Before a launch is made: what should make one look again at its day, each with its source."""

from datetime import date, timedelta

import pytest

from engine.commands.launch_stage import launch_stage
from engine.queries.launch_days import foretell_launch
from engine.queries.launch_warnings import DayWarning, launch_warnings
from engine.words import CaseKind
from tests.office import FISCAL_YEAR, Office


@pytest.fixture
def waiting(office: Office) -> int:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-1")
    office.reach(case, "monitoring")
    office.clock.move_to(office.now + timedelta(hours=1))
    return case


def warned(office: Office, case: int, given: date | None) -> tuple[DayWarning, ...]:
    told = {"due_on": given, "given_reason": "示例：人代会提前"} if given else {}
    with office.transactions() as session:
        ahead = foretell_launch(
            session, launch_stage, FISCAL_YEAR, "monitoring", [case], by=office.bureau.office, at=office.now, **told
        )  # fmt: skip
        assert isinstance(ahead, tuple), ahead.message
        return launch_warnings(session, ahead, given=given, at=office.now)


def test_a_day_of_the_table_before_every_milestone_needs_no_second_look(office: Office, waiting: int) -> None:
    assert warned(office, waiting, None) == ()


def test_a_holiday_and_a_weekend_are_told_with_the_notice(office: Office, waiting: int) -> None:
    holiday, *_ = warned(office, waiting, date(2021, 10, 4))
    weekend, *_ = warned(office, waiting, date(2021, 10, 16))
    worked = warned(office, waiting, date(2021, 10, 9))

    assert holiday.words == "是国庆节放假，不是工作日。"
    assert holiday.source == "国办发明电〔2020〕27号"
    assert weekend.words == "是周末，不是工作日。"
    assert not any("工作日" in each.words for each in worked)


def test_a_day_later_than_the_tables_names_that_day_and_its_row(office: Office, waiting: int) -> None:
    (late,) = warned(office, waiting, date(2020, 11, 30))

    assert late.words == "比期限表的2020年9月15日（绩效运行监控·填报）晚。"
    assert "单位填报监控表" in late.source
    assert late.status == "default"


def test_a_milestone_of_the_budget_that_comes_first_is_told(office: Office, waiting: int) -> None:
    told = [each.words for each in warned(office, waiting, date(2020, 12, 21))]

    assert "晚于 2021 年预算的2020年12月15日（绩效目标申报·预算审核截止）。" in told
    assert "晚于 2021 年预算的2020年12月20日（绩效目标申报·预算编审封库）。" in told


def test_nothing_is_said_of_a_launch_nobody_waits_for_but_its_own_day(office: Office) -> None:
    with office.transactions() as session:
        (only,) = launch_warnings(session, (), given=date(2021, 10, 3), at=office.now)

    assert "国庆节放假" in only.words
