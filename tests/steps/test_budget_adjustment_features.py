"""features/budget_adjustment, and what only adjustments need: a new amount, and which version a paper answers to."""

from decimal import Decimal

from pytest_bdd import given, parsers, scenarios, then, when

from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story

scenarios("../../features/budget_adjustment")


@given(parsers.parse("监控截至7月执行{executed}万元"))
def spent_until_july(story: Story, executed: str) -> None:
    story.wishes |= {"executed_wan": executed, "monitoring_disposal": "continue"}


@when("调整办结")
def the_adjustment_is_finished(story: Story) -> None:
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        story.office.do(story.case_id, step)


@when(parsers.re(f"{OFFICE}{TRIES}按(?P<amount>[\\d.]+)万元填报调整后的绩效目标"))
def fills_the_old_amount(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {
        f"funds.{span}.{part}": amount for span in ("annual", "mid_term") for part in ("total_wan", "fiscal_wan")
    }
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_adjusted_target")


@when(parsers.re(f"{OFFICE}{TRIES}对照第(?P<version>\\d+)版目标填报自评表"))
def answers_to_a_version(story: Story, office: str, attempt: str | None, version: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "fill_self_evaluation", target_version=int(version))


@then(parsers.parse("自评表对照的是第{version:d}版目标，全年预算数是{amount:d}万元"))
def the_self_evaluation_answers_to(story: Story, version: int, amount: int) -> None:
    content = story.versions("自评表")[-1].content
    assert content["target_version"] == version
    assert Decimal(content["funds"]["total"]["annual_budget_wan"]) == amount


@then(parsers.parse("监控表第{version:d}版的全年预算数是{amount:d}万元"))
def the_sheet_answers_to(story: Story, version: int, amount: int) -> None:
    content = story.versions("监控表")[version - 1].content
    assert Decimal(content["funds"]["total"]["annual_budget_wan"]) == amount
