"""features/feedback, and what only feedback needs: letters with another score, number or problems."""

from pytest_bdd import given, parsers, scenarios, then, when

from engine.process import Element
from engine.rectifications import Rectification
from engine.scores import Score
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story

scenarios("../../features/feedback")


@given("抽中复核而不做重点评价")
def only_reviewed(story: Story) -> None:
    story.wishes |= {"sampled": True, "selected": False}


@given("评价没有提出问题")
def no_problem(story: Story) -> None:
    story.wishes["problems"] = 0


@given("案卷已办到“复核异议”且单位已提出异议")
def an_objection_was_raised(story: Story) -> None:
    story.reach("认可或提出异议")
    story.decide("单位负责人", "提出异议")


@when(parsers.re(f"{OFFICE}另编文号发出只有(?P<number>\\d+)个问题的反馈意见函"))
def issues_another_letter(story: Story, office: str, number: str) -> None:
    story.act(office, _issues, problems=int(number), doc_number="示例财绩〔2022〕99号")


@when(parsers.re(f"{OFFICE}{TRIES}仍用原文号发出反馈意见函"))
def issues_the_same_number(story: Story, office: str, attempt: str | None) -> None:
    with story.trying(attempt):
        story.act(office, _issues)


@when(parsers.re(f"{OFFICE}{TRIES}发出得分为(?P<score>[\\d.]+)的反馈意见函"))
def issues_another_score(story: Story, office: str, attempt: str | None, score: str) -> None:
    story.changes = {"total_score": score}
    with story.trying(attempt):
        story.act(office, _issues)


@when(parsers.re(f"{OFFICE}{TRIES}发出不要求整改的反馈意见函"))
def issues_without_demand(story: Story, office: str, attempt: str | None) -> None:
    with story.trying(attempt):
        story.act(office, _issues, demands=False)


@then(parsers.parse("复核等级是“{grade}”"))
def the_grade_is(story: Story, grade: str) -> None:
    assert story.office.rows(Score, story.case_id)[-1].grade == grade


@then(parsers.parse("整改台账有{number:d}项"))
def the_ledger_has(story: Story, number: int) -> None:
    rows = story.office.rows(Rectification, story.case_id)
    assert len([row for row in rows if row.state != "replaced"]) == number


def _issues(element: Element) -> bool:
    return element.step.command == "issue_feedback"
