"""F01 ex-ante assessment and F03 target review: who judges, by which points, and what follows."""

from typing import Any

import pytest

from engine.submissions.forms import FORMS, blank, facts, prefill
from tests.factories_forms import Said, context_for, default, examine, one_at, stated, valid_content
from tests.papers import policies

SCORES = [f"dimensions[{key}].score" for key in ("necessity", "economy", "target_reasonableness", "feasibility")]


def test_the_reduction_is_the_request_less_the_suggestion() -> None:
    findings = examine("F01", {"reduction_wan": "40"})

    assert "按本表应为 39.5万元" in one_at("reduction_wan", findings).message


def test_nothing_may_be_suggested_for_what_is_not_supported() -> None:
    findings = examine("F01", {"conclusion": "reject", "explanations": {"conclusion": "示例：政策已变"}})

    assert "不予支持" in one_at("suggested_wan", findings).message


def test_this_year_cannot_ask_for_more_than_the_whole() -> None:
    assert one_at("requested_this_year_wan", examine("F01", {"requested_this_year_wan": "361"})).severity == "error"


@pytest.mark.parametrize("name", ["示例单位甲", "示例主管部门"])
def test_nobody_assesses_their_own_project(name: str) -> None:
    finding = one_at("assessor_name", examine("F01", {"assessor_name": name}))

    assert (finding.severity, finding.status) == ("error", "stated")


def test_an_agency_that_advised_the_unit_cannot_assess_it() -> None:
    findings = examine("F01", unit_advisers=frozenset({"示例评估机构"}))

    assert "应当回避" in one_at("assessor_name", findings).message


@pytest.mark.parametrize(("kind", "asked"), [("agency", True), ("finance", True), ("department", False)])
def test_outside_assessments_need_experts(kind: str, asked: bool) -> None:
    findings = examine("F01", {"assessor_kind": kind, "experts": []})

    assert any(finding.field == "experts" for finding in findings) is asked


def test_required_papers_must_be_there() -> None:
    assert "没有到位" in one_at("papers[m1].present", examine("F01", {"papers[m1].present": False})).message


def test_the_frequency_is_required_only_where_the_threshold_depends_on_it() -> None:
    def split(inputs: dict[str, Any]) -> Said:
        return stated(required=inputs.get("spending_frequency") == "recurrent")

    split_here = examine("F01", {"spending_frequency": None}, {"ex_ante_required": split})
    same_for_both = examine("F01", {"spending_frequency": None}, {"ex_ante_required": stated(required=True)})

    assert one_at("spending_frequency", split_here).severity == "error"
    assert not [finding for finding in same_for_both if finding.field == "spending_frequency"]


def test_every_dimension_is_within_its_marks_and_all_make_a_hundred() -> None:
    findings = examine("F01", {"dimensions[economy].weight": "15"})

    assert "得分 17 大于分值 15" in one_at("dimensions[economy].score", findings).message
    assert "合计是 95，应为 100" in one_at("dimensions", findings).message


@pytest.mark.parametrize(("score", "suggested"), [("15.9", "调整后支持"), ("11.2", "不予支持")])
def test_a_conclusion_the_score_does_not_suggest_asks_for_a_sentence(score: str, suggested: str) -> None:
    marks = dict.fromkeys([*SCORES, "dimensions[financing_compliance].score"], score)

    finding = one_at("conclusion", examine("F01", marks | {"dimensions[necessity].score": "15"}))

    assert finding.severity == "explain"
    assert f"提示结论为“{suggested}”" in finding.message


@pytest.mark.parametrize(("score", "asked"), [("8.99", True), ("9", False)])
def test_necessity_is_weak_below_three_fifths_of_its_own_full_marks(score: str, asked: bool) -> None:
    marks = {"dimensions[necessity].weight": "15", "dimensions[economy].weight": "25"}

    findings = examine("F01", marks | {"dimensions[necessity].score": score, "dimensions[economy].score": "25"})

    assert any("必要性得分" in finding.message for finding in findings) is asked


def test_a_weak_necessity_speaks_against_support_whatever_the_total() -> None:
    findings = examine("F01", {"dimensions[necessity].score": "11.99"})

    assert "必要性得分 11.99 低于分值 20 的 60%" in one_at("conclusion", findings).message


def test_the_dimensions_are_the_jurisdictions_own() -> None:
    sets = policies().of("guangzhou").pack.ex_ante_dimensions
    rows = blank(FORMS["F01"], context_for("F01", jurisdiction="guangzhou", ex_ante_dimensions=sets))["dimensions"]

    assert [row["name"] for row in rows] == ["必要性", "可行性", "规模", "标准", "目标合理性", "目标有效性"]


def test_a_policy_is_assessed_in_the_policy_wording() -> None:
    rows = blank(FORMS["F01"], context_for("F01", object_kind="policy"))["dimensions"]

    assert [row["name"] for row in rows][0] == "政策设立必要性"


def test_dimensions_the_jurisdiction_states_cannot_be_left_out() -> None:
    sets = policies().of("haicang").pack.ex_ante_dimensions
    finding = one_at("dimensions", examine("F01", jurisdiction="haicang", ex_ante_dimensions=sets))

    assert (finding.severity, finding.source[:5]) == ("error", "HC-11")


def test_the_process_learns_the_conclusion() -> None:
    assert facts(FORMS["F01"], valid_content("F01"), context_for("F01")) == {"ex_ante_conclusion": "support"}


ROUTE = stated(route="three_gate", rounds=["library_review", "joint_review", "final_after_lock"], collective=False)


def test_rounds_follow_one_another() -> None:
    answers = {"target_review_route": ROUTE}

    too_early = examine("F03", {"round": "joint_review"}, answers)
    in_turn = examine("F03", {"round": "joint_review"}, answers, rounds_done=("library_review",))

    assert "“金额与目标联合评审”之前还有入库总体评审没有完成" in one_at("round", too_early).message
    assert not [finding for finding in in_turn if finding.stops]


def test_a_round_the_jurisdiction_does_not_have_is_refused() -> None:
    finding = one_at("round", examine("F03", {"round": "single"}, {"target_review_route": ROUTE}))

    assert finding.severity == "error"


def test_a_collective_review_names_its_session() -> None:
    answer = stated(route="single", rounds=["single"], collective=True)

    findings = examine("F03", answers={"target_review_route": answer})
    named = examine("F03", {"collective_session": "示例-1"}, {"target_review_route": answer})

    assert one_at("collective_session", findings).severity == "error"
    assert not [finding for finding in named if finding.stops]


def test_a_review_begins_with_what_is_settled_and_leaves_the_marks_to_the_reviewer() -> None:
    second = context_for("F03", {"target_review_route": ROUTE}, rounds_done=("library_review",))
    together = context_for("F03", {"target_review_route": stated(route="single", rounds=["single"], collective=True)})

    by_finance, by_others = prefill(FORMS["F03"], second), prefill(FORMS["F03"], together)

    assert (by_finance["round"], by_finance["reviewer_kind"], by_finance["disposal"]) == (
        "joint_review", "finance", "approved",
    )  # fmt: skip
    assert (by_others["round"], by_others.get("reviewer_kind")) == ("single", None)
    assert not any("score" in mark for mark in by_finance["marks"])


def test_nothing_is_taken_for_settled_where_the_jurisdiction_says_nothing_of_rounds() -> None:
    assert "round" not in prefill(FORMS["F03"], context_for("F03"))


def test_an_unsigned_route_does_not_stop_the_review() -> None:
    answer = default(route="single", rounds=["library_review"], collective=False)

    assert one_at("round", examine("F03", answers={"target_review_route": answer})).severity == "explain"


def test_a_return_says_what_to_change() -> None:
    assert one_at("opinions", examine("F03", {"disposal": "returned"})).severity == "error"


def test_an_opinion_names_an_indicator_of_the_target() -> None:
    opinions = [
        {"id": "o1", "field": "indicators[y3].name", "text": "示例：改为优良率"},
        {"id": "o2", "field": "indicators[gone].name", "text": "示例：删去"},
    ]

    findings = examine("F03", {"opinions": opinions})

    assert "不在目标表中" in one_at("opinions[o2].field", findings).message
    assert not [finding for finding in findings if finding.field == "opinions[o1].field"]


def test_a_poor_target_does_not_simply_pass() -> None:
    marks = {f"marks[{mark['id']}].score": "5" for mark in valid_content("F03")["marks"]}

    finding = one_at("disposal", examine("F03", marks))

    assert finding.severity == "explain"
    assert "等级为“差”" in finding.message


@pytest.mark.parametrize(
    ("disposal", "told"),
    [
        ("approved", {"target_result": "approved"}),
        ("approved_after_change", {"target_result": "approved"}),
        ("not_arranged", {"target_result": "not_arranged"}),
        ("returned", {}),
    ],
)
def test_the_process_learns_what_becomes_of_the_target(disposal: str, told: dict[str, str]) -> None:
    content = valid_content("F03", disposal=disposal)

    assert facts(FORMS["F03"], content, context_for("F03")) == told
