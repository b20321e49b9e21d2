"""A year's statistics as named figures, the names by which published measures are looked up in measures.toml."""

from decimal import Decimal

from engine.results.statistics import (
    CompletionStatistics,
    DepartmentStatistics,
    GradeStatistics,
    ProjectStatistics,
    YearStatistics,
)
from engine.scoring.numbers import HUNDRED
from engine.words import Grade

Figures = dict[str, Decimal]


def figures(year: YearStatistics) -> Figures:
    """Name → value: counts, 万元, points, and percentages as 30 for 30 %; only what the year's rows can tell."""
    named: Figures = {}
    if year.departments:
        named |= _of_departments(year.departments)
    if year.projects:
        named |= _of_projects(year.projects)
    if year.department_money:
        named |= _of_money("departments", year.department_money)
    if year.project_money:
        named |= _of_money("projects", year.project_money)
    return named


def _of_departments(departments: DepartmentStatistics) -> Figures:
    return {
        **_of_grades("departments", departments.grades),
        "departments.max": departments.highest,
        "departments.min": departments.lowest,
        **{f"departments.kind.{kind}": Decimal(count) for kind, count in departments.kinds.items()},
    }


def _of_projects(projects: ProjectStatistics) -> Figures:
    combination = projects.combination
    named = {
        **_of_grades("projects", projects.grades),
        "projects.fund_lines": Decimal(combination.fund_lines),
        "projects.funds_wan": combination.funds_wan,
        "projects.min_self_score": projects.lowest_self_score,
        "projects.mean_self_minus_third_party": combination.mean_self_minus_third_party,
    }
    names = [project.name for project in combination.projects]
    for project in combination.projects:
        if names.count(project.name) > 1:
            continue  # a name several projects share names none of them
        named[f"project.{project.name}.funds_wan"] = project.funds_wan
        named[f"project.{project.name}.score"] = project.third_party_score
    return named


def _of_grades(prefix: str, grades: GradeStatistics) -> Figures:
    return {
        f"{prefix}.count": Decimal(grades.count),
        f"{prefix}.good_ratio": grades.good_ratio * HUNDRED,
        **{f"{prefix}.grade.{grade}": Decimal(grades.grades.get(grade, 0)) for grade in Grade},
    }


def _of_money(prefix: str, money: CompletionStatistics) -> Figures:
    return {
        f"{prefix}.completion_rate": money.rate * HUNDRED,
        f"{prefix}.completion_full": Decimal(money.full),
        f"{prefix}.completion_from_ninety": Decimal(money.from_ninety),
        f"{prefix}.completion_below_ninety": Decimal(money.below_ninety),
    }
