"""The sentences every feature may use: the object, the tables, the offices and what they leave behind.

Steps are thin: they call commands through `tests.office`. A tag is the number of a catalogued rule and becomes the one
marker `rule`.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from engine.audit.events import EVENTS
from engine.clock import shanghai
from engine.commands.adjust_budget import adjust_budget
from engine.commands.correct_request import correct_request
from engine.commands.report_execution import report_execution
from engine.commands.resume import resume
from engine.commands.start_case import Line
from engine.commands.suspend import suspend
from engine.deadlines import due_on
from engine.moves.executing import Reported
from engine.moves.fund_lines import lines_of
from engine.policies import DECISIONS, Policies
from engine.process import Element, QuestionKind, StepKind
from engine.results.model import ResultEffect
from engine.stages import Library
from engine.words import STAGES, Adjustment, Stage
from tests.factories_forms import valid_content
from tests.steps.story import Story, stage_called
from tests.steps.words import AREAS, BASES, EFFECTS, FREQUENCIES, KINDS, NATURES, OFFICES, PAPERS, VERSION_STATES

RULES = Path(__file__).resolve().parents[2] / "features" / "rules.txt"
CATALOGUE = {line.split()[0] for line in RULES.read_text("utf-8").splitlines() if not line.startswith("#")}

OFFICE = f"(?P<office>{'|'.join(OFFICES)})"
TRIES = "(?P<attempt>试图)?"
STAGE = "|".join(stage.label for stage in STAGES)
PAPER = f"(?P<paper>{'|'.join(PAPERS)})"
DAY = "(?P<year>\\d{4})年(?P<month>\\d+)月(?P<day>\\d+)日"


def pytest_bdd_apply_tag(tag: str, function: Callable[..., Any]) -> bool | None:
    """A tag that is a rule of the catalogue marks its scenario with `rule(id)`; any other tag is refused by pytest."""
    if tag not in CATALOGUE:
        return None
    pytest.mark.rule(tag)(function)
    return True


@pytest.fixture
def story(request: pytest.FixtureRequest, library: Library) -> Story:
    return Story(request, library)


# ── the object ───────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    parsers.re(
        f"(?P<area>{'|'.join(AREAS)})的(?P<nature>{'|'.join(NATURES)})?(?P<frequency>{'|'.join(FREQUENCIES)})?"
        f"(?P<kind>{'|'.join(KINDS)})(?:，资金(?P<amount>[\\d.]+)万元)?"
    )
)
def an_object(story: Story, area: str, nature: str, frequency: str, kind: str, amount: str) -> None:
    story.area = area
    story.facts["object_kind"] = KINDS[kind]
    if nature:
        story.facts["project_nature"] = NATURES[nature]
    if frequency:
        story.facts["spending_frequency"] = FREQUENCIES[frequency]
    if amount:
        story.facts["amount_wan"] = Decimal(amount)


@given(parsers.re(f"(?P<area>{'|'.join(AREAS)}){DAY}到期的政策"))
def a_policy_that_ends(story: Story, area: str, year: str, month: str, day: str) -> None:
    story.area = area
    ends_on = date(int(year), int(month), int(day))
    story.facts = {"object_kind": "policy", "expiring_policy": True, "policy_ends_on": ends_on.isoformat()}


@given(parsers.re(f"在(?P<area>{'|'.join(AREAS)})"))
def an_area(story: Story, area: str) -> None:
    story.area = area


@given(parsers.re("(?P<label>[^“”]+)为“(?P<value>[^“”]*)”"))
def a_fact(story: Story, label: str, value: str) -> None:
    story.state(label, value)


@given(parsers.re("判定日是(?P<year>\\d{4})年(?P<month>\\d+)月(?P<day>\\d+)日"))
def the_day_of_the_answer(story: Story, year: str, month: str, day: str) -> None:
    story.on = date(int(year), int(month), int(day))


@given(parsers.re("本区没有规定(?P<what>开始晚了怎样办|整改逾期提请谁督办)"))
def nothing_is_laid_down(story: Story, what: str) -> None:
    decision = next(name for name, signature in DECISIONS.items() if signature.title == what)
    office, table = story.office, f"decisions/{decision}.dmn"
    files = story.library.policies.of(AREAS[story.area]).to_files()
    silent = re.sub(rb"<rule id=.*</rule>", b"", files[table], flags=re.DOTALL)
    newer = Library(story.library.diagrams, Policies.from_files(files | {table: silent}))
    with office.database.upkeep() as session:
        newer.keep(session, office.now)
        office.database.freshen(session)


@given("评价只提出1个问题")
def one_problem_only(story: Story) -> None:
    story.wishes["problems"] = 1


@given(parsers.parse("已按执行数{executed}万元、目标完成{share:d}%填报监控表"))
def the_sheet_will_say(story: Story, executed: str, share: int) -> None:
    story.wishes |= {"executed_wan": executed, "achieved": Decimal(share) / 100}


@given(parsers.parse("本年的约定是{said}"))
def a_habit(story: Story, said: str) -> None:
    """示例 offices decide so whenever they are asked on the way; only words of `words.ANSWERS`."""
    from tests.steps.words import ANSWERS

    for word in said.split("、"):
        name = next(variable for variable, choices in ANSWERS.items() if word in choices)
        story.wishes[name] = ANSWERS[name][word]


@given(parsers.parse("复核把“{rows}”记为零分"))
def cut_in_the_review(story: Story, rows: str) -> None:
    """The spot review finds no evidence for these rows of the example target."""
    named = {row["name"]: row["id"] for row in valid_content("F02")["indicators"]}
    story.wishes["cut_rows"] = [named[row] for row in rows.split("、")]


@given(parsers.parse("有两笔资金：{told}"))
def two_lines(story: Story, told: str) -> None:
    story.lines = tuple(Line(name, amount) for name, amount in map(_line_in, told.split("、")))


def lines_in(told: str | None) -> dict[int, Decimal] | None:
    """财政拨款60万元、经开区拨款120万元: the amount of each line, by its number; None where nothing was said."""
    return {number: _line_in(line)[1] for number, line in enumerate(told.split("、"), start=1)} if told else None


def _line_in(told: str) -> tuple[str, Decimal]:
    found = re.fullmatch(r"(.+?)([\d.]+)万元", told)
    assert found is not None
    return found[1], Decimal(found[2])


# ── decision tables ──────────────────────────────────────────────────────────────────────────────────────────────────


@then(parsers.re("“(?P<title>[^“”]+)”答“(?P<said>[^“”]*)”，依据为“(?P<basis>[^“”]+)”"))
def the_table_says(story: Story, title: str, said: str, basis: str) -> None:
    answer = story.ask(title)

    assert (story.said(), answer.status) == (said, BASES[basis])


@then(parsers.re("“(?P<title>[^“”]+)”本区未规定"))
def the_table_is_silent(story: Story, title: str) -> None:
    assert story.ask(title).undefined


@then(parsers.re("其“(?P<label>[^“”]+)”为“(?P<said>[^“”]*)”"))
def it_also_says(story: Story, label: str, said: str) -> None:
    assert story.said(label) == said


@then(parsers.re("所依据的规则是(?P<rule>[A-Z]{2}-[0-9]{2})"))
def the_row_names_its_rule(story: Story, rule: str) -> None:
    assert story.answer is not None
    assert rule in (story.answer.source or "")


# ── on the way ───────────────────────────────────────────────────────────────────────────────────────────────────────


@given(parsers.re(f"案卷已办到(?:(?P<stage>{STAGE})的)?{OFFICE}?“(?P<step>[^“”]+)”"))
@when(parsers.re(f"案卷办到(?:(?P<stage>{STAGE})的)?{OFFICE}?“(?P<step>[^“”]+)”"))
def the_case_has_come_to(story: Story, stage: str | None, office: str | None, step: str) -> None:
    story.reach(step, office, stage)


@given("案卷已立")
@when("立卷")
def a_case_is_opened(story: Story) -> None:
    assert story.case_id


@when(parsers.re(f"{OFFICE}{TRIES}填报{PAPER}"))
def fills(story: Story, office: str, attempt: str | None, paper: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: _fills(element, paper))


@when(parsers.re(f"{OFFICE}{TRIES}按(?P<amount>[\\d.]+)万元填报绩效目标"))
def fills_another_amount(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {
        f"funds.{span}.{part}": amount for span in ("annual", "mid_term") for part in ("total_wan", "fiscal_wan")
    }
    with story.trying(attempt):
        story.act(office, lambda element: element.step.kind is StepKind.FILL and _fills(element, "绩效目标"))


@when(parsers.re(f"{OFFICE}{TRIES}(?:报送|确认){PAPER}"))
def hands_in(story: Story, office: str, attempt: str | None, paper: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: _judges(element, paper, "confirm"))


@when(parsers.re(f"{OFFICE}以“(?P<reason>[^“”]*)”为由退经办人修改{PAPER}"))
def hands_back(story: Story, office: str, reason: str, paper: str) -> None:
    story.act(office, lambda element: _judges(element, paper, "confirm"), "revise", reason=reason)


@when(parsers.re(f"{OFFICE}{TRIES}(?:审核通过|核验通过|验收通过|通过|备案){PAPER}"))
def approves(story: Story, office: str, attempt: str | None, paper: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: _judges(element, paper, "review"))


@when(parsers.re(f"{OFFICE}{TRIES}以“(?P<reason>[^“”]*)”为由退回{PAPER}"))
def returns(story: Story, office: str, attempt: str | None, reason: str, paper: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: _judges(element, paper, "review"), "returned", reason=reason)


@when(parsers.re(f"{OFFICE}{TRIES}撤回{PAPER}"))
def takes_back(story: Story, office: str, attempt: str | None, paper: str) -> None:
    form = story.versions(paper)[-1].form
    actor = next(a for a in story.office.bureau.everybody() if OFFICES[office] in a.roles)
    with story.trying(attempt):
        story.office.take_back(story.case_id, form, by=actor)


SETTLES = "核定(?P<amount>[\\d.]+)万元(?:（其中(?P<split>[^（）]+)）)?"


@when(parsers.re(f"{OFFICE}{TRIES}(?:认定|登记)“(?P<said>[^“”]+)”(?:，{SETTLES})?(?:，理由是“(?P<reason>[^“”]*)”)?"))
def decides(
    story: Story, office: str, attempt: str | None, said: str, amount: str | None, split: str | None,
    reason: str | None,
) -> None:  # fmt: skip
    with story.trying(attempt):
        why = {} if reason is None else {"reason": reason}
        story.decide(office, said, **why, **settled(amount, split))


@when(parsers.re(f"{OFFICE}{TRIES}认定“(?P<said>[^“”]+)”，调减为(?P<amount>[\\d.]+)万元，理由是“(?P<reason>[^“”]*)”"))
def cuts(story: Story, office: str, attempt: str | None, said: str, amount: str, reason: str) -> None:
    with story.trying(attempt):
        story.decide(office, said, reason=reason, reduced_wan=amount)


@when(parsers.re(f"{OFFICE}{TRIES}{SETTLES}并(?P<ends>通过|退回)绩效目标，理由是“(?P<reason>[^“”]*)”"))
def settles(
    story: Story, office: str, attempt: str | None, amount: str, split: str | None, ends: str, reason: str
) -> None:
    word = {"通过": "approved", "退回": "returned"}[ends]
    with story.trying(attempt):
        story.act(office, _may_settle, word, reason=reason, **settled(amount, split))


def settled(amount: str | None, split: str | None) -> dict[str, Any]:
    """What is found right, as the answer to the question for it."""
    lines = {str(number): str(line) for number, line in (lines_in(split) or {}).items()}
    return {} if amount is None else {"approved_wan": {"wan": amount, "lines": lines} if lines else amount}


@when(parsers.re(f"{OFFICE}签发“(?P<step>[^“”]+)”"))
def signs(story: Story, office: str, step: str) -> None:
    story.act(office, lambda element: element.name == step, "signed_off")


@when(parsers.re(f"{OFFICE}以“(?P<reason>[^“”]*)”为由退回“(?P<step>[^“”]+)”"))
def sends_back(story: Story, office: str, reason: str, step: str) -> None:
    story.act(office, lambda element: element.name == step, "returned", reason=reason)


@when(parsers.re(f"{OFFICE}{TRIES}办理“(?P<step>[^“”]+)”"))
def finishes(story: Story, office: str, attempt: str | None, step: str) -> None:
    with story.trying(attempt):
        story.act(office, lambda element: element.name == step)


@when(
    parsers.re(
        f"{OFFICE}{TRIES}(?P<silently>不写原因就)?把申报金额更正为(?P<amount>[\\d.]+)万元(?:，其中(?P<split>.+))?"
    )
)
def corrects_the_request(
    story: Story, office: str, attempt: str | None, silently: str | None, amount: str, split: str | None
) -> None:
    actor = next(a for a in story.office.bureau.everybody() if OFFICES[office] in a.roles)
    reason = "" if silently else "示例：金额写错"
    with story.trying(attempt), story.office.transactions() as session:
        how = {"reason": reason, "lines": lines_in(split), "by": actor, "at": story.office.now}
        correct_request(session, story.case_id, Decimal(amount), **how)


ADJUSTMENTS = {adjustment.label: adjustment for adjustment in Adjustment}


@given(parsers.re("财政业务股已把预算(?P<kind>调剂)为(?P<amount>[\\d.]+)万元"))
@when(
    parsers.re(
        f"财政业务股{TRIES}(?P<silently>不写原因就)?把预算(?P<kind>{'|'.join(ADJUSTMENTS)})为(?P<amount>[\\d.]+)万元"
        "(?:，其中(?P<split>.+))?"
    )
)
def the_budget_is_adjusted(
    story: Story, kind: str, amount: str, attempt: str | None = None, silently: str | None = None,
    split: str | None = None,
) -> None:  # fmt: skip
    office, reason = story.office, "" if silently else "示例：年中调整"
    lines = lines_in(split)
    with story.trying(attempt), office.transactions() as session:
        adjust_budget(
            session, story.case_id, Decimal(amount), reason=reason, kind=ADJUSTMENTS[kind], lines=lines,
            by=office.bureau.division, at=office.now,
        )  # fmt: skip


@when(parsers.re(f"{OFFICE}{TRIES}以“(?P<reason>[^“”]*)”为由(?P<what>暂停|恢复)案卷"))
def stops_or_goes_on(story: Story, office: str, attempt: str | None, reason: str, what: str) -> None:
    command = {"暂停": suspend, "恢复": resume}[what]
    by = next(actor for actor in story.office.bureau.everybody() if OFFICES[office] in actor.roles)
    with story.trying(attempt), story.office.transactions() as session:
        command(session, story.case_id, reason=reason, by=by, at=story.office.now)


@given(parsers.re(f"今天是{DAY}"))
@when(parsers.re(f"今天是{DAY}"))
def today_is(story: Story, year: str, month: str, day: str) -> None:
    story.office.clock.move_to(shanghai(int(year), int(month), int(day), 9, 0))


@when(parsers.re("“(?P<step>[^“”]+)”的期限已过"))
def time_is_up(story: Story, step: str) -> None:
    task = next(t for t in story.office.tasks(story.case_id) if story.office.element(t).name == step)
    due = [d for d in story.office.deadlines(story.case_id) if d.task_id == task.id]
    assert due, f"“{step}”没有期限"
    story.office.let_pass(story.case_id, due[0].name)


@when("到了下一天")
def a_day_later(story: Story) -> None:
    story.office.clock.move_to(story.office.now + timedelta(days=1))
    story.office.sweep(story.case_id)


@when(parsers.re(f"财政部署(?P<stage>{STAGE})"))
def finance_launches(story: Story, stage: str) -> None:
    assert story.case_id
    story.office.launch(stage_called(stage) or "")


# ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────────


@then(parsers.re(f"轮到{OFFICE}“(?P<step>[^“”]+)”，没有期限"))
def it_is_the_turn_without_a_day(story: Story, office: str, step: str) -> None:
    task = story.task_of(office, lambda element: element.name == step)
    assert task.due_on is None


@then(parsers.re(f"轮到{OFFICE}“(?P<step>[^“”]+)”(?:，期限(?P<days>\\d+)个工作日)?"))
def it_is_the_turn_of(story: Story, office: str, step: str, days: str | None) -> None:
    assert (office, step) in story.waiting()
    if days is not None:
        task = story.task_of(office, lambda element: element.name == step)
        calendar = story.office.database.parts["calendar"]
        assert task.due_on == due_on(story.office.today, int(days), calendar)


@then(parsers.re(f"不再轮到{OFFICE}“(?P<step>[^“”]+)”"))
def it_is_not_the_turn_of(story: Story, office: str, step: str) -> None:
    assert (office, step) not in story.waiting()


@then("没有待办")
def nobody_has_anything_to_do(story: Story) -> None:
    assert story.waiting() == []


@then(parsers.re(f"案卷进入(?P<stage>{STAGE})"))
def the_case_enters(story: Story, stage: str) -> None:
    stands = story.office.case(story.case_id).stage
    assert stands is not None
    assert Stage(stands).label == stage


@then(parsers.re("案卷办结，结果是“(?P<end>[^“”]+)”"))
def the_case_ends(story: Story, end: str) -> None:
    closed = story.office.journal(story.case_id, "case.closed")
    assert closed, f"案卷没有办结，待办的是 {story.waiting()}"
    reached = story.library.diagrams
    names = [reached.element(*place.split(".")).name for place in closed[-1].payload["ends"]]
    assert end in names


@then(parsers.re("不予办理，因为“(?P<why>[^“”]+)”"))
def it_is_refused(story: Story, why: str) -> None:
    assert story.refusal is not None, "没有被拒绝"
    assert why in story.refusal.message


@then("没有被拒绝")
def it_is_not_refused(story: Story) -> None:
    assert story.refusal is None


@then(parsers.re("案卷记载“(?P<event>[^“”]+)”(?:，写明“(?P<words>[^“”]+)”)?"))
def the_journal_says(story: Story, event: str, words: str | None) -> None:
    kind = next(name for name, kind in EVENTS.items() if kind.title == event)
    entries = story.office.journal(story.case_id, kind)
    assert entries, f"案卷没有记载“{event}”"
    if words is not None:
        assert any(words in str(entry.payload) for entry in entries)


@then(parsers.re("案卷只记载(?P<times>\\d+)次“(?P<event>[^“”]+)”"))
def the_journal_says_so_often(story: Story, times: str, event: str) -> None:
    kind = next(name for name, kind in EVENTS.items() if kind.title == event)
    assert len(story.office.journal(story.case_id, kind)) == int(times)


@then(parsers.re("案卷没有记载“(?P<event>[^“”]+)”"))
def the_journal_does_not_say(story: Story, event: str) -> None:
    kind = next(name for name, kind in EVENTS.items() if kind.title == event)
    assert story.office.journal(story.case_id, kind) == []


@then(parsers.re(f"{PAPER}第(?P<number>\\d+)版(?P<state>{'|'.join(VERSION_STATES)})"))
def a_version_stands(story: Story, paper: str, number: str, state: str) -> None:
    version = story.versions(paper)[int(number) - 1]
    assert (version.version, version.state) == (int(number), VERSION_STATES[state])


@then(parsers.re(f"{PAPER}共(?P<number>\\d+)版"))
def so_many_versions(story: Story, paper: str, number: str) -> None:
    assert len(story.versions(paper)) == int(number)


@then(parsers.parse("绩效目标第{number:d}版是有效版本"))
def the_version_in_force(story: Story, number: int) -> None:
    in_force = story.office.case(story.case_id).forms.target
    version = story.versions("绩效目标")[number - 1]
    assert in_force.version == number
    assert version.frozen_at is not None


@then(parsers.parse("案卷的预算金额是{amount}万元"))
def the_amount_in_force(story: Story, amount: str) -> None:
    assert story.office.case(story.case_id).amount_wan == Decimal(amount)


@then(parsers.parse("各笔资金是{amounts}"))
def the_lines_are(story: Story, amounts: str) -> None:
    with story.office.transactions() as session:
        kept = [row.amount_wan for row in lines_of(session, story.case_id)]
    assert kept == [Decimal(told.removesuffix("万元")) for told in amounts.split("、")]


@then(parsers.re("(?P<none>没有)?提出“(?P<effect>[^“”]+)”"))
def was_proposed(story: Story, none: str | None, effect: str) -> None:
    proposed = [row.effect for row in story.office.rows(ResultEffect, story.case_id)]
    assert (EFFECTS[effect] in proposed) is (none is None)


@then(parsers.re("提出“(?P<effect>[^“”]+)”，用于(?P<uses>.+)"))
def was_proposed_for(story: Story, effect: str, uses: str) -> None:
    rows = [row for row in story.office.rows(ResultEffect, story.case_id) if row.effect == EFFECTS[effect]]
    assert "、".join(f"{row.budget_year}年{row.occasion.label}" for row in rows) == uses


def _may_settle(element: Element) -> bool:
    return any(question.kind is QuestionKind.AMOUNT for question in element.step.asks)


def _fills(element: Element, paper: str) -> bool:
    step = element.step
    return step.kind in (StepKind.FILL, StepKind.RECORD) and not set(step.forms.values()).isdisjoint(PAPERS[paper])


def _judges(element: Element, paper: str, kind: str) -> bool:
    return element.step.kind == kind and not set(element.step.judges.values()).isdisjoint(PAPERS[paper])


@given(parsers.re(r"财政业务股登记截至(?P<year>\d+)年(?P<month>\d+)月(?P<day>\d+)日执行(?P<wan>[\d.]+)万元"))
@when(parsers.re(r"财政业务股登记截至(?P<year>\d+)年(?P<month>\d+)月(?P<day>\d+)日执行(?P<wan>[\d.]+)万元"))
def the_newest_figure_arrives(story: Story, year: str, month: str, day: str, wan: str) -> None:
    office, reported = story.office, Reported(date(int(year), int(month), int(day)), Decimal(wan), "示例：国库系统")
    with office.transactions() as session:
        report_execution(session, story.case_id, reported, by=office.bureau.division, at=office.now)


@given("没有登记新的执行数")
def nothing_new_is_reported() -> None:
    """The figure of the monitoring sheet stays the newest."""
