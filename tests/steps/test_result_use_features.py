"""features/result_use, and what only result use needs: effects proposed, lists filled, sittings, publication."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.findings import FormFinding
from engine.moves.sittings import Sitting
from engine.process import Element
from engine.results.model import Deliberation, ResultEffect
from engine.submissions.forms import FORMS, check
from engine.words import DELIBERATIONS, EffectState, Stage
from tests.factories_forms import context_for, valid_content
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills
from tests.steps.words import EFFECTS, OFFICES

scenarios("../../features/result_use")

FORM_EFFECTS = EFFECTS | {"按比例扣减": "proportional_cut"}


@given(parsers.re("评价得(?P<score>[\\d.]+)分、只提出1个问题"))
def evaluated_to(story: Story, score: str) -> None:
    story.wishes |= {"score": score, "problems": 1}


@given(parsers.parse("评价报告的等级为“{grade}”"))
def reported_as(story: Story, grade: str) -> None:
    story.wishes |= {"grade": grade}


@given(parsers.parse("在职人员公用经费综合定额是{amount}万元"))
def the_quota_is(story: Story, amount: str) -> None:
    story.facts["public_expense_quota_wan"] = amount


@given(parsers.re("一份(?P<flaw>晚一天公开|缺少得分|规范性不通过)的重点评价报告公开事项"), target_fixture="findings")
def a_flawed_publication(flaw: str) -> list[FormFinding]:
    flaws: dict[str, dict[str, Any]] = {
        "晚一天公开": {"items[k1].due_on": "2022-10-27"},
        "缺少得分": {"items[k1].contents": ["报告", "等级"]},
        "规范性不通过": {"items[k1].regular": False},
    }
    return check(FORMS["F14"], valid_content("F14", **flaws[flaw]), context_for("F14"))


@when("全年照常办完")
def the_whole_year(story: Story) -> None:
    story.office.finish(story.case_id, problems=1)


@when(parsers.re(f"{OFFICE}{TRIES}(?P<silently>不写理由就)?按“(?P<effect>[^“”]+)”填报结果应用清单"))
def applies(story: Story, office: str, attempt: str | None, silently: str | None, effect: str) -> None:
    refused = ("applied", "exception_reason", "approved_by")
    story.changes = {"explanations": {f"effects[a1].{key}": "" for key in refused}} if silently else {}
    with story.trying(attempt):
        story.act(office, fills("F12"), effect=FORM_EFFECTS[effect])


@when(parsers.re(f"{OFFICE}{TRIES}以(?P<base>[\\d.]+|不知多少)万元为基数扣减公用经费定额"))
def cuts_the_quota(story: Story, office: str, attempt: str | None, base: str) -> None:
    story.changes = {"effects[a1].base_wan": "" if base == "不知多少" else base}
    with story.trying(attempt):
        story.act(office, fills("F12"), effect="quota_cut")


@when(parsers.re(f"{OFFICE}以“(?P<reason>[^“”]+)”为由、经“(?P<who>[^“”]+)”批准按“(?P<effect>[^“”]+)”填报结果应用清单"))
def waives(story: Story, office: str, reason: str, who: str, effect: str) -> None:
    story.changes = {"effects[a1].exception_reason": reason, "effects[a1].approved_by": who}
    story.act(office, fills("F12"), effect=FORM_EFFECTS[effect])


@when(parsers.re(f"{OFFICE}{TRIES}登记明天的人大审议"))
def records_tomorrows_sitting(story: Story, office: str, attempt: str | None) -> None:
    tomorrow = story.office.today + timedelta(days=1)
    with story.trying(attempt):
        story.act(office, lambda element: element.id == "record_congress_deliberation", held_on=tomorrow)


@when(parsers.re(f"{OFFICE}{TRIES}登记已(?P<what>专报领导|送达参与的代表委员)"))
def notes(story: Story, office: str, attempt: str | None, what: str) -> None:
    body = next(step for step in DELIBERATIONS if step.label == what)
    place, by = story.office, next(a for a in story.office.bureau.everybody() if OFFICES[office] in a.roles)
    with story.trying(attempt), place.transactions() as session:
        record_deliberation_of_case(session, story.case_id, Sitting(body, place.today), by=by, at=place.now)


@when(parsers.re(f"{OFFICE}公开评价结果"))
def publishes(story: Story, office: str) -> None:
    story.act(office, _publishes)


@when(parsers.re(f"{OFFICE}{TRIES}一并公开没有审议的年度绩效情况报告"))
def publishes_too_much(story: Story, office: str, attempt: str | None) -> None:
    with story.trying(attempt):
        story.act(office, _publishes, also="annual_report")


@when(parsers.re(f"{OFFICE}以“(?P<reason>[^“”]+)”为由不公开评价结果"))
def withholds(story: Story, office: str, reason: str) -> None:
    story.act(office, _publishes, secret=reason)


@then(parsers.parse("提出扣减定额{cut}万元，扣减比例{percent}%，基数{base}万元"))
def a_quota_cut_was_proposed(story: Story, cut: str, percent: str, base: str) -> None:
    row: Any = next(row for row in story.office.rows(ResultEffect, story.case_id) if row.effect == "quota_cut")
    assert (row.cut_wan, row.rate, row.base_wan) == (Decimal(cut), Decimal(percent) / 100, Decimal(base))


@then(parsers.parse("建议“{effect}”还没有审定"))
def is_open(story: Story, effect: str) -> None:
    row = _proposal(story, effect)
    assert (row.state, row.decided_by, row.decided_at) == (EffectState.PROPOSED, None, None)


@then(parsers.re("建议“(?P<effect>[^“”]+)”审定为“(?P<state>[^“”]+)”"))
def is_settled(story: Story, effect: str, state: str) -> None:
    row = _proposal(story, effect)
    assert row.state.label == state
    assert row.decided_by is not None


@then(parsers.re("建议“(?P<effect>[^“”]+)”审定为“(?P<state>[^“”]+)”，理由是“(?P<why>.+)”，由“(?P<who>.+)”批准"))
def is_waived(story: Story, effect: str, state: str, why: str, who: str) -> None:
    row = _proposal(story, effect)
    assert (row.state.label, row.exception_reason, row.approved_by) == (state, why, who)


@then(parsers.parse("结果应用清单有{number:d}版"))
def so_many_lists(story: Story, number: int) -> None:
    assert len(story.office.versions(story.case_id, "F12")) == number


@then(parsers.re("要求说明“(?P<words>[^“”]+)”"))
def an_explanation_is_due(findings: list[FormFinding], words: str) -> None:
    assert [found.severity for found in findings if words in found.message] == ["explain"]


@then(parsers.re("案卷依次登记了“(?P<bodies>[^“”]+)”"))
def on_record_in_order(story: Story, bodies: str) -> None:
    assert "、".join(row.body.label for row in story.office.rows(Deliberation, story.case_id)) == bodies


@then(parsers.re("案卷依次进入(?P<stages>.+、.+)"))
def the_stages_in_order(story: Story, stages: str) -> None:
    entered = [entry.payload["stage"] for entry in story.office.journal(story.case_id, "stage.entered")]
    assert [Stage(stage).label for stage in entered] == stages.split("、")


@then("标明“中”以下含“中”")
def below_fair_includes_fair(story: Story) -> None:
    assert story.answer is not None
    assert story.answer.outputs["includes_fair"] is True


def _proposal(story: Story, effect: str) -> ResultEffect:
    """The proposed effect of the case that is said so."""
    return next(row for row in story.office.rows(ResultEffect, story.case_id) if row.effect == EFFECTS[effect])


def _publishes(element: Element) -> bool:
    return element.id == "publish_result"
