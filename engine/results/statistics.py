"""The year in figures (CH-15): counts by grade, 优良率, 完成率 as ΣB/ΣA, projects by project and money by line.

Everything is computed from plain rows and stays unrounded; whoever prints a figure rounds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from engine.scoring import Combination, FundLine, ImpossibleNumber, NothingToCount, combine_lines, plain, rounded
from engine.scoring.numbers import HUNDRED, ONE, ZERO, bounded
from engine.words import Grade

NINE_TENTHS = Decimal("0.9")

# How a unit's name tells its kind (花溪 2021: 54 部门, 9 乡镇, 4 街道办); anything else is a department.
KIND_BY_ENDING = {"街道办事处": "街道办", "镇人民政府": "乡镇", "乡人民政府": "乡镇"}
DEPARTMENT_KIND = "部门"
KINDS_OF_UNITS = (DEPARTMENT_KIND, *dict.fromkeys(KIND_BY_ENDING.values()))


class DepartmentResult(Protocol):
    """One unit's whole-department result."""

    @property
    def unit(self) -> str: ...
    @property
    def score(self) -> Decimal: ...
    @property
    def grade(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Money:
    """全年预算数 A and 全年执行数 B of one object, 万元."""

    annual_budget_wan: Decimal
    executed_amount_wan: Decimal


@dataclass(frozen=True, slots=True)
class GradeStatistics:
    """Counts by grade, best first; 优良率 = (优+良)/n."""

    count: int
    grades: Mapping[str, int]
    good_ratio: Decimal


@dataclass(frozen=True, slots=True)
class CompletionStatistics:
    """总体预算完成率 = ΣB/ΣA and the three buckets, whose counts sum to n; above 100 % counts as full."""

    count: int
    rate: Decimal
    full: int
    from_ninety: int
    below_ninety: int


@dataclass(frozen=True, slots=True)
class DepartmentStatistics:
    """Whole-department results of a year."""

    grades: GradeStatistics
    highest: Decimal
    lowest: Decimal
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ProjectStatistics:
    """Project results of a year: counted by project, money by line (HX-16)."""

    combination: Combination
    grades: GradeStatistics
    lowest_self_score: Decimal


@dataclass(frozen=True, slots=True)
class YearStatistics:
    """What a year adds up to; a part without rows is None."""

    departments: DepartmentStatistics | None
    projects: ProjectStatistics | None
    department_money: CompletionStatistics | None = None
    project_money: CompletionStatistics | None = None

    def as_json(self) -> dict[str, Any]:
        """The `departments` and `projects` of a rehearsal's JSON; amounts and scores as decimal text.

        A part without rows has count 0 and null figures. The mean is rounded half up to two decimals.
        """
        return {"departments": _departments_json(self.departments), "projects": _projects_json(self.projects)}


def grade_statistics(grades: Iterable[str]) -> GradeStatistics:
    """Counts and 优良率 of at least one grade; grades outside 优良中低差 follow in the order they appear."""
    counted: dict[str, int] = {}
    for grade in grades:
        counted[grade] = counted.get(grade, 0) + 1
    if not counted:
        raise NothingToCount("没有任何等级，无法统计优良率。")
    known = [grade.value for grade in Grade]
    order = [grade for grade in known if grade in counted] + [grade for grade in counted if grade not in known]
    count = sum(counted.values())
    good = sum(counted.get(grade, 0) for grade in Grade if grade.is_good)
    return GradeStatistics(count, {grade: counted[grade] for grade in order}, Decimal(good) / count)


def completion_statistics(amounts: Sequence[Money]) -> CompletionStatistics:
    """总体预算完成率 and buckets; refuses an object without a budget, whose rate means nothing."""
    if not amounts:
        raise NothingToCount("没有任何预算和执行数，无法统计预算完成率。")
    for money in amounts:
        if bounded(money.annual_budget_wan, "全年预算数") == 0:
            raise ImpossibleNumber("全年预算数为 0 的对象不适用预算完成率，请先剔除并单独说明。")
        bounded(money.executed_amount_wan, "全年执行数")
    rates = [money.executed_amount_wan / money.annual_budget_wan for money in amounts]
    full = sum(rate >= ONE for rate in rates)
    from_ninety = sum(NINE_TENTHS <= rate < ONE for rate in rates)
    return CompletionStatistics(
        count=len(amounts),
        rate=sum((money.executed_amount_wan for money in amounts), ZERO)
        / sum((money.annual_budget_wan for money in amounts), ZERO),
        full=full,
        from_ninety=from_ninety,
        below_ninety=len(amounts) - full - from_ninety,
    )


def year_statistics(
    departments: Iterable[DepartmentResult] = (),
    lines: Iterable[FundLine] = (),
    *,
    department_money: Sequence[Money] = (),
    project_money: Sequence[Money] = (),
) -> YearStatistics:
    """The aggregates of one year's results."""
    units, fund_lines = tuple(departments), tuple(lines)
    return YearStatistics(
        departments=_department_statistics(units) if units else None,
        projects=_project_statistics(fund_lines) if fund_lines else None,
        department_money=completion_statistics(department_money) if department_money else None,
        project_money=completion_statistics(project_money) if project_money else None,
    )


def kind_of_unit(name: str) -> str:
    """部门, 乡镇 or 街道办, by how the name ends."""
    return next((kind for ending, kind in KIND_BY_ENDING.items() if name.endswith(ending)), DEPARTMENT_KIND)


def _department_statistics(units: tuple[DepartmentResult, ...]) -> DepartmentStatistics:
    for unit in units:
        if bounded(unit.score, "得分") > HUNDRED:
            raise ImpossibleNumber(f"“{unit.unit}”的得分 {plain(unit.score)} 超过 100。", unit=unit.unit)
    kinds = dict.fromkeys((DEPARTMENT_KIND, *KIND_BY_ENDING.values()), 0)
    for unit in units:
        kinds[kind_of_unit(unit.unit)] += 1
    scores = [unit.score for unit in units]
    return DepartmentStatistics(grade_statistics(unit.grade for unit in units), max(scores), min(scores), kinds)


def _project_statistics(lines: tuple[FundLine, ...]) -> ProjectStatistics:
    combination = combine_lines(lines)
    grades = grade_statistics(project.grade for project in combination.projects)
    return ProjectStatistics(combination, grades, min(line.self_score for line in lines))


def _departments_json(statistics: DepartmentStatistics | None) -> dict[str, Any]:
    if statistics is None:
        return {"count": 0, "grades": {}, "max": None, "min": None}
    return {
        "count": statistics.grades.count,
        "grades": dict(statistics.grades.grades),
        "max": str(statistics.highest),
        "min": str(statistics.lowest),
    }


def _projects_json(statistics: ProjectStatistics | None) -> dict[str, Any]:
    if statistics is None:
        return {"count": 0, "fund_lines": 0, "funds_wan": "0", "grades": {}, "mean_self_minus_third_party": None}
    combination = statistics.combination
    return {
        "count": statistics.grades.count,
        "fund_lines": combination.fund_lines,
        "funds_wan": plain(combination.funds_wan),
        "grades": dict(statistics.grades.grades),
        "mean_self_minus_third_party": str(rounded(combination.mean_self_minus_third_party)),
        "self_score_method": combination.method,
    }
