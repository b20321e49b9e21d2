"""The forms under the decision tables of the five jurisdictions: asked as the tables want to be asked."""

import dataclasses
from pathlib import Path

import pytest

from engine.findings import FormFinding
from engine.policies import Policies, load_policies
from engine.submissions.forms import FORMS, check
from tests.factories_forms import context_for, valid_content

BPMN = Path(__file__).resolve().parents[3] / "bpmn"


@pytest.fixture(scope="module")
def policies() -> Policies:
    return load_policies(BPMN)


def findings(policies: Policies, jurisdiction: str, code: str, **changes: object) -> list[FormFinding]:
    """What is found in a form under the real tables of a jurisdiction."""
    context = context_for(code, jurisdiction=jurisdiction)
    context = dataclasses.replace(context, decide=policies.of(jurisdiction).decide)
    return check(FORMS[code], valid_content(code, **changes), context)


@pytest.mark.parametrize("code", sorted(FORMS))
@pytest.mark.parametrize("jurisdiction", ["conghua", "huaxi", "haicang", "guangzhou", "jianghan"])
def test_no_table_refuses_the_question_a_form_asks(policies: Policies, jurisdiction: str, code: str) -> None:
    assert all(finding.source for finding in findings(policies, jurisdiction, code))


@pytest.mark.parametrize("code", sorted(FORMS))
def test_every_valid_form_can_be_handed_in_at_huaxi(policies: Policies, code: str) -> None:
    assert [finding.message for finding in findings(policies, "huaxi", code) if finding.stops] == []


def test_guangzhou_stops_a_development_project_without_every_kind_of_indicator(policies: Policies) -> None:
    (finding,) = [f for f in findings(policies, "guangzhou", "F02") if f.stops]

    assert finding.severity == "error"
    assert "没有经济效益指标" in finding.message
    assert "GZ-06" in finding.source


def test_conghua_monitors_the_first_half_year(policies: Policies) -> None:
    (finding,) = [f for f in findings(policies, "conghua", "F05") if f.field == "cutoff_month"]

    assert finding.status == "inferred"
    assert "CH-06" in finding.source


def test_haicang_says_that_supplements_are_blocked_behind_time(policies: Policies) -> None:
    changes = {"funds.total.executed_amount_wan": "60", "funds.fiscal.executed_amount_wan": "55"}

    found = findings(policies, "haicang", "F05", **changes)

    assert [f.source[:5] for f in found if f.field == "funds.execution_rate"] == ["HC-08"]
