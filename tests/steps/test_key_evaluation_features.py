"""features/key_evaluation, and what only evaluation needs: the year's plan, reports of a wanted score, fund lines."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.commands.correct_facts import correct_facts
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.start_case import Line
from engine.moves.frames import Frame
from engine.queries.selections import preview_frame
from engine.scores import Score
from engine.scoring import Combination, combine_lines
from engine.submissions.forms import FORMS, check, prefill
from engine.words import Mark, ObjectFact
from tests.factories_forms import context_for, valid_content
from tests.office import FISCAL_YEAR
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills

scenarios("../../features/key_evaluation")

ASSETS, SATISFACTION = "practice", "satisfaction"
"""The rows of the common framework that ask about assets and satisfaction."""
MARKS = {mark.label: mark.value for mark in Mark}
LED_BY = {"财政牵头": "finance", "部门自主": "department"}


@dataclass(frozen=True)
class PrintedLine:
    """A line of a published table."""

    no: int
    name: str
    funds_wan: Decimal
    self_score: Decimal
    third_party_score: Decimal
    grade: str


@dataclass
class Printed:
    """The lines of a published table, and what they add up to; or what the checks say of a report."""

    lines: list[PrintedLine] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def combined(self) -> Combination:
        return combine_lines(self.lines)


@pytest.fixture
def printed() -> Printed:
    return Printed()


@given(parsers.re("评价报告打(?P<score>[\\d.]+)分(?:，说明理由后等级写“(?P<grade>.)”)?"))
def the_report_scores(story: Story, score: str, grade: str | None) -> None:
    story.wishes |= {"score": score, "grade": grade or "中"}


@given("以下资金行")
def these_lines(printed: Printed, datatable: list[list[str]]) -> None:
    for no, name, funds, own, third_party, grade in datatable[1:]:
        printed.lines.append(PrintedLine(int(no), name, Decimal(funds), Decimal(own), Decimal(third_party), grade))


@given(parsers.parse("项目有{one}万元和{other}万元两笔资金"))
def two_lines(story: Story, one: str, other: str) -> None:
    story.lines = (Line("财政拨款", Decimal(one)), Line("经开区部分", Decimal(other)))


@when("试图汇总")
def are_combined(story: Story, printed: Printed) -> None:
    with story.trying("试图"):
        printed.combined()


@when("财政绩效股按本区规定编制年度评价计划")
def plans_by_the_table(story: Story) -> None:
    office = story.office
    plan_evaluation(office.transactions, 2021, by=office.bureau.office, at=office.now)


@when(parsers.parse("财政绩效股把选取标记更正为“{mark}”，理由是“{reason}”"))
def corrects_the_marks(story: Story, mark: str, reason: str) -> None:
    office, facts = story.office, {ObjectFact.MARKS.value: [MARKS[mark]]}
    with office.transactions() as session:
        correct_facts(session, story.case_id, facts, reason=reason, by=office.bureau.office, at=office.now)


@then("本案卷不在重点评价备选里")
def may_not_be_chosen(story: Story) -> None:
    assert story.case_id not in frame_of(story).candidates


@then(parsers.parse("本案卷在重点评价备选里，依据的规则是{rule}"))
def may_be_chosen(story: Story, rule: str) -> None:
    frame = frame_of(story)
    sources = {member["case"]: member["source"] for member in frame.members}

    assert story.case_id in frame.candidates
    assert rule in sources[story.case_id]


def frame_of(story: Story) -> Frame:
    """Who may be chosen for a key evaluation now."""
    office = story.office
    with office.transactions() as session:
        return preview_frame(session, FISCAL_YEAR, "key_evaluation", by=office.bureau.office, at=office.now)


@when("财政绩效股试图不写理由就把本案卷列入评价计划")
def plans_this_one_without_reason(story: Story) -> None:
    office = story.office
    with story.trying("试图"):
        plan_evaluation(office.transactions, 2021, chosen=(story.case_id,), by=office.bureau.office, at=office.now)


@when(parsers.re(f"年度评价计划把本案卷列为(?P<line>{'|'.join(LED_BY)})"))
def is_planned(story: Story, line: str) -> None:
    story.office.plan(story.case_id, led_by=LED_BY[line])


@when("财政绩效股试图不写理由就不列入任何案卷")
def plans_nothing_without_reason(story: Story) -> None:
    office = story.office
    with story.trying("试图"):
        plan_evaluation(office.transactions, 2021, chosen=(), by=office.bureau.office, at=office.now)


@when(parsers.re(f"{OFFICE}{TRIES}按得分(?P<score>[\\d.]+)、等级“(?P<grade>.)”且不作说明填报评价报告"))
def reports_a_grade(story: Story, office: str, attempt: str | None, score: str, grade: str) -> None:
    story.changes = {"explanations": {"grade": ""}}
    with story.trying(attempt):
        story.act(office, fills("F09"), score=score, grade=grade)


@when(parsers.re(f"{OFFICE}{TRIES}填报没有写参与的代表委员、也不作说明的(?P<kind>财政|部门)评价报告"))
def reports_nobody_who_took_part(story: Story, office: str, attempt: str | None, kind: str) -> None:
    story.changes = {"deputies": [], "explanations": {"deputies": ""}}
    with story.trying(attempt):
        story.act(office, fills("F09"), organizer={"财政": "finance", "部门": "department"}[kind])


@then(parsers.parse("共{projects:d}个项目、{lines:d}行资金，合计{funds}万元"))
def they_add_up(printed: Printed, projects: int, lines: int, funds: str) -> None:
    year = printed.combined()
    assert (len(year.projects), year.fund_lines, year.funds_wan) == (projects, lines, Decimal(funds))


@then(parsers.parse("项目{no:d}的自评分是{own}，第三方得分是{third_party}，等级是“{grade}”"))
def the_project(printed: Printed, no: int, own: str, third_party: str, grade: str) -> None:
    project = next(project for project in printed.combined().projects if project.no == no)
    assert (project.self_score, project.third_party_score) == (Decimal(own), Decimal(third_party))
    assert project.grade == grade


@then(parsers.parse("自评平均比第三方平均高{points}分"))
def units_rate_higher(printed: Printed, points: str) -> None:
    assert printed.combined().mean_self_minus_third_party == Decimal(points)


@then(parsers.parse("案卷的资金合计是{amount}万元"))
def the_lines_sum(story: Story, amount: str) -> None:
    assert story.office.case(story.case_id).amount_wan == Decimal(amount)


@then(parsers.re("按合计金额(?P<chosen>列入|不列入)重点评价备选"))
def is_a_candidate(story: Story, chosen: str) -> None:
    story.facts |= {"amount_wan": story.office.case(story.case_id).amount_wan, "marks": []}
    story.ask("重点评价备选")
    assert story.said() == {"列入": "是", "不列入": "否"}[chosen]


@then(parsers.parse("第三方得分只有{number:d}个，是{total}，等级是“{grade}”"))
def one_score(story: Story, number: int, total: str, grade: str) -> None:
    accepted = story.versions("评价报告")[-1].id
    kept = [score for score in story.office.rows(Score, story.case_id) if score.submission_id == accepted]
    assert [(score.total, score.grade) for score in kept] == [(Decimal(total), grade)] * number


# ── what a report has to hold, and what the agency is paid ───────────────────────────────────────────────────────────


@given(parsers.re("一份满意度得(?P<score>\\d+)分、(?P<told>问题里没有满意度|问题里单独列出满意度)的评价报告"))
def a_report_on_satisfaction(printed: Printed, score: str, told: str) -> None:
    content = valid_content("F09", **{f"rows[{SATISFACTION}].score": score})
    known = [
        each for each in content["problems"] if told.endswith("单独列出满意度") or each["category"] != SATISFACTION
    ]
    content["problems"] = known
    printed.hints = [found.message for found in check(FORMS["F09"], content, context_for("F09"))]


@then(parsers.re("评价报告(?P<silent>不)?提示“(?P<words>[^“”]+)”"))
def the_report_is_hinted(printed: Printed, silent: str | None, words: str) -> None:
    assert any(words in hint for hint in printed.hints) is (silent is None)


@then(parsers.re("共性框架要求查“(?P<what>[^“”]+)”"))
def the_framework_asks_for(what: str) -> None:
    rows = prefill(FORMS["F09"], context_for("F09"))["rows"]
    assert [row["id"] for row in rows if what in row["explanation"]] == [ASSETS]


@when(parsers.re(f"{OFFICE}{TRIES}在“资产登记和标签”上扣分而不写证据填报评价报告"))
def cuts_without_evidence(story: Story, office: str, attempt: str | None) -> None:
    cut = {"score": "8", "deduction_reason": "示例：资产没有贴标签", "clause": "示例：标准第 2 条", "evidence": []}
    story.changes = {f"rows[{ASSETS}].{name}": cell for name, cell in cut.items()}
    with story.trying(attempt):
        story.act(office, fills("F09"))


@when(parsers.re(f"{OFFICE}{TRIES}填报只有共性指标、不作说明的评价报告"))
def has_common_indicators_only(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {f"rows[{row['id']}].scope": "common" for row in valid_content("F09")["rows"]}
    story.changes |= {"explanations": {"rows": ""}}
    with story.trying(attempt):
        story.act(office, fills("F09"))


@when(parsers.re(f"{OFFICE}{TRIES}按考核得分(?P<score>\\d+)、付费比例(?P<rate>\\d+)%、不作说明考核机构"))
def appraises(story: Story, office: str, attempt: str | None, score: str, rate: str) -> None:
    story.changes = {"items": _appraised(Decimal(score)), "payment_rate": rate, "explanations": {"payment_rate": ""}}
    with story.trying(attempt):
        story.act(office, fills("F13"))


def _appraised(total: Decimal) -> list[dict[str, Any]]:
    """The lines of the sheet, scored so that they sum to `total`."""
    missing, items = 100 - total, []
    for item in valid_content("F13")["items"]:
        lost = min(missing, Decimal(item["weight"]))
        missing -= lost
        items.append(
            item | {"score": str(Decimal(item["weight"]) - lost), "reason": "示例：初稿返工" if lost else None}
        )
    return items
