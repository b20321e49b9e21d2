"""F09, F10 and F11: the evaluation, the letter on it, and what was put right."""

from datetime import date
from typing import Any

import pytest

from engine.submissions.forms import FORMS, blank, check, prefill, settle
from tests.factories_forms import context_for, examine, one_at, stated, valid_content


def test_the_common_framework_comes_with_weights_of_a_hundred() -> None:
    context = context_for("F09")

    content = blank(FORMS["F09"], context)

    assert len(content["rows"]) == 17
    assert not [f for f in check(FORMS["F09"], content, context) if "合计" in f.message]


def test_a_whole_department_has_a_framework_of_its_own() -> None:
    content = blank(FORMS["F09"], context_for("F09", object_kind="whole_department"))

    assert [row["level1"] for row in content["rows"]] == [
        "运行成本",
        "管理效率",
        "履职效能",
        "社会效应",
        "可持续发展能力",
        "服务对象满意度",
    ]


def test_the_evaluation_is_out_of_a_hundred() -> None:
    assert "合计是 99" in one_at("rows", examine("F09", {"rows[basis].weight": "4", "rows[basis].score": "4"})).message


def test_output_and_benefit_weigh_at_least_sixty() -> None:
    changes = {"rows[completed].weight": "14", "rows[completed].score": "14"}
    changes |= {"rows[execution].weight": "16", "rows[execution].score": "16"}

    findings = examine("F09", changes)

    assert one_at("rows", findings).severity == "explain"
    assert "合计 59，不宜低于 60" in one_at("rows", findings).message


def test_a_project_needs_indicators_of_its_own() -> None:
    assert one_at("rows", examine("F09", {"rows[benefit].scope": "common"})).source == "HX-18"


@pytest.mark.parametrize("cell", ["deduction_reason", "clause", "evidence"])
def test_a_deduction_cannot_stand_without_reason_clause_and_evidence(cell: str) -> None:
    assert one_at(f"rows[practice].{cell}", examine("F09", {f"rows[practice].{cell}": None})).severity == "error"


def test_evidence_is_on_the_list() -> None:
    findings = examine("F09", {"rows[practice].evidence": ["E-99"]})

    assert "“E-99”不在证据列表中" in one_at("rows[practice].evidence", findings).message


def test_every_problem_has_a_suggestion() -> None:
    suggestions = valid_content("F09")["suggestions"][:1]

    assert "第 2 个问题没有建议" in one_at("problems[q2].fact", examine("F09", {"suggestions": suggestions})).message


def test_a_suggestion_answers_a_problem_that_is_there() -> None:
    suggestions = [*valid_content("F09")["suggestions"], {"id": "s9", "problem": "q9", "text": "示例"}]

    assert one_at("suggestions[s9].problem", examine("F09", {"suggestions": suggestions})).severity == "error"


def test_shares_of_one_group_make_a_hundred() -> None:
    shares = [
        {"id": "h1", "group": "资金去向", "item": "设备", "percent": "60"},
        {"id": "h2", "group": "资金去向", "item": "培训", "percent": "39"},
    ]

    assert "合计 99%，应为 100%" in one_at("shares[h1].percent", examine("F09", {"shares": shares})).message


def test_a_good_grade_with_slow_money_is_told_separately() -> None:
    problems = valid_content("F09")["problems"][1:]

    findings = examine("F09", {"problems": problems, "suggestions": valid_content("F09")["suggestions"][1:]})

    assert one_at("problems", findings).source.startswith("HC-17")


def test_more_cannot_be_spent_than_arrived() -> None:
    assert one_at("executed_amount_wan", examine("F09", {"arrived_wan": "150"})).severity == "error"


def test_grade_and_score_agree() -> None:
    assert one_at("grade", examine("F09", answers={"grade": stated(grade="中")})).severity == "error"


@pytest.mark.parametrize(
    ("path", "value"), [("total_score", "88"), ("grade", "优"), ("amount_wan", "181"), ("addressee", "示例单位乙")]
)
def test_the_letter_says_what_the_evaluation_says(path: str, value: str) -> None:
    assert one_at(path, examine("F10", {path: value})).severity == "error"


def test_the_letter_is_filled_in_from_the_evaluation() -> None:
    content = prefill(FORMS["F10"], context_for("F10"))

    assert (content["total_score"], content["grade"], content["amount_wan"]) == ("87.75", "良", "180")
    assert [problem["id"] for problem in content["problems"]] == ["q1", "q2"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rectify_by": "2022-10-11"}, "rectify_by"),
        ({"report_by": "2022-12-01"}, "report_by"),
        ({"signed_for_on": "2022-10-01", "signed_for_by": "示例签收人"}, "signed_for_on"),
        ({"objection": {"text": "示例：对得分有异议"}}, "objection.until"),
        ({"objection": {"until": "2022-10-01"}}, "objection.until"),
        ({"doc_number": None}, "doc_number"),
    ],
)
def test_the_letter_keeps_its_dates_in_order(changes: dict[str, Any], field: str) -> None:
    assert one_at(field, examine("F10", changes)).severity == "error"


def test_the_letter_answers_every_problem() -> None:
    assert one_at("problems[q1].fact", examine("F10", {"suggestions[s1].problem": "q2"})).severity == "error"


def test_the_ledger_starts_as_the_problems_of_the_letter() -> None:
    rows = prefill(FORMS["F11"], context_for("F11"))["items"]

    assert [(row["id"], row["category"], row["due_on"]) for row in rows] == [
        ("q1", "execution", "2022-12-12"),
        ("q2", "satisfaction", "2022-12-12"),
    ]
    assert rows[0]["requirement"] == "示例：按月编制用款计划。"


def test_the_report_on_the_whole_letter_begins_with_what_the_unit_reported_on_each_problem() -> None:
    reported = settle(FORMS["F11"], valid_content("F11", **{"items[q1].follow_up": "cut"}), context_for("F11"))

    content = prefill(FORMS["F11"], context_for("F11", own_reports={"q1": reported}))

    first, second = content["items"]
    said = {"responsible_person", "measures", "done", "improved_rules", "evidence", "completed", "completed_on"}
    assert {name: first[name] for name in said} == {name: reported["items"][0][name] for name in said}
    assert first["submitted_by"] == "示例经办人"
    assert first["problem"] == valid_content("F10")["problems"][0]["fact"]
    assert {"verified_by", "verified_on", "follow_up", "overdue_days"}.isdisjoint(first)
    assert {"measures", "completed"}.isdisjoint(second)


def test_no_problem_of_the_letter_may_be_left_out() -> None:
    findings = examine("F11", {"items": valid_content("F11")["items"][:1]})

    assert "第 2 个问题没有列入整改台账" in one_at("items", findings).message


def test_a_report_on_one_item_is_about_that_item_alone() -> None:
    changes = {"items": valid_content("F11")["items"][1:], "overview": None, "sealed": None}

    alone = examine("F11", changes, item="q2")
    another = examine("F11", changes, item="q7")

    assert not [finding for finding in alone if finding.stops]
    assert "整改事项 q7" in one_at("items", another).message


@pytest.mark.parametrize("cell", ["evidence", "done", "completed_on"])
def test_done_needs_proof(cell: str) -> None:
    assert one_at(f"items[q1].{cell}", examine("F11", {f"items[q1].{cell}": None})).severity == "error"


@pytest.mark.parametrize("submitter", ["示例核验人", "示例经办人"])
def test_nobody_verifies_what_they_filed(submitter: str) -> None:
    changes = {"items[q1].verified_by": submitter}

    finding = one_at("items[q1].verified_by", examine("F11", changes, submitter=submitter))

    assert finding.severity == "error"
    assert "就是填报人" in finding.message


def test_what_is_not_done_says_why_and_what_next() -> None:
    assert (
        one_at("items[q2].unfinished_reason", examine("F11", {"items[q2].unfinished_reason": None})).severity == "error"
    )


def test_the_limit_is_not_before_the_letter() -> None:
    assert (
        one_at("items[q2].due_on", examine("F11", {"items[q2].due_on": "2022-10-01"}, today=None)).severity == "error"
    )


def test_overdue_is_said_and_counted_but_nothing_is_applied() -> None:
    today = date(2022, 12, 20)

    findings = examine("F11", today=today)
    settled = settle(FORMS["F11"], valid_content("F11"), context_for("F11", today=today))

    assert one_at("items[q2].due_on", findings).severity == "hint"
    assert [row["overdue_days"] for row in settled["items"]] == [0, 8]
    assert settled["rules_improved"] == 1


def test_more_money_back_than_was_involved_is_explained() -> None:
    assert one_at("items[q1].recovered_wan", examine("F11", {"items[q1].recovered_wan": "30"})).severity == "explain"
