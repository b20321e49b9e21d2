"""features/rectification, and what only rectification needs: one problem among several, and the ledger."""

from datetime import date, timedelta
from typing import Any

from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.open_rectification import open_rectification
from engine.commands.report_rectification import report_rectification
from engine.commands.settle_rectification import settle_rectification
from engine.moves.rectifying import Done, Found
from engine.process import Element
from engine.rectifications import Rectification
from engine.results.model import ResultEffect
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story
from tests.steps.words import EFFECTS, LEDGER_STATES, OFFICES

scenarios("../../features/rectification")

ONE_PROBLEM = "第(?P<number>\\d+)个问题"
CHAIN = {
    "提请主管部门督办": "rectification.escalate_department",
    "提请财政绩效股督办": "rectification.escalate_office",
    "再次督办": "rectification.urge_again",
}
WAY = ("落实责任人和措施", "整改并报送佐证", "确认整改情况", "核验整改")
"""The steps of one problem that is put right at once."""


@given(parsers.re(f"{ONE_PROBLEM}已办到“(?P<step>[^“”]+)”(?P<unfinished>而单位填的是没有完成)?"))
def the_problem_has_come_to(story: Story, number: str, step: str, unfinished: str | None) -> None:
    story.reach("整改落实")
    _go_on(story, _item(story, number), until=step, done=unfinished is None)


@when(parsers.re(f"{ONE_PROBLEM}整改到销号"))
def the_problem_is_struck_off(story: Story, number: str) -> None:
    _go_on(story, _item(story, number), until=None)


@when(parsers.re(f"{OFFICE}就{ONE_PROBLEM}认定“(?P<said>[^“”]+)”"))
def decides_on_the_problem(story: Story, office: str, number: str, said: str) -> None:
    story.decide(office, said, item=_item(story, number))


@when(parsers.re(f"{OFFICE}{TRIES}就{ONE_PROBLEM}不写责任人"))
def names_nobody(story: Story, office: str, attempt: str | None, number: str) -> None:
    item = _item(story, number)
    story.changes = {f"items[{item}].responsible_person": None}
    with story.trying(attempt):
        story.act(office, _is("落实责任人和措施"), item=item)


@when(parsers.re(f"{OFFICE}填报{ONE_PROBLEM}的整改情况"))
def reports_on_the_problem(story: Story, office: str, number: str) -> None:
    story.act(office, _is("整改并报送佐证"), item=_item(story, number))


@when(parsers.re(f"{OFFICE}确认{ONE_PROBLEM}的整改情况"))
def confirms_the_problem(story: Story, office: str, number: str) -> None:
    story.act(office, _is("确认整改情况"), item=_item(story, number))


@when(parsers.re(f"{OFFICE}{TRIES}核验通过{ONE_PROBLEM}"))
def verifies_the_problem(story: Story, office: str, attempt: str | None, number: str) -> None:
    with story.trying(attempt):
        story.act(office, _is("核验整改"), item=_item(story, number))


@when(parsers.re(f"{OFFICE}以“(?P<reason>[^“”]*)”为由退回{ONE_PROBLEM}"))
def returns_the_problem(story: Story, office: str, reason: str, number: str) -> None:
    story.act(office, _is("核验整改"), "returned", item=_item(story, number), reason=reason)


@when(parsers.re(f"仍没有报送，到了(?P<which>{'|'.join(CHAIN)})的次日"))
def the_next_hears_of_it(story: Story, which: str) -> None:
    story.office.let_pass(story.case_id, CHAIN[which])


@when("财政绩效股把监控发现的问题立项整改")
def a_problem_of_monitoring(story: Story) -> None:
    due_on = story.office.today + timedelta(days=30)
    found = Found("monitoring", "funds_use", "示例：支付没有合同", "示例：补签合同", due_on)
    with story.office.transactions() as session:
        open_rectification(session, story.case_id, found, by=story.office.bureau.office, at=story.office.now)


@when(parsers.re(f"单位经办人{TRIES}(?P<bare>不附佐证就)?报送第1项整改"))
def reports_on_it(story: Story, attempt: str | None, bare: str | None) -> None:
    done = Done("示例责任人", "示例：已补签", () if bare else ("示例：合同扫描件",))
    with story.trying(attempt), story.office.transactions() as session:
        report_rectification(session, _ledger(story)[0].id, done, by=story.office.bureau.clerk, at=story.office.now)


@when("财政绩效股核验第1项整改")
def settles_it(story: Story) -> None:
    with story.office.transactions() as session:
        settle_rectification(session, _ledger(story)[0].id, by=story.office.bureau.office, at=story.office.now)


@then(parsers.re(f"{ONE_PROBLEM}已提请(?P<office>{'|'.join(OFFICES)})督办"))
def it_has_come_to(story: Story, number: str, office: str) -> None:
    row = _ledger(story)[int(number) - 1]
    told = story.office.journal(story.case_id, "rectification.escalated")
    assert row.escalated_to == OFFICES[office] == told[-1].payload["office"]
    assert row.escalations == len(told)


@then(parsers.parse("有{number:d}项“{step}”待办"))
def so_many_wait(story: Story, number: int, step: str) -> None:
    assert [name for _, name in story.waiting()].count(step) == number


@then(parsers.re(f"整改台账第(?P<number>\\d+)项(?P<state>{'|'.join(LEDGER_STATES)})"))
def the_row_stands(story: Story, number: str, state: str) -> None:
    assert _ledger(story)[int(number) - 1].state == LEDGER_STATES[state]


@then(parsers.re(f"{ONE_PROBLEM}的截止日是反馈意见函写的整改期限"))
def the_problem_has_the_day_of_its_letter(story: Story, number: str) -> None:
    due_on = story.task_of("单位经办人", _is("整改并报送佐证"), item=_item(story, number)).due_on
    letter = story.office.versions(story.case_id, "F10")[-1].content
    assert due_on == _ledger(story)[int(number) - 1].due_on == date.fromisoformat(letter["rectify_by"])


@then(parsers.parse("整改台账第{number:d}项完善制度{rules:d}项"))
def the_row_counts(story: Story, number: int, rules: int) -> None:
    assert _ledger(story)[number - 1].rules_improved == rules


@then(parsers.parse("提出“{effect}”，依据“{rule}”，状态是“{status}”"))
def was_proposed_by_a_rule(story: Story, effect: str, rule: str, status: str) -> None:
    (row,) = [row for row in story.office.rows(ResultEffect, story.case_id) if row.effect == EFFECTS[effect]]
    assert row.source.startswith(rule)
    assert row.status.label == status


def _go_on(story: Story, item: str, until: str | None, **wishes: Any) -> None:
    """One problem through its steps, up to the one named or to the end; the others wait."""
    for step in WAY:
        if step == until:
            return
        story.office.do(story.case_id, step, item=item, **_plain(step, wishes))


def _plain(step: str, wishes: dict[str, Any]) -> dict[str, Any]:
    return wishes if step == "整改并报送佐证" else {}


def _item(story: Story, number: str) -> str:
    return str(_ledger(story)[int(number) - 1].item)


def _ledger(story: Story) -> list[Rectification]:
    return sorted(story.office.rows(Rectification, story.case_id), key=lambda row: row.item)


def _is(step: str) -> Any:
    def wanted(element: Element) -> bool:
        return element.name == step

    return wanted
