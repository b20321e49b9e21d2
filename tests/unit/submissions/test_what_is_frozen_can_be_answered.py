"""Whatever F02 freezes can be monitored, answered in F06 and scored; no refusal waits on the way.

Targets of every direction, of zero and below, days and words, with weights of any split or none; answers of any size.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.scoring.numbers import apportion, text_of
from engine.submissions.forms import FORMS, check, facts, prefill, settle
from engine.submissions.forms.scored import scored
from tests.factories_forms import context_for, valid_content
from tests.papers import Paper, answered, policies

BOUNDED = settings(max_examples=60, deadline=None, database=None, derandomize=True)
FEWER = settings(BOUNDED, max_examples=30)
BUDGET = Decimal(180)
LAST_DAY = date(2021, 12, 31)
LEVELS = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "成本指标"),
    ("效益指标", "经济效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)
figures = st.sampled_from([Decimal(0), Decimal(100), Decimal("0.01"), Decimal(-5)]) | st.decimals(
    Decimal(-1000), Decimal(1000), places=3
)
points = st.decimals(Decimal("0.01"), Decimal(1), places=2)


@dataclass(frozen=True)
class Answered:
    """A target, and what became of it by row."""

    rows: list[dict[str, Any]]
    actuals: dict[str, dict[str, Any]]
    executed: Decimal
    execution_weight: Decimal

    @property
    def target(self) -> Paper:
        """The target of a project with these rows, explained wherever that is asked for."""
        return self._promised_in("F02", self.rows)

    @property
    def target_of_a_department(self) -> Paper:
        """The same of a whole department, the first row being of one of its tasks and the rest of the other."""
        return self._promised_in("F04", [row | {"task": f"t{min(at, 2)}"} for at, row in enumerate(self.rows, 1)])

    def _promised_in(self, code: str, rows: list[dict[str, Any]]) -> Paper:
        context = replace(context_for(code), decide=policies().of("huaxi").decide)
        return Paper(code, valid_content(code, indicators=rows), context).explained()


@st.composite
def promised(draw: st.DrawFn) -> dict[str, Any]:
    """What one row promises."""
    level1, level2 = draw(st.sampled_from(LEVELS))
    row: dict[str, Any] = {"level1": level1, "level2": level2, "data_source": "示例：台账", "calculation": "示例：统计"}
    row |= {"survey_method": "示例：问卷", "survey_population": "示例：居民"}
    direction = draw(st.sampled_from(["≥", "≤", "=", ">", "<", "range", "qualitative", "date"]))
    if direction == "qualitative":
        return row | {"direction": direction, "target_text": "示例：改善"}
    if direction == "date":
        return row | {"direction": draw(st.sampled_from("≤=<≥>")), "target_date": LAST_DAY.isoformat()}
    row |= {"direction": direction, "unit": draw(st.sampled_from(["%", "个", "‰"]))}
    if direction == "range":
        lower, upper = sorted((draw(figures), draw(figures)))
        return row | {"lower": text_of(lower), "upper": text_of(upper)}
    return row | {"target_value": text_of(draw(figures))}


@st.composite
def done(draw: st.DrawFn, row: dict[str, Any]) -> dict[str, Any]:
    """What became of one row, told fully; now and then the points are typed too."""
    told: dict[str, Any] = {"deviation_reason": f"示例：{row['name']}的情况"}
    share = draw(points)
    if draw(st.booleans()):
        told["score"] = text_of((Decimal(row["weight"]) * share).quantize(Decimal("0.01")))
    if draw(st.integers(0, 9)) == 0:
        return {"not_applicable_reason": "示例：任务划转"}
    if row["direction"] == "qualitative":
        band = draw(st.sampled_from(["achieved", "partly", "missed"]))
        percent = text_of(draw(st.decimals(Decimal(0), Decimal(100), places=1)))
        return told | {"actual_text": "示例：部分改善", "attainment": band, "attainment_percent": percent}
    if row.get("target_date"):
        late = draw(st.integers(-40, 40))
        if late > 0:
            told["score"] = text_of((Decimal(row["weight"]) * share).quantize(Decimal("0.01")))
        return told | {"actual_date": (LAST_DAY + timedelta(days=late)).isoformat()}
    return told | {"actual_value": text_of(draw(figures))}


@st.composite
def answers(draw: st.DrawFn) -> Answered:
    """A frozen target with its answers; the weights leave the execution of the budget anything or nothing."""
    rows = draw(st.lists(promised(), min_size=1, max_size=6))
    whole = draw(st.sampled_from([Decimal(90), Decimal(90), Decimal(80), Decimal(100), Decimal("62.5")]))
    parts = apportion(whole, [draw(points) for _ in rows])
    assume(all(part > 0 for part in parts))
    weighed = [
        row | {"id": f"y{at}", "name": f"示例指标{at}", "weight": text_of(part)}
        for at, (row, part) in enumerate(zip(rows, parts, strict=True))
    ]
    later = draw(st.integers(0, 4)) == 0
    frozen = [{key: cell for key, cell in row.items() if key != "weight"} for row in weighed] if later else weighed
    actuals = {row["id"]: draw(done(row)) | {"weight": row["weight"]} for row in weighed}
    executed = draw(st.sampled_from([Decimal(0), Decimal(153), BUDGET, Decimal(200)]))
    return Answered(frozen, actuals, executed, 100 - whole)


@BOUNDED
@given(case=answers())
def test_a_frozen_target_is_answered_and_scored_with_one_total(case: Answered) -> None:
    assert case.target.stops == []
    money = {"initial_budget_wan": "180", "annual_budget_wan": "180", "executed_amount_wan": text_of(case.executed)}
    none = dict.fromkeys(money, "0")
    funds = {"total": money, "fiscal": money, "carry_over": none, "other": none}
    funds |= {"weight": text_of(case.execution_weight)}

    filed = answered(case.target, case.actuals, funds=funds).explained()

    if case.execution_weight or any("not_applicable_reason" not in row for row in case.actuals.values()):
        assert filed.stops == []
        assert 0 <= Decimal(filed.one_total()) <= 100
        again = Paper(filed.code, filed.handed_in().content, filed.context)
        assert again.stops == []
        assert_can_be_reviewed(again)
    else:
        assert filed.stops == ["所有指标都标为“不适用”，无法评分。"]


@FEWER
@given(case=answers())
def test_a_frozen_target_of_a_department_is_answered_and_scored_with_one_total(case: Answered) -> None:
    assume(len(case.rows) > 1)
    assume(any("not_applicable_reason" not in row for row in case.actuals.values()))
    target = case.target_of_a_department
    assert target.stops == []
    funds = {name: valid_content("F07")["funds"][name] for name in ("total", "basic", "project")}
    said = {"problems": "示例：无", "next_measures": "示例：无"}

    filed = answered(target, case.actuals, funds=funds | {"weight": text_of(case.execution_weight)}, **said).explained()

    assert filed.stops == []
    assert 0 <= Decimal(filed.one_total()) <= 100


def assert_can_be_reviewed(filed: Paper) -> None:
    """A reviewer who agrees with every row hands the sheet in, at the same total."""
    context = replace(filed.context, self_evaluation=filed.content)
    blank = prefill(FORMS["F08"], context)
    rows = [row | ({"review_score": row["self_score"]} if "self_score" in row else {}) for row in blank["indicators"]]
    content = blank | {"indicators": rows, "grade": "示例", "review_body": "示例机构"}
    if "self_execution_score" in blank:
        content["execution_score"] = blank["self_execution_score"]
    reviewed = Paper("F08", content, replace(context, decide=context_for("F08").decide)).explained()

    assert reviewed.stops == []
    total = scored(reviewed.handed_in().content, "f08.sum_of_rows@1").total
    assert reviewed.handed_in().content["total_score"] == str(total)
    away = abs(total - Decimal(filed.content["total_score"]))
    if any("not_applicable_reason" in row for row in rows):  # a cent of a row is more where the row counts for more
        assert away <= sum(1 / Decimal(row["weight"]) for row in rows) + 1
    else:
        assert away == 0


@BOUNDED
@given(case=answers(), data=st.data())
def test_a_frozen_target_is_monitored_and_never_counted_above_what_it_earns(
    case: Answered, data: st.DataObject
) -> None:
    target = case.target
    context = replace(target.context, target=settle(FORMS["F02"], target.content, target.context))
    blank = prefill(FORMS["F05"], context)
    rows = []
    for row in blank["indicators"]:
        value, told = text_of(data.draw(figures)), {"period_text": "示例：推进中", "forecast_text": "示例：可完成"}
        told |= {"period_value": value, "forecast_value": value, "period_band": "partly"}
        rows.append(row | told | {"likelihood": "certain"})
    content = blank | {"indicators": rows}

    found = check(FORMS["F05"], content, context)
    achieved = facts(FORMS["F05"], content, context)["achievement_rate"]

    assert not [finding for finding in found if finding.status == "arithmetic" and finding.field.startswith("indic")]
    assert achieved is None or 0 <= Decimal(achieved) <= 1
