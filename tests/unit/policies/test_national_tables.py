"""The national base: little, and none of it stated in a source we hold."""

import pytest

from engine.policies import DECISIONS, Policies

JURISDICTION = "huaxi"
"""The national tables are asked through a jurisdiction that has none of its own for them."""


@pytest.mark.parametrize(
    ("execution_rate", "time_progress", "achievement_rate", "money", "target", "advice"),
    [
        ("0.5", "0.5", "0.5", "green", "green", "continue"),
        ("0.4999", "0.5", "0.5", "yellow", "green", "check_payment"),
        ("0.40", "0.5", "0.5", "yellow", "green", "check_payment"),
        ("0.3999", "0.5", "0.5", "red", "green", "check_payment"),
        ("0.5", "0.5", "0.4999", "green", "yellow", "check_quality"),
        ("0.5", "0.5", "0.3999", "green", "red", "check_quality"),
        ("0.3999", "0.5", "0.3999", "red", "red", "cut_or_suspend"),
        ("0.2499", "0.3333", "0.4", "red", "green", "check_payment"),
        ("0.25", "0.3333", "0.4", "yellow", "green", "check_payment"),
        ("0.3999", "0.5833", "0.6", "red", "green", "check_payment"),
        ("0.5999", "0.6667", "0.7", "red", "green", "check_payment"),
        ("0.60", "0.6667", "0.7", "yellow", "green", "check_payment"),
        ("0.7999", "0.8333", "0.9", "red", "green", "check_payment"),
        ("0.80", "0.8333", "0.9", "yellow", "green", "check_payment"),
        ("0", "0.25", "0.3", "yellow", "green", "check_payment"),
        ("1.1", "1", "1.2", "green", "green", "continue"),
    ],
)
def test_lights_stand_on_time_progress_and_on_the_alert_lines(
    ask, execution_rate, time_progress, achievement_rate, money, target, advice
):
    decision = ask(
        "monitoring_light",
        execution_rate=execution_rate,
        time_progress=time_progress,
        achievement_rate=achievement_rate,
    )

    assert decision.outputs == {"money_light": money, "target_light": target, "advice": advice}
    assert decision.status == "default"


def test_a_light_whose_rate_is_unknown_stays_dark(ask):
    decision = ask("monitoring_light", execution_rate="0.3", time_progress="0.5", achievement_rate=None)

    assert decision.outputs == {"money_light": "red", "target_light": None, "advice": None}


@pytest.mark.parametrize(
    ("score", "grade"),
    [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("70", "中"), ("60", "中"), ("59.99", "差")],
)
@pytest.mark.parametrize("object_kind", ["project", "whole_department", "policy"])
def test_four_grades_by_half_open_bands(policies: Policies, score, grade, object_kind):
    decision = policies.of("jianghan").decide("grade", {"score": score, "object_kind": object_kind})

    assert (decision.outputs, decision.status, decision.layer) == ({"grade": grade}, "default", "national")


def test_the_nation_states_nothing_in_a_source_we_hold(policies: Policies):
    tables = [policies.of(name).table(decision) for name in policies.names() for decision in DECISIONS]
    national = {row.id: row.status for table in tables if table.layer == "national" for row in table.rows}

    assert set(national.values()) <= {"inferred", "default"}


@pytest.mark.parametrize(
    "decision",
    [
        "ex_ante_required",
        "entry_review_required",
        "target_quality",
        "key_monitoring_required",
        "supplement_allowed",
        "self_evaluation_filing_required",
        "self_evaluation_report_required",
        "overachievement_flag",
        "spot_review_pool",
        "key_evaluation_candidate",
        "quota_cut",
        "publication_gate",
    ],
)
def test_thresholds_and_gates_have_no_national_row_to_borrow(bpmn, decision):
    assert "<rule" not in (bpmn / "decisions" / f"{decision}.dmn").read_text(encoding="utf-8")
