"""A number no table reads is refused with its right spelling, never read as something else; 50 is no rate."""

import pytest

from engine.errors import EngineError
from engine.findings import Finding
from engine.policies import Policies, decide_json
from engine.policies.compiler import compile_sheet
from engine.policies.dmn import read_sheet
from engine.policies.kinds import Kind
from engine.policies.sfeel import BadCell, compile_cell
from tests.unit.policies.tables import dmn

TYPED = {
    "1,000": "1000",
    ">= 1,234,567.5": ">= 1234567.5",
    "1，000": "1000",
    "１０００": "1000",
    "＞＝２００": ">=200",
    "50%": "0.5",
    "< 97.5％": "< 0.975",
    "200万元": "200",
    ">= 200万": ">= 200",
    "≥200": ">= 200",
    "200以上": ">= 200",
    "200万元（含）以上": ">= 200",
    "不低于 60": ">= 60",
    "[80,000..90,000)": "[80000..90000)",
}


@pytest.mark.parametrize(("typed", "written"), TYPED.items())
def test_a_cell_is_refused_with_the_spelling_a_table_reads(typed: str, written: str) -> None:
    with pytest.raises(BadCell) as refused:
        compile_cell(typed, Kind.NUMBER)

    assert refused.value.remedy.startswith(f"请写成：{written}；")
    assert compile_cell(written, Kind.NUMBER).matches is not None


@pytest.mark.parametrize(
    "cell", ["200, 300", "1, 2, 3", "200,30", "[0.25..1)", "-5", "< 0.33", "null", "not(null)", "-"]
)
def test_what_a_table_reads_stays_as_it_is(cell: str) -> None:
    assert compile_cell(cell, Kind.NUMBER).text == cell


@pytest.mark.parametrize("word", ['"2020,000"', '"50%"', '"200万元以上"'])
def test_words_are_nobodys_numbers(word: str) -> None:
    assert compile_cell(word, Kind.WORD).words == {word.strip('"')}


@pytest.mark.parametrize(("typed", "written"), [("5%", "0.05"), ("0.0５", "0.05")])
def test_a_result_is_refused_with_its_spelling_too(typed: str, written: str) -> None:
    findings: list[Finding] = []
    sheet = read_sheet("quota_cut.dmn", dmn("quota_cut", [(("< 70",), (typed, ""))]), findings)
    assert sheet is not None

    compile_sheet(sheet, "national", findings)

    assert [f"请写成{written}" in each.message for each in findings] == [True]


@pytest.mark.parametrize(
    ("decision", "inputs", "written"),
    [
        ("supplement_allowed", {"execution_rate": "50", "time_progress": "0.5"}, "50%请写0.5"),
        ("supplement_allowed", {"execution_rate": 0.5, "time_progress": 58.33}, "58.33%请写0.5833"),
        ("monitoring_light", {"execution_rate": 0.5, "time_progress": 0.5, "achievement_rate": 86}, "86%请写0.86"),
    ],
)
def test_per_cent_typed_for_a_rate_is_refused_with_the_fraction(
    policies: Policies, decision: str, inputs: dict[str, object], written: str
) -> None:
    with pytest.raises(EngineError, match=written):
        decide_json(policies, "haicang", decision, inputs)


def test_more_than_the_whole_budget_may_be_asked_about(policies: Policies) -> None:
    answer = decide_json(policies, "haicang", "supplement_allowed", {"execution_rate": "1.2", "time_progress": "1"})

    assert answer["outputs"]["allowed"] is True
