"""原文 is what the text says; what is read into it is named, and of what it is not about nothing is laid down."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from engine.findings import Finding
from engine.moves.facts import decide_for
from engine.policies import Policies, decide_json
from engine.policies.check import check_table
from engine.policies.compiler import compile_sheet
from engine.policies.dmn import read_sheet
from tests.unit.policies.tables import NOTES, compiled, dmn
from web.answers import decision_words

TODAY = date(2022, 10, 12)
ROW = [(("< 70",), ("0.05", ""))]


def faults(content: bytes) -> list[str]:
    findings: list[Finding] = []
    sheet = read_sheet("quota_cut.dmn", content, findings)
    assert sheet is not None
    table = compile_sheet(sheet, "national", findings)
    return [each.message for each in (*findings, *(check_table(table) if table else ()))]


def asked(policies: Policies, place: str, decision: str, kind: str, **inputs: Any) -> bool:
    """Whether something is laid down about an object of that kind."""
    case: Any = SimpleNamespace(object_kind=kind, fiscal_year=2021, amount_wan=500, facts=inputs)
    return not decide_for(case, policies.of(place), decision, {}, TODAY).undefined


@pytest.mark.parametrize(
    ("place", "decision"), [("conghua", "self_evaluation_filing_required"), ("guangzhou", "entry_review_required")]
)
def test_a_text_about_projects_lays_nothing_down_about_others(policies: Policies, place: str, decision: str) -> None:
    known = {"project_nature": "new", "spending_frequency": "recurrent"}

    assert [asked(policies, place, decision, kind, **known) for kind in ("project", "policy", "whole_department")] == [
        True,
        False,
        False,
    ]


def test_whoever_asks_without_an_object_is_told_what_the_text_says(policies: Policies) -> None:
    answer = decide_json(policies, "conghua", "self_evaluation_filing_required", {"amount_wan": 200})

    assert answer["outputs"] == {"required": True}


def test_only_a_table_without_a_column_for_it_says_what_it_is_about() -> None:
    about = b'hitPolicy="UNIQUE" xmlns:j="urn:jixiao:tables" j:covers="project"'
    wrong = about.replace(b"project", b"projects")

    assert faults(dmn("quota_cut", ROW).replace(b'hitPolicy="UNIQUE"', about)) == []
    assert faults(dmn("quota_cut", ROW).replace(b'hitPolicy="UNIQUE"', wrong)) == ["covers写的“projects”不能用"]


@pytest.mark.parametrize(
    ("place", "decision", "inputs", "reading"),
    [
        ("conghua", "quota_cut", {"whole_department_score": 69}, "读作2021年7月起（默认值，待签核）"),
        ("jianghan", "ex_ante_required", {"object_kind": "project", "amount_wan": 200}, "即读作“重大”（由数据推定"),
        ("huaxi", "key_evaluation_candidate", {"object_kind": "project", "amount_wan": 50}, "读作各年度照此"),
    ],
)
def test_the_answer_says_what_of_it_is_read_into_the_text(
    policies: Policies, place: str, decision: str, inputs: dict[str, Any], reading: str
) -> None:
    answer = decide_json(policies, place, decision, inputs)

    assert answer["status"] == "stated"
    assert reading in answer["reading"]
    assert f"读法 {answer['reading']}" in decision_words(answer)


def test_check_finds_a_row_that_calls_its_own_reading_stated() -> None:
    source = {"依据": "HX-14 测试（默认按1月1日起算）"}
    named = {"读法": "default 施行日默认按1月1日起算"}

    assert faults(dmn("quota_cut", ROW, notes=NOTES | source)) == ["依据里有读法或默认，状态却只写原文"]
    assert faults(dmn("quota_cut", ROW, notes=NOTES | source | named)) == []


@pytest.mark.parametrize("told", ["stated 原文", "default", "施行日默认"])
def test_a_reading_says_whether_it_is_inferred_or_a_default_and_how_it_is_read(told: str) -> None:
    assert faults(dmn("quota_cut", ROW, notes=NOTES | {"读法": told})) == ["“读法”读不懂"]


def test_a_table_of_an_earlier_release_names_no_reading_and_is_about_everything() -> None:
    table = compiled(dmn("quota_cut", ROW), "quota_cut")

    assert (table.rows[0].reading, table.is_about("policy")) == (None, True)
