"""广州市: new × recurrent or one-off, indicator counts, three gates, and 中 on the rectification list."""

import pytest

JURISDICTION = "guangzhou"
ALL_KINDS = ["产出", "成本", "经济效益", "社会效益", "生态效益", "可持续影响", "服务对象满意度"]


@pytest.mark.parametrize(
    ("frequency", "amount", "required", "status"),
    [
        ("recurrent", "999.99999", False, "inferred"),
        ("recurrent", "1000", True, "stated"),
        ("recurrent", "1000.00001", True, "stated"),
        ("one_off", "1000", False, "inferred"),
        ("one_off", "2999.99999", False, "inferred"),
        ("one_off", "3000", True, "stated"),
        ("one_off", "3000.00001", True, "stated"),
    ],
)
def test_gz08_new_projects_need_an_ex_ante_assessment_from_1000_or_3000(ask, frequency, amount, required, status):
    decision = ask(
        "ex_ante_required",
        object_kind="project",
        project_nature="new",
        spending_frequency=frequency,
        amount_wan=amount,
    )

    assert (decision.outputs, decision.status) == ({"required": required}, status)


@pytest.mark.parametrize(
    ("frequency", "amount", "required", "status"),
    [
        ("recurrent", "499.99999", False, "inferred"),
        ("recurrent", "500", True, "stated"),
        ("recurrent", "500.00001", True, "stated"),
        ("one_off", "500", False, "inferred"),
        ("one_off", "999.99999", False, "inferred"),
        ("one_off", "1000", True, "stated"),
        ("one_off", "1000.00001", True, "stated"),
    ],
)
def test_gz10_new_projects_need_an_entry_review_from_500_or_1000(ask, frequency, amount, required, status):
    decision = ask("entry_review_required", project_nature="new", spending_frequency=frequency, amount_wan=amount)

    assert (decision.outputs, decision.status) == ({"required": required}, status)


@pytest.mark.parametrize("frequency", ["recurrent", "one_off", None])
def test_gz08_a_continuing_project_passes_whatever_its_amount(ask, frequency):
    decision = ask(
        "ex_ante_required",
        object_kind="project",
        project_nature="continuing",
        spending_frequency=frequency,
        amount_wan="99999",
    )

    assert (decision.outputs, decision.status) == ({"required": False}, "inferred")


@pytest.mark.parametrize(
    ("object_kind", "nature", "frequency"),
    [("project", "expiring", "recurrent"), ("policy", "new", "recurrent"), ("policy", None, None)],
)
def test_gz08_says_nothing_of_expiring_projects_or_of_policies(ask, object_kind, nature, frequency):
    assert ask(
        "ex_ante_required",
        object_kind=object_kind,
        project_nature=nature,
        spending_frequency=frequency,
        amount_wan="5000",
    ).undefined


@pytest.mark.parametrize(
    ("category", "count", "acceptable"),
    [
        ("operation_support", 3, False),
        ("operation_support", 4, True),
        ("operation_support", 5, True),
        ("development", 7, False),
        ("development", 8, True),
        ("development", 9, True),
        ("other", 1, True),
    ],
)
def test_gz05_indicators_are_counted_by_category(ask, category, count, acceptable):
    decision = ask(
        "target_quality",
        project_category=category,
        indicator_count=count,
        quantified_ratio="0.5",
        covered_kinds=ALL_KINDS,
    )

    assert decision.outputs["acceptable"] is acceptable


@pytest.mark.parametrize(("ratio", "acceptable"), [("0.4999", False), ("0.5", True), ("0.5001", True)])
@pytest.mark.parametrize("category", ["operation_support", "development", "other"])
def test_gz05_half_of_the_indicators_are_quantified(ask, category, ratio, acceptable):
    decision = ask(
        "target_quality", project_category=category, indicator_count=8, quantified_ratio=ratio, covered_kinds=ALL_KINDS
    )

    assert decision.outputs["acceptable"] is acceptable


@pytest.mark.parametrize("missing", ALL_KINDS)
def test_gz06_a_development_project_covers_every_kind(ask, missing):
    covered = [kind for kind in ALL_KINDS if kind != missing]

    decision = ask(
        "target_quality",
        project_category="development",
        indicator_count=8,
        quantified_ratio="0.5",
        covered_kinds=covered,
    )

    assert decision.outputs == {"acceptable": False, "problems": [f"没有{missing}指标"]}
    assert decision.status == "stated"


def test_gz06_four_indicators_of_operation_support_need_not_cover_seven_kinds_but_the_gaps_are_shown(ask):
    decision = ask(
        "target_quality",
        project_category="operation_support",
        indicator_count=4,
        quantified_ratio="0.75",
        covered_kinds=["产出", "成本", "社会效益", "服务对象满意度"],
    )

    assert decision.outputs["acceptable"] is True
    assert len(decision.outputs["problems"]) == 3
    assert decision.status == "default"


def test_gz05_a_stated_fault_stays_stated_beside_a_hint_nobody_signed(ask):
    decision = ask(
        "target_quality",
        project_category="operation_support",
        indicator_count=3,
        quantified_ratio="1",
        covered_kinds=["产出", "成本", "社会效益"],
    )

    assert decision.outputs["acceptable"] is False
    assert decision.status == "stated"


@pytest.mark.parametrize(
    "covered", [["产出", "成本"], ["成本", "社会效益", "经济效益"], ["产出", "社会效益", "经济效益"]]
)
def test_gz06_operation_support_needs_output_cost_and_some_effect(ask, covered):
    decision = ask(
        "target_quality",
        project_category="operation_support",
        indicator_count=4,
        quantified_ratio="1",
        covered_kinds=covered,
    )

    assert decision.outputs["acceptable"] is False


def test_every_problem_is_listed_at_once(ask):
    decision = ask(
        "target_quality", project_category="development", indicator_count=7, quantified_ratio="0.1", covered_kinds=[]
    )

    assert decision.outputs["problems"][:4] == [
        "经济和社会发展类项目的绩效指标不足8个",
        "量化指标不足50%",
        "没有产出指标",
        "没有成本指标",
    ]


@pytest.mark.parametrize("unknown", ["indicator_count", "quantified_ratio", "covered_kinds"])
def test_a_target_of_which_something_is_not_known_is_not_called_acceptable(ask, unknown):
    known = {
        "project_category": "development",
        "indicator_count": 8,
        "quantified_ratio": "0.5",
        "covered_kinds": ALL_KINDS,
    }

    assert ask("target_quality", **known | {unknown: None}).undefined


def test_a_target_without_fault_has_no_problem(ask):
    decision = ask(
        "target_quality",
        project_category="development",
        indicator_count=8,
        quantified_ratio="0.5",
        covered_kinds=ALL_KINDS,
    )

    assert decision.outputs == {"acceptable": True, "problems": []}


def test_gz11_project_targets_pass_three_gates_in_order(ask):
    decision = ask("target_review_route", object_kind="project", amount_wan="1")

    assert decision.outputs == {
        "route": "three_gate",
        "rounds": ["library_review", "joint_review", "final_after_lock"],
        "collective": False,
    }
    assert decision.status == "stated"


def test_gz11_is_about_projects_and_others_keep_the_national_default(ask):
    decision = ask("target_review_route", object_kind="whole_department", amount_wan="1")

    assert (decision.outputs["route"], decision.status) == ("single", "default")


@pytest.mark.parametrize(
    ("grade", "required", "status"),
    [
        ("优", False, "inferred"),
        ("良", False, "inferred"),
        ("中", True, "stated"),
        ("差", True, "inferred"),
    ],
)
def test_gz16_spot_reviewed_projects_graded_fair_rectify(ask, grade, required, status):
    decision = ask("rectification_required", grade=grade, evaluation_kind="spot_review")

    assert (decision.outputs, decision.status) == ({"required": required}, status)


@pytest.mark.parametrize("kind", ["key_evaluation", "whole_department"])
@pytest.mark.parametrize("grade", ["优", "良", "中", "差", None])
def test_gz16_everybody_key_evaluated_rectifies(ask, grade, kind):
    decision = ask("rectification_required", grade=grade, evaluation_kind=kind)

    assert (decision.outputs, decision.status) == ({"required": True}, "stated")


@pytest.mark.parametrize(
    ("grade", "mode", "includes_fair"),
    [("优", "guarantee", None), ("良", "normal", None), ("中", "strict", True), ("差", "cut", None)],
)
def test_gz14_below_fair_includes_fair_by_default_and_says_so(ask, grade, mode, includes_fair):
    decision = ask("budget_linkage", grade=grade, object_kind="project")

    assert decision.outputs["mode"] == mode
    assert decision.outputs["includes_fair"] is includes_fair
    assert decision.status == "default"


def test_gz15_departments_were_only_to_be_linked_later(ask):
    assert ask("budget_linkage", grade="中", object_kind="whole_department").undefined
    assert ask("quota_cut", whole_department_score="10").undefined


@pytest.mark.parametrize(
    "kind", ["key_evaluation_report", "whole_department_report", "spot_review_result", "annual_report"]
)
def test_gz17_results_are_published_only_after_the_standing_committee(ask, kind):
    decision = ask("publication_gate", document_kind=kind)

    assert decision.outputs["steps"] == ["congress", "publish"]
    assert decision.outputs["congress_first"] is True
    assert decision.outputs["government_first"] is False


def test_neither_key_monitoring_nor_filing_has_a_threshold_here(ask):
    assert ask("key_monitoring_required", amount_wan="9999", object_kind="project").undefined
    assert ask("self_evaluation_filing_required", amount_wan="9999").undefined


@pytest.mark.parametrize(
    ("kind", "grade", "required", "status"),
    [
        ("key_evaluation", "优", True, "default"),
        ("whole_department", None, True, "default"),
        ("spot_review", "中", True, "default"),
        ("spot_review", "良", None, None),
    ],
)
def test_gz16_letters_that_demand_rectification_are_signed_by_a_leader_as_we_read_it(
    ask, kind, grade, required, status
):
    known = {} if grade is None else {"grade": grade}

    decision = ask("letter_signature", evaluation_kind=kind, **known)

    assert (decision.outputs, decision.status) == ({"required": required}, status)
