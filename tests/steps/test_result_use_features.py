"""features/result_use, and what only result use needs: effects proposed, lists filled, sittings, publication."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.moves.sittings import Sitting
from engine.process import Element
from engine.queries.publication_gate import gate_before
from engine.queries.result_applications import result_applications
from engine.results.model import Deliberation, Disclosure, ResultEffect
from engine.submissions.forms.disclosure_items import KINDS
from engine.words import DELIBERATIONS, DocumentKind, EffectState, PublicationStep, Stage
from tests.office import FISCAL_YEAR
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills
from tests.steps.words import AREAS, EFFECTS, OFFICES

scenarios("../../features/result_use")

FORM_EFFECTS = EFFECTS | {"按比例扣减": "proportional_cut", "收回资金": "claw_back", "合并": "merge"}


FLAWS: dict[str, tuple[str, str, Any]] = {
    "晚了一天": ("due_on", "published_on", None),
    "没有列得分": ("contents", "contents", ["报告", "等级"]),
    "规范性检查不通过": ("regular", "regular", False),
}
"""What is wrong with a publication (GZ-22) → its cell, the cell that asks why, what stands there (None: yesterday)."""


@given(parsers.re("评价得(?P<score>[\\d.]+)分、只提出1个问题"))
def evaluated_to(story: Story, score: str) -> None:
    story.wishes |= {"score": score, "problems": 1}


@given(parsers.parse("评价报告的等级为“{grade}”"))
def reported_as(story: Story, grade: str) -> None:
    story.wishes |= {"grade": grade}


@given(parsers.parse("评价报告写明“{names}”参与"))
def took_part(story: Story, names: str) -> None:
    story.wishes |= {"deputies": names.split("、")}


@given(parsers.parse("在职人员公用经费综合定额是{amount}万元"))
def the_quota_is(story: Story, amount: str) -> None:
    story.facts["public_expense_quota_wan"] = amount


@when("全年照常办完")
def the_whole_year(story: Story) -> None:
    story.office.finish(story.case_id, problems=1)


@when(parsers.re(f"{OFFICE}{TRIES}(?P<silently>不写理由就)?按“(?P<effect>[^“”]+)”填报结果应用清单"))
def applies(story: Story, office: str, attempt: str | None, silently: str | None, effect: str) -> None:
    refused = ("applied", "exception_reason", "approved_by")
    story.changes = {"explanations": {f"effects[a1].{key}": "" for key in refused}} if silently else {}
    with story.trying(attempt):
        story.act(office, fills("F12"), effect=FORM_EFFECTS[effect])


@when(parsers.re(f"{OFFICE}{TRIES}按“收回资金”填报结果应用清单，收回金额“(?P<amount>[^“”]+)”"))
def takes_back(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {"effects[a1].recovered_wan": "" if amount == "没有写" else amount}
    with story.trying(attempt):
        story.act(office, fills("F12"), effect="claw_back")


@then(parsers.parse("结果应用清单上收回{amount}万元"))
def is_taken_back(story: Story, amount: str) -> None:
    office = story.office
    with office.transactions() as session:
        lines = result_applications(session, office.bureau.office, FISCAL_YEAR + 2).lines
    (line,) = [line for line in lines if line.case_id == story.case_id]
    assert [row.recovered_wan for row in line.decisions] == [Decimal(amount)]


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


@when(parsers.re(f"{OFFICE}{TRIES}公开评价结果而(?P<flaw>{'|'.join(FLAWS)})，不作说明"))
def publishes_badly(story: Story, office: str, attempt: str | None, flaw: str) -> None:
    yesterday = (story.office.today - timedelta(days=1)).isoformat()
    cell, asks, value = FLAWS[flaw]
    story.changes = {
        f"items[k1].{cell}": yesterday if value is None else value,
        "explanations": {f"items[k1].{asks}": ""},
    }
    with story.trying(attempt):
        story.act(office, _publishes)


@when(parsers.re(
    f"{OFFICE}{TRIES}一并公开“(?P<document>[^“”]+)”(?:，缺“(?P<part>[^“”]+)”、不作说明|(?P<undated>，没有写前置程序的日期))?"
))  # fmt: skip
def publishes_beside(
    story: Story, office: str, attempt: str | None, document: str, part: str | None, undated: str | None
) -> None:
    kind = next(kind for kind in DocumentKind if kind.label == document)
    contents = [each for each in KINDS[kind]["contents"] if each != part]
    steps = [] if undated else [step for step in _gate(story, kind) if step != PublicationStep.PUBLISH]
    today = story.office.today.isoformat()
    story.changes = {
        "items[k2].contents": contents,
        "items[k2].gate": [{"id": step, "step": step, "done_on": today} for step in steps],
        "explanations": {"items[k2].contents": ""},
    }
    with story.trying(attempt):
        story.act(office, _publishes, also=kind.value)


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


@then(parsers.parse("已公开的事项有“{document}”"))
def was_published(story: Story, document: str) -> None:
    rows = story.office.rows(Disclosure, story.case_id)
    assert document in [DocumentKind.said(row.document_kind) for row in rows if row.published_on]


@then(parsers.parse("送达的对象是“{names}”"))
def is_to_be_delivered_to(story: Story, names: str) -> None:
    with story.office.transactions() as session:
        gate = gate_before(session, story.office.bureau.office, story.case_id, story.office.today)
    assert gate is not None
    assert "、".join(gate.participants) == names


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


def _gate(story: Story, kind: DocumentKind) -> list[str]:
    """What the area puts before the publication of such a document."""
    policy = story.library.policies.of(AREAS[story.area])
    answer = policy.decide("publication_gate", {"document_kind": kind.value}, on=story.office.today)
    return [] if answer.undefined else list(answer.outputs["steps"])


def _proposal(story: Story, effect: str) -> ResultEffect:
    """The proposed effect of the case that is said so."""
    return next(row for row in story.office.rows(ResultEffect, story.case_id) if row.effect == EFFECTS[effect])


def _publishes(element: Element) -> bool:
    return element.id == "publish_result"
