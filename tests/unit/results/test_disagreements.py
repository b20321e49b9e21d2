"""Published figures beside computed ones: 花溪 2021 as it was printed."""

from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

import pytest

from engine.errors import DefinitionError, InvalidInput
from engine.rehearsal.inputs import Published, read_departments, read_projects, read_published
from engine.results import (
    Money,
    disagreements,
    figures,
    figures_of,
    grade_disagreements,
    year_statistics,
)
from engine.results.disagreements import measures, measures_in, passed_over
from engine.scoring import combine_lines

DATA = Path(__file__).resolve().parents[3] / "data"
FUNDS = Published("花溪区", "2021", "重点项目评价涉及资金总额（原文）", "9299", D(9299), "万元")


@pytest.fixture
def huaxi() -> dict[str, D]:
    departments = read_departments(DATA / "huaxi_2021_departments.csv")
    return figures(year_statistics(departments, read_projects(DATA / "huaxi_2021_projects.csv")))


def huaxi_grade(score: D) -> str | None:
    return "优" if score >= 90 else "良" if score >= 80 else None


def test_a_grade_nobody_has_counts_as_none(huaxi: dict[str, D]) -> None:
    grades = {name: value for name, value in huaxi.items() if name.startswith("departments.grade.")}

    assert grades == {
        "departments.grade.优": 28,
        "departments.grade.良": 39,
        "departments.grade.中": 0,
        "departments.grade.低": 0,
        "departments.grade.差": 0,
    }


def test_huaxi_2021_disagrees_with_itself_in_one_place_and_holds_in_another_only_if_a_bound_counts(
    huaxi: dict[str, D],
) -> None:
    published = figures_of(read_published(DATA / "seed_aggregates.csv"), "花溪区", 2021)

    comparison = disagreements(published, huaxi)

    assert [each.as_json() for each in comparison.disagreements] == [
        {
            "measure": "重点项目评价涉及资金总额（原文）",
            "published": "9299",
            "computed": "9298.22276",
            "note": "按原文位数四舍五入为 9298，与原文 9299 不一致，差 0.77724。",
            "kind": "differs",
        },
    ]
    assert [each.as_json() for each in comparison.remarks] == [
        {
            "measure": "绩效自评得分下限（原文）",
            "published": "83",
            "computed": "83",
            "note": "最低正好是 83，“以上”包含本数时原文才成立。",
            "kind": "only_if_inclusive",
        },
    ]
    assert len(comparison.agreed) == 15
    assert comparison.not_computed == ()
    assert comparison.unknown == (
        "编制部门整体绩效目标的区级一级预算部门",
        "编制绩效目标的项目",
        "项目绩效目标涉及资金",
    )
    assert len(published) == 19


def test_every_published_figure_is_accounted_for(huaxi: dict[str, D]) -> None:
    published = read_published(DATA / "seed_aggregates.csv")

    comparison = disagreements(published, huaxi)

    parts = (comparison.disagreements, comparison.agreed, comparison.not_computed, comparison.unknown)
    assert sum(len(part) for part in parts) == len(published) == 165


def test_printed_decimals_decide_how_exact_a_figure_must_be(huaxi: dict[str, D]) -> None:
    for text, count in (("9298", 0), ("9298.2", 0), ("9298.22", 0), ("9298.23", 1), ("9298.22276", 0), ("9298.0", 1)):
        comparison = disagreements([replace(FUNDS, value=text, number=D(text))], huaxi)
        assert len(comparison.disagreements) == count, text


def test_yi_yuan_and_wan_yuan_are_the_same_money(huaxi: dict[str, D]) -> None:
    assert disagreements([replace(FUNDS, value="0.93", number=D("0.93"), unit="亿元")], huaxi).disagreements == ()


def test_a_unit_that_cannot_be_compared_is_said(huaxi: dict[str, D]) -> None:
    (found,) = disagreements([replace(FUNDS, unit="个")], huaxi).disagreements

    assert found.kind == "unit"


def test_a_known_measure_that_is_no_number_is_refused(huaxi: dict[str, D]) -> None:
    with pytest.raises(InvalidInput, match="应是数字"):
        disagreements([replace(FUNDS, number=None, value="2020-07-21")], huaxi)


@pytest.mark.parametrize(("published", "kind"), [("82", None), ("84", "differs")])
def test_a_lower_bound_holds_above_and_fails_below(huaxi: dict[str, D], published: str, kind: str | None) -> None:
    figure = replace(FUNDS, measure="绩效自评得分下限（原文）", unit="分", value=published, number=D(published))

    found = disagreements([figure], huaxi).disagreements

    assert [each.kind for each in found] == ([kind] if kind else [])


def test_at_exactly_the_bound_there_is_a_remark_and_no_disagreement(huaxi: dict[str, D]) -> None:
    figure = replace(FUNDS, measure="绩效自评得分下限（原文）", unit="分", value="83", number=D(83))

    comparison = disagreements([figure], huaxi)

    assert (comparison.disagreements, [each.kind for each in comparison.remarks]) == ((), ["only_if_inclusive"])


@pytest.mark.parametrize("written", ["部门整体评价最髙分", "部门整体评价最高分数", "部门整体评价 最高"])
def test_a_measure_that_may_be_misspelt_is_named_with_the_one_it_is_like(huaxi: dict[str, D], written: str) -> None:
    (remark,) = disagreements([replace(FUNDS, measure=written)], huaxi).remarks

    assert (remark.measure, remark.kind) == (written, "unknown_measure")
    assert "“部门整体评价最高分”" in remark.note


def test_no_measure_of_the_published_reports_is_taken_for_misspelt(huaxi: dict[str, D]) -> None:
    remarks = disagreements(read_published(DATA / "seed_aggregates.csv"), huaxi).remarks

    assert [each.kind for each in remarks] == ["only_if_inclusive"]


def test_a_jurisdiction_may_be_written_short_and_one_misspelt_is_named() -> None:
    short, misspelt = replace(FUNDS, jurisdiction="花溪"), replace(FUNDS, jurisdiction="花西区")

    assert figures_of([short, misspelt], "花溪区", 2021) == (short,)
    assert [each.kind for each in passed_over([short, misspelt], "花溪区", 2021)] == ["unknown_jurisdiction"]
    assert [each.kind for each in passed_over([short], "花溪区", 2022)] == ["nothing_published"]
    assert passed_over([], "花溪区", 2022) == ()


def test_conghuas_ratios_and_buckets_are_comparable_when_the_rows_are_there() -> None:
    money = [Money(D(100), D(100))] * 4 + [Money(D(100), D(95))] * 5 + [Money(D(100), D("65.3"))]
    computed = figures(year_statistics(project_money=money))
    published = figures_of(read_published(DATA / "seed_aggregates.csv"), "从化区", 2020)

    comparison = disagreements(published, computed)

    assert comparison.disagreements == ()
    assert comparison.agreed == (
        "重点评价项目总体预算完成率",
        "重点评价预算完成率100%的项目",
        "重点评价预算完成率90%以上的项目",
        "重点评价预算完成率90%以下的项目",
    )


def test_every_measure_names_a_figure_that_can_be_computed(huaxi: dict[str, D]) -> None:
    with_money = figures(
        year_statistics(department_money=[Money(D(1), D(1))], project_money=[Money(D(1), D(1))])
    ) | huaxi  # fmt: skip

    assert {measure.figure for measure in measures().values()} <= set(with_money)


def test_all_96_printed_grades_fit_the_table() -> None:
    departments = read_departments(DATA / "huaxi_2021_departments.csv")
    projects = combine_lines(read_projects(DATA / "huaxi_2021_projects.csv")).projects
    rows = [(unit.unit, unit.score, unit.grade) for unit in departments]
    rows += [(project.name, project.third_party_score, project.grade) for project in projects]

    assert len(rows) == 96
    assert grade_disagreements(rows, huaxi_grade) == ()


def test_a_grade_that_does_not_fit_or_is_not_laid_down_is_named() -> None:
    wrong, unknown = grade_disagreements([("甲局", D("89.6"), "优"), ("乙局", D("79.99"), "中")], huaxi_grade)

    assert (wrong.measure, wrong.published, wrong.computed, wrong.kind) == ("甲局的等级", "优", "良", "grade")
    assert (unknown.computed, unknown.kind) == ("本区未规定", "undefined_grade")


@pytest.mark.parametrize("entries", [[{"name": "甲"}, {"name": "甲"}], [{"name": "甲", "compare": "by_eye"}]])
def test_a_measure_named_twice_or_compared_in_an_unknown_way_is_refused(entries: list[dict[str, str]]) -> None:
    with pytest.raises(DefinitionError, match="“甲”重复或比较方式无效"):
        measures_in({"measures": [{"figure": "projects.count", "unit": "个"} | entry for entry in entries]})
