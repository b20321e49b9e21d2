"""features/policy_expiry, and what only expiring policies need: a day of expiry, and the days before it."""

from datetime import date, timedelta

from pytest_bdd import parsers, scenarios, then, when

from engine.deadlines import due_on
from engine.results.model import ResultEffect
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills
from tests.steps.words import EFFECTS

scenarios("../../features/policy_expiry")

CLOCKS = {"180": "policy_expiry.notice_180", "90": "policy_expiry.notice_90"}
EXPIRY = "policy_expiry.expiry"


@when(parsers.parse("到了到期前{days}天"))
def so_many_days_before(story: Story, days: str) -> None:
    assert story.case_id
    story.office.let_pass(story.case_id, CLOCKS[days])


@when(parsers.re("到了到期日(?P<moment>当天|的次日)"))
def the_day_of_expiry(story: Story, moment: str) -> None:
    office = story.office
    if moment == "的次日":
        office.let_pass(story.case_id, EXPIRY)
    else:
        office.clock.move_to(office.deadlines(story.case_id, EXPIRY)[0].due_at - timedelta(hours=1))
        office.sweep(story.case_id)


@when(parsers.re(f"{OFFICE}{TRIES}登记终止而安排(?P<amount>[\\d.]+)万元预算"))
def ends_it_with_money(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {"budget_wan": amount, "budget_year": 2022, "explanations": {"budget_wan": ""}}
    with story.trying(attempt):
        story.decide(office, "终止")


@when(parsers.re(f"{OFFICE}{TRIES}不附评价报告就填报到期评价"))
def evaluates_without_report(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"evaluation_report": []}
    with story.trying(attempt):
        story.act(office, fills("F15"))


@then(parsers.parse("“评价”期限自当天起{days:d}个工作日"))
def so_many_days_to_evaluate(story: Story, days: int) -> None:
    (own,) = story.office.deadlines(story.case_id, "policy_expiry.evaluate")
    begun = date(2021, 1, 23)
    assert (own.started_on, own.due_on) == (begun, due_on(begun, days, story.office.database.parts["calendar"]))


@then(parsers.re("提出“(?P<effect>[^“”]+)”"))
def was_proposed(story: Story, effect: str) -> None:
    assert [row.effect for row in story.office.rows(ResultEffect, story.case_id)] == [EFFECTS[effect]]
