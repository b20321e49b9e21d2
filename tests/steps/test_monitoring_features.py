"""features/monitoring, and what only monitoring needs: figures of the sheet, the window, the bundle."""

from decimal import Decimal

from pytest_bdd import parsers, scenarios, then, when

from engine.queries.monitoring_board import MonitoringFilters, monitoring_board
from engine.results.model import Candidate
from engine.words import Light
from tests.office import FISCAL_YEAR
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story

scenarios("../../features/monitoring")

PLANS = {"整改措施": "measures", "责任人": "responsible_person", "整改期限": "measures_due_on"}
"""What a sheet that is behind has to say (JH-08)."""


@when(parsers.re(f"{OFFICE}{TRIES}按截止(?P<month>\\d+)月填报监控表"))
def fills_until(story: Story, office: str, attempt: str | None, month: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_monitoring", cutoff_month=int(month))


@when(parsers.re(f"{OFFICE}{TRIES}按“1\\+1\\+X 组合”填报监控表而不写组合编号"))
def fills_for_a_nameless_bundle(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"scope": "bundle"}
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_monitoring")


@when(parsers.re(f"{OFFICE}{TRIES}填报没有(?P<part>{'|'.join(PLANS)})的监控表"))
def leaves_out_a_plan(story: Story, office: str, attempt: str | None, part: str) -> None:
    story.changes = {PLANS[part]: None, "explanations": {PLANS[part]: ""}}
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_monitoring")


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


@then(parsers.parse("结转结余清单上有本案卷，结余{wan}万元"))
def is_left_over(story: Story, wan: str) -> None:
    assert left_over(story) == {story.case_id: Decimal(wan)}


@then("结转结余清单上没有本案卷")
def nothing_is_left_over(story: Story) -> None:
    assert left_over(story) == {}


def left_over(story: Story) -> dict[int, Decimal | None]:
    """Case → what is left of its money, of all that finance finds in the list."""
    office, filters = story.office, MonitoringFilters(FISCAL_YEAR, left_over=True)
    with office.transactions() as session:
        lines = monitoring_board(session, office.bureau.division, on=office.today, filters=filters).lines
    return {line.case_id: line.left_wan for line in lines}


@then(parsers.parse("案卷列入{year:d}年度重点评价备选"))
def is_a_candidate(story: Story, year: int) -> None:
    assert [candidate.for_year for candidate in story.office.rows(Candidate, story.case_id)] == [year]


@then(parsers.re("绩效运行监控没有办过“(?P<step>[^“”]+)”"))
def nobody_did(story: Story, step: str) -> None:
    (element,) = [each for each in story.library.diagrams.elements("monitoring") if each.name == step]
    done = [entry.payload.get("step") for entry in story.office.journal(story.case_id)]
    assert "monitoring.fill_monitoring" in done
    assert f"monitoring.{element.id}" not in done
