"""花溪区: 90 and 80 read off its result tables, 50 万元, and nothing at all below 80."""

import csv
from decimal import Decimal

import pytest

JURISDICTION = "huaxi"


@pytest.mark.parametrize("object_kind", ["project", "whole_department"])
@pytest.mark.parametrize(
    ("score", "grade"), [("100", "优"), ("90.01", "优"), ("90", "优"), ("89.99", "良"), ("80.01", "良"), ("80", "良")]
)
def test_hx14_grades_are_inferred_from_the_result_tables(ask, score, grade, object_kind):
    decision = ask("grade", score=score, object_kind=object_kind)

    assert (decision.outputs, decision.status) == ({"grade": grade}, "inferred")
    assert "HX-14" in decision.source


@pytest.mark.parametrize("score", ["79.99", "70", "60", "59.99", "0"])
def test_hx14_below_80_no_grade_is_laid_down_and_none_is_borrowed(ask, score):
    decision = ask("grade", score=score, object_kind="project")

    assert decision.undefined
    assert decision.outputs == {"grade": None}
    assert decision.layer == "huaxi"


@pytest.mark.parametrize("file", ["huaxi_2021_departments.csv", "huaxi_2021_projects.csv"])
def test_hx14_every_published_grade_is_the_one_of_the_table(ask, bpmn, file):
    with (bpmn.parent / "data" / file).open(encoding="utf-8", newline="") as rows:
        published = list(csv.DictReader(rows))

    for row in published:
        score = row.get("score") or row.get("third_party_score")
        assert ask("grade", score=score, object_kind="project").outputs["grade"] == row["grade"]


@pytest.mark.parametrize(
    ("amount", "candidate", "status"),
    [("49.99999", False, "inferred"), ("50", True, "stated"), ("50.00001", True, "stated")],
)
def test_hx08_projects_from_50_are_evaluated(ask, amount, candidate, status):
    decision = ask("key_evaluation_candidate", amount_wan=amount, object_kind="project", marks=[])

    assert decision.outputs["candidate"] is candidate
    assert decision.status == status


def test_hx16_the_amount_is_that_of_the_project_not_of_its_smallest_fund_line(ask):
    lines = [Decimal("12"), Decimal("3"), Decimal("105.4"), Decimal("199.6")]

    decision = ask("key_evaluation_candidate", amount_wan=sum(lines), object_kind="project", marks=[])

    assert decision.outputs["candidate"]


def test_hx17_a_small_project_of_great_concern_is_left_to_people(ask):
    assert ask("key_evaluation_candidate", amount_wan="49", object_kind="project", marks=["public_attention"]).undefined


def test_hx07_every_department_is_evaluated(ask):
    decision = ask("key_evaluation_candidate", amount_wan="1", object_kind="whole_department", marks=[])

    assert decision.outputs["candidate"]
    assert decision.status == "stated"


def test_hx13_self_evaluation_reports_go_to_congress_with_the_accounts(ask):
    assert ask("publication_gate", document_kind="self_evaluation_report").outputs == {
        "steps": ["congress", "with_accounts", "publish"],
        "government_first": False,
        "executive_meeting": False,
        "congress_first": True,
    }


@pytest.mark.parametrize("kind", ["key_evaluation_report", "whole_department_report", "spot_review_result"])
def test_how_evaluation_reports_are_published_is_not_laid_down(ask, kind):
    assert ask("publication_gate", document_kind=kind).undefined


def test_results_are_linked_and_rectified_by_the_national_default_and_say_so(ask):
    linkage = ask("budget_linkage", grade="良", object_kind="project")
    rectification = ask("rectification_required", grade="良", evaluation_kind="key_evaluation")

    assert (linkage.outputs["mode"], linkage.status, linkage.layer) == ("normal", "default", "national")
    assert (rectification.outputs, rectification.status) == ({"required": True}, "default")


@pytest.mark.parametrize(
    ("decision", "inputs"),
    [
        (
            "ex_ante_required",
            {"object_kind": "policy", "project_nature": "new", "spending_frequency": "one_off", "amount_wan": "9999"},
        ),
        ("key_monitoring_required", {"amount_wan": "9999", "object_kind": "project"}),
        ("self_evaluation_filing_required", {"amount_wan": "9999"}),
        ("spot_review_pool", {"amount_wan": "9999", "object_kind": "project", "marks": []}),
        ("overachievement_flag", {"completion_ratio": "9"}),
        ("quota_cut", {"whole_department_score": "10"}),
        ("budget_linkage", {"grade": "良", "object_kind": "whole_department"}),
    ],
)
def test_what_the_report_does_not_lay_down_is_undefined(ask, decision, inputs):
    assert ask(decision, **inputs).undefined
