"""江汉区: 200 万元 for ex-ante, three modes of linkage, feedback letters."""

import pytest

JURISDICTION = "jianghan"


@pytest.mark.parametrize("object_kind", ["project", "policy"])
@pytest.mark.parametrize("nature", ["new", "continuing", "expiring"])
@pytest.mark.parametrize(
    ("amount", "required", "status"),
    [("199.99999", False, "inferred"), ("200", True, "stated"), ("200.00001", True, "stated")],
)
def test_jh03_policies_and_projects_from_200_are_assessed(ask, object_kind, nature, amount, required, status):
    decision = ask(
        "ex_ante_required",
        object_kind=object_kind,
        project_nature=nature,
        spending_frequency="recurrent",
        amount_wan=amount,
    )

    assert (decision.outputs, decision.status) == ({"required": required}, status)


def test_jh03_is_not_about_whole_departments(ask):
    assert ask("ex_ante_required", object_kind="whole_department", amount_wan="9999").undefined


@pytest.mark.parametrize(("grade", "mode"), [("优", "guarantee"), ("良", "guarantee"), ("中", "strict"), ("差", "cut")])
def test_jh12_names_three_modes_and_their_grades_are_our_default(ask, grade, mode):
    decision = ask("budget_linkage", grade=grade, object_kind="project")

    assert (decision.outputs["mode"], decision.status) == (mode, "default")
    assert "与等级的对应原文未载" in decision.source


@pytest.mark.parametrize("grade", ["优", "差"])
def test_jh15_every_evaluated_unit_rectifies(ask, grade):
    decision = ask("rectification_required", grade=grade, evaluation_kind="key_evaluation")

    assert (decision.outputs, decision.status) == ({"required": True}, "stated")


@pytest.mark.parametrize("kind", ["key_evaluation_report", "whole_department_report"])
def test_jh17_evaluations_are_published_without_a_written_gate(ask, kind):
    decision = ask("publication_gate", document_kind=kind)

    assert decision.outputs["steps"] == ["publish"]
    assert decision.outputs["congress_first"] is False


def test_jh07_key_monitoring_is_a_list_without_a_threshold(ask):
    assert ask("key_monitoring_required", amount_wan="9999", object_kind="project").undefined
