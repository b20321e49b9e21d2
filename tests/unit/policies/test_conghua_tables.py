"""从化区: every border rules.md names for it, exactly at it, just below and just above."""

from datetime import date
from decimal import Decimal

import pytest

from engine.policies import Policies

JURISDICTION = "conghua"


@pytest.mark.parametrize(
    ("amount", "required", "status"),
    [("199.99999", False, "inferred"), ("200", True, "stated"), ("200.00001", True, "stated")],
)
def test_ch06_projects_from_200_are_under_key_monitoring(ask, amount, required, status):
    decision = ask("key_monitoring_required", amount_wan=amount, object_kind="project")

    assert (decision.outputs, decision.status) == ({"required": required}, status)
    assert "CH-06" in decision.source


@pytest.mark.parametrize("object_kind", ["whole_department", "policy"])
def test_no_amount_makes_a_department_or_a_policy_a_key_monitoring_object(ask, object_kind):
    assert ask("key_monitoring_required", amount_wan="5000", object_kind=object_kind).undefined


@pytest.mark.parametrize(
    ("amount", "required", "status"),
    [("199.99999", False, "inferred"), ("200", True, "stated"), ("200.00001", True, "stated")],
)
def test_ch10_self_evaluations_from_200_are_filed(ask, amount, required, status):
    decision = ask("self_evaluation_filing_required", amount_wan=amount)

    assert (decision.outputs, decision.status) == ({"required": required}, status)


@pytest.mark.parametrize("object_kind", ["whole_department", "project"])
def test_ch07_monitoring_looks_at_january_to_june(ask, object_kind):
    assert ask("monitoring_window", object_kind=object_kind).outputs == {"end_month": 6}


@pytest.mark.parametrize(
    ("ratio", "flagged", "agree", "status"),
    [
        ("1.4999", False, True, "inferred"),
        ("1.5", True, False, "default"),
        ("1.5001", True, False, "default"),
        ("2.4999", True, False, "default"),
        ("2.5", True, True, "inferred"),
        ("2.5001", True, True, "inferred"),
    ],
)
def test_ch25_150_percent_is_read_as_of_the_target_and_says_where_the_other_reading_differs(
    ask, ratio, flagged, agree, status
):
    decision = ask("overachievement_flag", completion_ratio=ratio)

    assert decision.outputs == {"flagged": flagged, "readings_agree": agree}
    assert decision.status == status


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("100", "优"),
        ("90.01", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("70", "中"),
        ("69.99", "低"),
        ("60", "低"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_five_grades_whose_bands_nobody_signed(ask, score, grade):
    decision = ask("grade", score=score, object_kind="project")

    assert (decision.outputs, decision.status) == ({"grade": grade}, "default")
    assert "分数线原文未载" in decision.source


@pytest.mark.parametrize(
    ("score", "rate", "status"),
    [("69.99", "0.05", "stated"), ("70", "0", "inferred"), ("70.01", "0", "inferred")],
)
def test_ch21_below_70_cuts_five_percent_of_the_staff_quota_and_70_itself_nothing(ask, score, rate, status):
    decision = ask("quota_cut", whole_department_score=score)

    assert decision.outputs == {"rate": Decimal(rate), "base": "public_expense_quota"}
    assert decision.status == status


def test_ch21_is_about_the_score_while_the_same_score_is_a_grade_of_its_own(ask):
    assert ask("grade", score="69.99", object_kind="whole_department").outputs == {"grade": "低"}
    assert ask("grade", score="70", object_kind="whole_department").outputs == {"grade": "中"}


@pytest.mark.parametrize(("on", "undefined"), [(date(2021, 6, 30), True), (date(2021, 7, 1), False)])
def test_ch21_holds_from_the_preparation_of_the_2022_budget(policies: Policies, on, undefined):
    decision = policies.of("conghua").decide("quota_cut", {"whole_department_score": "69"}, on)

    assert decision.undefined is undefined


@pytest.mark.parametrize(
    ("grade", "mode", "includes_fair", "needs_reason", "status"),
    [
        ("优", "guarantee", None, False, "default"),
        ("良", "guarantee", None, False, "default"),
        ("中", "strict", True, False, "default"),
        ("低", "cut", None, True, "stated"),
        ("差", "cut", None, True, "stated"),
    ],
)
def test_ch22_below_fair_includes_fair_by_default_and_says_so(ask, grade, mode, includes_fair, needs_reason, status):
    decision = ask("budget_linkage", grade=grade, object_kind="project")

    assert decision.outputs["mode"] == mode
    assert decision.outputs["includes_fair"] is includes_fair
    assert decision.outputs["override_needs_reason"] is needs_reason
    assert decision.status == status


def test_ch20_protects_good_policies_but_lays_down_nothing_for_bad_ones_nor_for_departments(ask):
    assert ask("budget_linkage", grade="良", object_kind="policy").outputs["mode"] == "guarantee"
    assert ask("budget_linkage", grade="中", object_kind="policy").undefined
    assert ask("budget_linkage", grade="中", object_kind="whole_department").undefined


@pytest.mark.parametrize("kind", ["spot_review", "key_evaluation"])
@pytest.mark.parametrize("grade", ["优", "良", "中", "低", "差"])
def test_ch16_everybody_evaluated_rectifies(ask, grade, kind):
    decision = ask("rectification_required", grade=grade, evaluation_kind=kind)

    assert (decision.outputs, decision.status) == ({"required": True}, "stated")


def test_ch16_says_nothing_about_a_self_evaluation(ask):
    assert ask("rectification_required", grade="差", evaluation_kind="self_evaluation").undefined


@pytest.mark.parametrize("decision", ["spot_review_pool", "key_evaluation_candidate"])
@pytest.mark.parametrize("mark", ["large_livelihood", "government_investment", "major_impact"])
def test_ch12_any_one_criterion_is_enough(ask, decision, mark):
    chosen = ask(decision, amount_wan="10", object_kind="project", marks=[mark])

    assert chosen.outputs == {"candidate": True, "weight": 1}
    assert chosen.status == "stated"


@pytest.mark.parametrize("decision", ["spot_review_pool", "key_evaluation_candidate"])
def test_ch12_money_alone_chooses_nothing(ask, decision):
    left_out = ask(decision, amount_wan="99999", object_kind="project", marks=[])

    assert left_out.outputs["candidate"] is False
    assert left_out.status == "inferred"


@pytest.mark.parametrize("decision", ["spot_review_pool", "key_evaluation_candidate"])
def test_ch12_a_project_nobody_marked_yet_is_neither_in_nor_out(ask, decision):
    assert ask(decision, amount_wan="99999", object_kind="project").undefined


def test_ch14_departments_under_congress_review_are_evaluated_and_how_others_are_chosen_is_open(ask):
    assert ask(
        "key_evaluation_candidate", amount_wan="1", object_kind="whole_department", marks=["congress_review"]
    ).outputs["candidate"]
    assert ask("key_evaluation_candidate", amount_wan="1", object_kind="whole_department", marks=[]).undefined


@pytest.mark.parametrize("kind", ["key_evaluation_report", "spot_review_result", "whole_department_report"])
def test_ch18_results_are_published_only_after_government_and_congress(ask, kind):
    assert ask("publication_gate", document_kind=kind).outputs == {
        "steps": ["government", "congress", "publish"],
        "government_first": True,
        "executive_meeting": False,
        "congress_first": True,
    }


@pytest.mark.parametrize("kind", ["target_department", "target_project"])
def test_ch19_targets_go_with_the_budget(ask, kind):
    decision = ask("publication_gate", document_kind=kind)

    assert decision.outputs["steps"] == ["with_budget", "publish"]
    assert decision.outputs["congress_first"] is False


@pytest.mark.parametrize(
    ("decision", "inputs"),
    [
        (
            "ex_ante_required",
            {"object_kind": "project", "project_nature": "new", "spending_frequency": "one_off", "amount_wan": "9999"},
        ),
        ("entry_review_required", {"project_nature": "new", "spending_frequency": "one_off", "amount_wan": "9999"}),
        ("supplement_allowed", {"execution_rate": "0.1", "time_progress": "0.5"}),
        ("publication_gate", {"document_kind": "annual_report"}),
    ],
)
def test_what_the_report_does_not_lay_down_is_undefined_though_other_places_have_it(ask, decision, inputs):
    answer = ask(decision, **inputs)

    assert answer.undefined
    assert (answer.row, answer.source, answer.status) == (None, None, None)
    assert set(answer.outputs.values()) == {None}
