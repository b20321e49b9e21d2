"""features/self_evaluation, and what only self-evaluation needs: single rows, whole sheets, methods, denominators."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from engine.scores import Score
from engine.scoring import (
    Direction,
    Execution,
    Judgement,
    Measured,
    NotApplicable,
    Quantity,
    Row,
    Sheet,
    execution_of,
    method_set,
    rounded,
    score,
)
from engine.scoring.methods import slot_of
from engine.submissions.forms import FORMS, check
from tests.factories_forms import context_for, valid_content
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story, fills

scenarios("../../features/self_evaluation")

METHOD_SETS = {
    "按比例": "mof2020.proportional@1",
    "执行率分档": "mof2020.step_execution@1",
    "成本按反比": "mof2020.ratio_cost@1",
    "满意度分档": "mof2020.step_satisfaction@1",
    "相等从严": "mof2020.strict_equal@1",
    "成本单列": "with_cost2021.proportional@1",
}


@dataclass
class Reckoning:
    """What is to be scored, and how."""

    method: str = "按比例"
    direction: str = ""
    target: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)
    measured: Measured | None = None
    hints: list[str] = field(default_factory=list)

    def points(self, actual: str) -> Decimal:
        """What the one row of ten points earns."""
        lower, _, upper = self.target.partition("—")
        bound = Decimal(upper) if upper else None
        quantity = Quantity(Direction(self.direction), Decimal(lower), Decimal(actual), bound)
        row = Row("y1", "产出指标", "数量指标", "示例指标", Decimal(10), quantity)
        return rounded(
            method_set(METHOD_SETS[self.method]).earn[slot_of(quantity, row.levels)](row.weight, quantity).points
        )

    def sheet(self) -> Sheet:
        """The sheet of the table, with the points in force since 2021 where the method wants them."""
        since_2021 = self.method == "成本单列"
        return Sheet(tuple(_row(row, since_2021) for row in self.rows))


@pytest.fixture
def reckoning() -> Reckoning:
    return Reckoning()


@given(parsers.parse("一个性质为“{direction}”、指标值为{target}的10分指标"))
def one_row(reckoning: Reckoning, direction: str, target: str) -> None:
    reckoning.direction, reckoning.target = direction, target


@given(parsers.parse("计分方法是“{method}”"))
def a_method(reckoning: Reckoning, method: str) -> None:
    reckoning.method = method


@given("一张自评表")
def a_sheet(reckoning: Reckoning, datatable: list[list[str]]) -> None:
    heading, *rows = datatable
    reckoning.rows = [dict(zip(heading, row, strict=True)) for row in rows]


@given("一张全年预算数为0、执行数为0的自评表")
def a_sheet_without_money(reckoning: Reckoning) -> None:
    reckoning.measured = execution_of(Decimal(0), Decimal(0))


@given(parsers.parse("一份等级为“{grade}”、预算完成率{percent}%的评价报告"))
def a_report(reckoning: Reckoning, grade: str, percent: str) -> None:
    spent = Decimal("180") * Decimal(percent) / 100
    content = valid_content("F09", grade=grade, executed_amount_wan=str(spent))
    content["problems"] = [problem for problem in content["problems"] if problem["category"] != "execution"]
    reckoning.hints = [found.message for found in check(FORMS["F09"], content, context_for("F09"))]


@then(parsers.parse("实际完成{actual}得{points}分"))
def earns(reckoning: Reckoning, actual: str, points: str) -> None:
    assert reckoning.points(actual) == Decimal(points)


@then(parsers.parse("总分是{total}，其中“{name}”得{points}分"))
def the_sheet_comes_to(reckoning: Reckoning, total: str, name: str, points: str) -> None:
    scored = score(reckoning.sheet(), method_set(METHOD_SETS[reckoning.method]))

    assert scored.total == Decimal(total)
    assert next(row.score for row in scored.rows if row.name == name) == Decimal(points)


@then(parsers.re("(?P<silent>不)?提示“(?P<words>[^“”]+)”"))
def is_hinted(reckoning: Reckoning, silent: str | None, words: str) -> None:
    assert any(words in hint for hint in reckoning.hints) is (silent is None)


@then("预算执行率不适用")
def the_rate_does_not_apply(reckoning: Reckoning) -> None:
    assert isinstance(reckoning.measured, NotApplicable)


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@when(parsers.re(f"{OFFICE}{TRIES}填报没有写偏差原因的自评表"))
def explains_nothing(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"indicators[y4].deviation_reason": None}
    _fill(story, office, attempt)


@when(parsers.re(f"{OFFICE}{TRIES}不附自评报告填报自评表"))
def without_a_report(story: Story, office: str, attempt: str | None) -> None:
    story.changes = {"report": None}
    _fill(story, office, attempt)
    story.changes = {}


@when(parsers.re(f"{OFFICE}{TRIES}把执行率得分填成(?P<points>[\\d.]+)分、(?P<explained>不作说明|并说明原因)填报自评表"))
def types_points(story: Story, office: str, attempt: str | None, points: str, explained: str) -> None:
    said = "示例：余款跨年支付，从严自评" if explained == "并说明原因" else ""
    story.changes = {"funds.score": points, "explanations": {"funds.score": said}}
    _fill(story, office, attempt)


@when(parsers.re(f"{OFFICE}{TRIES}按受益户数完成(?P<actual>\\d+)户(?P<explained>、不作说明|并说明原因)填报自评表"))
def over_achieves(story: Story, office: str, attempt: str | None, actual: str, explained: str) -> None:
    reason = "示例：邻近社区并入，下年调高指标值" if explained == "并说明原因" else None
    story.changes = {
        "indicators[y6].actual_value": actual,
        "indicators[y6].deviation_reason": reason,
        "explanations": {"indicators[y6].deviation_reason": ""},
    }
    _fill(story, office, attempt)


@when(parsers.re(f"{OFFICE}{TRIES}按年初预算(?P<initial>[\\d.]+)万元、执行数(?P<executed>[\\d.]+)万元填报自评表"))
def fills_figures(story: Story, office: str, attempt: str | None, initial: str, executed: str) -> None:
    story.wishes["executed_wan"] = executed
    story.changes = {f"funds.{part}.initial_budget_wan": initial for part in ("total", "fiscal")}
    _fill(story, office, attempt)


@when(parsers.re(f"{OFFICE}{TRIES}按全年预算数(?P<amount>[\\d.]+)万元填报自评表"))
def fills_another_budget(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {f"funds.{part}.annual_budget_wan": amount for part in ("total", "fiscal")}
    _fill(story, office, attempt)


@when(parsers.re(f"{OFFICE}{TRIES}按到位资金(?P<amount>[\\d.]+)万元填报评价报告"))
def fills_arrived_money(story: Story, office: str, attempt: str | None, amount: str) -> None:
    story.changes = {"arrived_wan": amount}
    with story.trying(attempt):
        story.act(office, fills("F09"))


@when("本年不抽取复核")
def nobody_is_drawn(story: Story) -> None:
    story.office.draw(None)


@when("本年评价计划没有列入本案卷")
def nobody_is_planned(story: Story) -> None:
    story.office.plan()


@then(parsers.parse("自评表的预算执行率是{percent}%"))
def the_execution_rate(story: Story, percent: str) -> None:
    assert Decimal(story.versions("自评表")[-1].content["funds"]["execution_rate"]) == Decimal(percent)


@then(parsers.parse("自评得分是{total}，计分方法是“{method}”，等级是“{grade}”"))
def the_score_kept(story: Story, total: str, method: str, grade: str) -> None:
    kept = story.office.rows(Score, story.case_id)[-1]
    assert (kept.kind, kept.total, kept.method, kept.grade) == ("self", Decimal(total), method, grade)


@then(parsers.parse("“受益户数”得{points}分"))
def the_row_earned(story: Story, points: str) -> None:
    rows = story.versions("自评表")[-1].content["indicators"]
    assert next(Decimal(row["score"]) for row in rows if row["name"] == "受益户数") == Decimal(points)


def _fill(story: Story, office: str, attempt: str | None) -> None:
    with story.trying(attempt):
        story.act(office, fills("F06"))


def _row(row: dict[str, str], since_2021: bool) -> Row:
    level = row["一级指标"] if since_2021 or row["一级指标"] != "成本指标" else "产出指标"
    points = row["2021分值"] if since_2021 else row["分值"]
    measured = _measured(row["性质"], row["指标值"], row["实际"])
    return Row(row["指标"], level, row["二级指标"], row["指标"], Decimal(points), measured)


def _measured(sort: str, target: str, actual: str) -> Any:
    if sort == "定性":
        word = actual.rstrip("%0123456789")
        return Judgement(word, Decimal(actual.removeprefix(word).rstrip("%")) / 100)
    if sort == "执行率":
        return Execution(Decimal(target), Decimal(actual))
    if sort == "满意度":
        return Quantity(Direction.AT_LEAST, Decimal(target), Decimal(actual), unit="%")
    return Quantity(Direction(sort), Decimal(target), Decimal(actual))
