"""F08: scored again, every difference with its reason, every deduction with its clause."""

from typing import Any

import pytest

from engine.submissions.forms import FORMS, prefill, settle
from tests.factories_forms import context_for, examine, one_at, stated, valid_content

F08 = FORMS["F08"]


def test_the_deviation_is_that_of_the_project_not_of_an_indicator() -> None:
    settled = settle(F08, valid_content("F08"), context_for("F08"))

    assert (settled["total_score"], settled["deviation_ratio"]) == ("89.66", "3.24")


def test_the_prefilled_sheet_is_the_self_evaluation() -> None:
    content = prefill(F08, context_for("F08"))

    assert content["self_total_score"] == "92.66"
    assert content["executed_amount_wan"] == "153"
    assert content["indicators"][0]["self_value"] == "487"
    assert content["indicators"][0]["self_score"] == "14.61"
    assert "review_score" not in content["indicators"][0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("self_total_score", "93"),
        ("executed_amount_wan", "150"),
        ("indicators[y1].self_score", "15"),
        ("indicators[y1].self_value", "500"),
        ("indicators[y1].weight", "14.62"),
    ],
)
def test_what_the_unit_stated_is_copied_not_changed(path: str, value: str) -> None:
    changes: dict[str, Any] = {path: value, "self_conclusion": None}

    assert [f for f in examine("F08", changes) if f.field == path and f.severity == "error"]


@pytest.mark.parametrize("cell", ["reason", "clause", "cut_percent"])
def test_a_deduction_has_a_reason_a_clause_and_a_percentage(cell: str) -> None:
    finding = one_at(f"indicators[y2].{cell}", examine("F08", {f"indicators[y2].{cell}": None}))

    assert finding.severity == "error"
    assert "扣了 3.00 分" in finding.message


def test_the_percentage_is_one_the_clause_allows() -> None:
    findings = examine("F08", {"indicators[y2].cut_percent": "50", "indicators[y2].review_score": "5"})

    assert "扣减比例为30%，填的是 50%" in one_at("indicators[y2].cut_percent", findings).message


def test_the_percentage_matches_the_points() -> None:
    finding = one_at("indicators[y2].review_score", examine("F08", {"indicators[y2].review_score": "6"}))

    assert finding.severity == "explain"


def test_no_evidence_takes_all_points() -> None:
    changes = {"clause": "no_evidence", "cut_percent": "100", "review_score": "0"}

    findings = examine("F08", {f"indicators[y2].{key}": value for key, value in changes.items()})

    assert not [finding for finding in findings if finding.stops]


def test_more_points_than_the_unit_gave_itself_need_a_reason() -> None:
    finding = one_at("indicators[y1].reason", examine("F08", {"indicators[y1].review_score": "15"}))

    assert finding.severity == "explain"


def test_what_was_not_accepted_cannot_be_full_on_quantity_and_zero_on_quality() -> None:
    zero = {"review_score": "0", "clause": "no_evidence", "cut_percent": "100", "reason": "示例：无验收单"}
    changes = {f"indicators[y3].{key}": value for key, value in zero.items()}
    changes |= {"indicators[y1].review_score": "15", "indicators[y1].reason": "示例：补充核实"}

    unaccepted = examine("F08", changes | {"accepted": False})
    accepted = examine("F08", changes)

    assert "前后矛盾" in one_at("indicators[y3].review_score", unaccepted).message
    assert not [finding for finding in accepted if finding.stops]


ALL_IN_FULL = {
    f"indicators[{row['id']}].{key}": value
    for row in valid_content("F08")["indicators"]
    for key, value in (("review_score", row["weight"]), ("reason", "示例：核实"))
}


def test_everything_done_for_almost_nothing_is_doubted() -> None:
    findings = examine("F08", ALL_IN_FULL | {"executed_amount_wan": "8.99"}, self_evaluation=None)

    assert "执行率只有 4.99%" in one_at("executed_amount_wan", findings).message


def test_five_percent_spent_is_no_longer_almost_nothing() -> None:
    findings = examine("F08", ALL_IN_FULL | {"executed_amount_wan": "9"}, self_evaluation=None)

    assert not [finding for finding in findings if finding.field == "executed_amount_wan"]


@pytest.mark.parametrize(("finished", "doubted"), [("2021-12-31", False), ("2022-01-01", True)])
def test_finished_after_the_year_is_not_in_time(finished: str, doubted: bool) -> None:
    changes = {"indicators[y4].completed_on": finished, "indicators[y4].review_score": "8"}

    findings = examine("F08", changes | {"indicators[y4].reason": "示例：核实"})

    assert any("已过当年年底" in finding.message for finding in findings) is doubted


def test_a_self_evaluation_of_a_hundred_is_looked_at_twice() -> None:
    findings = examine("F08", {"self_total_score": "100"}, self_evaluation=None)

    assert one_at("self_total_score", findings).severity == "hint"


def test_the_report_says_what_the_worksheet_says() -> None:
    findings = examine("F08", {"reported_score": "89.65"})

    assert "与底稿合计 89.66 不一致" in one_at("reported_score", findings).message


def test_the_grade_is_the_one_for_the_score() -> None:
    finding = one_at("grade", examine("F08", {"grade": "优"}, {"grade": stated(grade="良")}))

    assert "得分 89.66 按本区等级表应为“良”，填的是“优”" in finding.message


def test_a_row_both_call_not_applicable_has_no_points_and_leaves_its_weight_to_its_level() -> None:
    evaluated = valid_content("F06", total_score="92.66")
    evaluated["indicators"][0] = {
        key: cell for key, cell in evaluated["indicators"][0].items() if key not in ("actual_value", "score")
    } | {"not_applicable_reason": "示例：培训任务划转外单位"}
    changes = {
        "indicators[y1].self_value": None,
        "indicators[y1].self_score": None,
        "indicators[y1].review_value": None,
        "indicators[y1].review_score": None,
        "indicators[y1].not_applicable_reason": "示例：培训任务划转外单位",
        "self_conclusion": None,
    }
    context = context_for("F08", self_evaluation=evaluated)

    settled = settle(F08, valid_content("F08", **changes), context)

    assert [
        f.message for f in examine("F08", changes, self_evaluation=evaluated) if f.field.startswith("indicators[y1]")
    ] == []
    assert settled["total_score"] == "87.60"  # 产出 50: 10.00 + 14.28 + 8.57 + 9.00; the rest 45.75


def test_only_what_the_unit_called_not_applicable_is_left_without_points() -> None:
    changes = {"indicators[y1].review_score": None, "indicators[y1].not_applicable_reason": "示例：难以复核"}

    finding = one_at("indicators[y1].not_applicable_reason", examine("F08", changes))
    unfilled = one_at("indicators[y1].review_score", examine("F08", {"indicators[y1].review_score": None}))

    assert (finding.severity, unfilled.severity) == ("error", "error")


def test_without_a_budget_the_execution_is_not_reviewed() -> None:
    changes = {
        "annual_budget_wan": "0",
        "executed_amount_wan": "0",
        "execution_score": None,
        "self_execution_score": None,
    }

    findings = examine("F08", changes, self_evaluation=None)

    assert not [finding for finding in findings if finding.field == "execution_score"]
