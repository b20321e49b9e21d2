"""features/feedback, and what only feedback needs: letters with another score, number or problems."""

from decimal import Decimal

from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.reopen_verdict import reopen_verdict
from engine.process import Element
from engine.rectifications import Letter, Rectification
from engine.scores import Score, final_score
from tests.factories_forms import valid_content
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills
from tests.steps.words import OFFICES

scenarios("../../features/feedback")


@given("抽中复核而不做重点评价")
def only_reviewed(story: Story) -> None:
    story.wishes |= {"sampled": True, "selected": False}


@given(parsers.parse("评价报告的得分是{score}分"))
def evaluated_to(story: Story, score: str) -> None:
    story.wishes["score"] = score


@given("评价没有提出问题")
def no_problem(story: Story) -> None:
    story.wishes["problems"] = 0


@given("案卷已办到“复核异议”且单位已提出异议")
def an_objection_was_raised(story: Story) -> None:
    story.reach("认可或提出异议")
    story.decide("单位负责人", "提出异议")


@when(parsers.re(f"{OFFICE}{TRIES}以“(?P<reason>[^“”]*)”为由重新认定"))
def decides_anew(story: Story, office: str, attempt: str | None, reason: str) -> None:
    place, by = story.office, next(a for a in story.office.bureau.everybody() if OFFICES[office] in a.roles)
    with story.trying(attempt), place.transactions() as session:
        reopen_verdict(session, story.case_id, reason=reason, by=by, at=place.now)


@when(parsers.re(f"{OFFICE}把得分更正为(?P<score>[\\d.]+)分"))
def corrects_the_score(story: Story, office: str, score: str) -> None:
    story.act(office, fills("F09"), score=score)


@when(parsers.re(f"{OFFICE}只把“(?P<row>[^“”]+)”记为零分，更正复核意见"))
def corrects_the_review(story: Story, office: str, row: str) -> None:
    named = {each["name"]: each["id"] for each in valid_content("F02")["indicators"]}
    story.act(office, fills("F08"), cut_rows=[named[row]])


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


@then(parsers.re("先后两份反馈意见函是“(?P<first>[^“”]+)”和“(?P<second>[^“”]+)”"))
def both_letters(story: Story, first: str, second: str) -> None:
    kept = story.office.rows(Letter, story.case_id)
    assert [f"{letter.score.normalize():f} {letter.grade}" for letter in kept] == [first, second]


@then(parsers.parse("案卷的得分是{total}，等级是“{grade}”"))
def the_result(story: Story, total: str, grade: str) -> None:
    with story.office.transactions() as session:
        score = final_score(session, story.case_id)
    assert score is not None
    assert (score.total, score.grade) == (Decimal(total), grade)


@then(parsers.parse("整改台账有{number:d}项"))
def the_ledger_has(story: Story, number: int) -> None:
    rows = story.office.rows(Rectification, story.case_id)
    assert len([row for row in rows if row.state != "replaced"]) == number


def _issues(element: Element) -> bool:
    return element.step.command == "issue_feedback"
