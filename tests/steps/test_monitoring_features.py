"""features/monitoring, and what only monitoring needs: figures of the sheet, the window, the bundle."""

from decimal import Decimal

from pytest_bdd import given, parsers, scenarios, then, when

from engine.queries.monitoring_board import MonitoringFilters, monitoring_board
from engine.results.model import Candidate
from engine.words import CaseKind, Light
from tests.office import FISCAL_YEAR
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story

scenarios("../../features/monitoring")


@when(parsers.re(f"{OFFICE}{TRIES}按截止(?P<month>\\d+)月填报监控表"))
def fills_until(story: Story, office: str, attempt: str | None, month: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_monitoring", cutoff_month=int(month))


@when(parsers.re(f"{OFFICE}{TRIES}按“1\\+1\\+X 组合”填报监控表而不写组合编号"))
def fills_for_a_nameless_bundle(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"scope": "bundle"}
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_monitoring")


@given(parsers.parse("同一组合还有{number:d}个项目，都已部署监控"))
def others_of_the_bundle(story: Story, number: int) -> None:
    story.numbers = {str(n): story.office.open_case(CaseKind.PROJECT, f"P-{n}", "250") for n in range(number)}
    assert story.case_id
    for case_id in story.numbers.values():
        story.office.reach(case_id, "monitoring", ex_ante_verdict="exempt", entry_review_verdict="no")
    story.office.launch("monitoring")


@when(parsers.parse("三份监控表都按组合编号“{bundle}”填报"))
def all_are_filled(story: Story, bundle: str) -> None:
    for case_id in story.numbers.values():
        story.office.do(case_id, "fill_monitoring", changes={"scope": "bundle", "bundle": bundle})


@then(parsers.parse("组合“{bundle}”有{number:d}份监控表"))
def the_bundle_has(story: Story, bundle: str, number: int) -> None:
    sheets = [story.office.versions(case_id, "F05")[-1] for case_id in story.numbers.values()]
    assert [sheet.content["bundle"] for sheet in sheets] == [bundle] * number


@then(parsers.parse("监控表的时间进度是{percent}%"))
def the_time_progress_is(story: Story, percent: str) -> None:
    assert Decimal(story.versions("监控表")[-1].content["time_progress"]) == Decimal(percent)


@then(parsers.parse("运行监控的资金灯是“{money}”，目标灯是“{target}”"))
def the_board_shines(story: Story, money: str, target: str) -> None:
    office = story.office
    with office.transactions() as session:
        filters = MonitoringFilters(FISCAL_YEAR)
        (line,) = monitoring_board(session, office.bureau.division, on=office.today, filters=filters).lines
    assert [Light.said(line.money_light), Light.said(line.target_light)] == [money, target]


@then(parsers.parse("案卷列入{year:d}年度重点评价备选"))
def is_a_candidate(story: Story, year: int) -> None:
    assert [candidate.for_year for candidate in story.office.rows(Candidate, story.case_id)] == [year]
