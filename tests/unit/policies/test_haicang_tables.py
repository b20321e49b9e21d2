"""海沧区: third parties review together, and late spending blocks supplements in principle."""

import pytest

JURISDICTION = "haicang"


@pytest.mark.parametrize("object_kind", ["project", "whole_department", "policy"])
def test_hc05_a_third_party_reviews_all_targets_together(ask, object_kind):
    decision = ask("target_review_route", object_kind=object_kind, amount_wan="1")

    assert decision.outputs == {"route": "single", "rounds": ["single"], "collective": True}
    assert decision.status == "stated"


def test_hc07_a_third_party_reviews_all_monitoring_forms_together(ask):
    assert ask("monitoring_review_route", object_kind="project").outputs == {"collective": True}


@pytest.mark.parametrize(
    ("execution_rate", "time_progress", "allowed", "needs_reason", "status"),
    [
        ("0.4999", "0.5", False, True, "stated"),
        ("0.5", "0.5", True, False, "inferred"),
        ("0.5001", "0.5", True, False, "inferred"),
        ("0.5833", "0.58333", False, True, "stated"),
        ("1.2", "1", True, False, "inferred"),
    ],
)
def test_hc08_only_spending_below_time_progress_blocks_supplements(
    ask, execution_rate, time_progress, allowed, needs_reason, status
):
    decision = ask("supplement_allowed", execution_rate=execution_rate, time_progress=time_progress)

    assert decision.outputs == {"allowed": allowed, "override_needs_reason": needs_reason}
    assert decision.status == status


def test_hc08_an_unknown_execution_rate_decides_nothing(ask):
    assert ask("supplement_allowed", execution_rate=None, time_progress="0.5").undefined


@pytest.mark.parametrize(
    ("marks", "candidate"),
    [
        (["district_key"], True),
        (["livelihood"], True),
        (["socio_economic"], True),
        (["monitoring_candidate"], True),
        (["major_impact"], False),
        ([], False),
    ],
)
def test_hc15_and_hc09_say_where_key_evaluations_come_from(ask, marks, candidate):
    decision = ask("key_evaluation_candidate", amount_wan="1", object_kind="project", marks=marks)

    assert decision.outputs["candidate"] is candidate


def test_a_project_chosen_for_two_reasons_names_both(ask):
    decision = ask(
        "key_evaluation_candidate", amount_wan="1", object_kind="project", marks=["livelihood", "monitoring_candidate"]
    )

    assert decision.outputs == {"candidate": True, "weight": 1}
    assert "HC-15" in decision.source
    assert "HC-09" in decision.source


@pytest.mark.parametrize(
    ("grade", "mode", "rule"), [("优", "guarantee", "沿用全国"), ("良", "normal", "沿用全国"), ("差", "cut", "HC-18")]
)
def test_hc18_poor_effect_stops_or_cuts(ask, grade, mode, rule):
    decision = ask("budget_linkage", grade=grade, object_kind="project")

    assert (decision.outputs["mode"], decision.status) == (mode, "default")
    assert rule in decision.source


def test_hc24_key_evaluations_are_rectified_though_only_the_sanction_is_written(ask):
    decision = ask("rectification_required", grade="优", evaluation_kind="key_evaluation")

    assert (decision.outputs, decision.status) == ({"required": True}, "inferred")
    assert ask("rectification_required", grade="差", evaluation_kind="spot_review").undefined


def test_hc23_results_go_to_leaders_then_the_executive_meeting_then_congress_and_no_publication_is_written(ask):
    assert ask("publication_gate", document_kind="key_evaluation_report").outputs == {
        "steps": ["leaders", "executive_meeting", "congress_reading", "deputies"],
        "government_first": True,
        "executive_meeting": True,
        "congress_first": True,
    }


def test_hc22_chosen_targets_are_compiled_for_congress_and_published_at_the_same_time(ask):
    decision = ask("publication_gate", document_kind="target_project")

    assert decision.outputs["steps"] == ["congress_reading", "publish"]
    assert decision.outputs["congress_first"] is False


@pytest.mark.parametrize(
    ("score", "grade"), [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("60", "中"), ("59.99", "差")]
)
def test_grades_are_the_national_four(ask, score, grade):
    decision = ask("grade", score=score, object_kind="project")

    assert (decision.outputs, decision.layer) == ({"grade": grade}, "national")


def test_hc12_a_self_evaluation_is_a_form_and_a_report(ask):
    for kind in ("project", "whole_department", "policy"):
        decision = ask("self_evaluation_report_required", object_kind=kind)

        assert (decision.outputs, decision.status) == ({"required": True}, "stated")


def test_hc10_ex_ante_objects_are_picked_without_an_amount(ask):
    assert ask(
        "ex_ante_required",
        object_kind="project",
        project_nature="new",
        spending_frequency="one_off",
        amount_wan="99999",
    ).undefined
