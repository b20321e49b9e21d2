"""What goes through the rehearsed year: one case for each department or project of the input files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from engine.rehearsal.inputs import Department, ProjectLine
from engine.rehearsal.plan import dice, habits
from engine.words import CaseKind, Mark

_NEVER_DRAWN = {
    Mark.CONGRESS_REVIEW,
    Mark.MONITORING_CANDIDATE,
    Mark.EXPIRING_FUND,
    Mark.SIX_PRIORITIES,
    Mark.MAJOR_INFRASTRUCTURE,
    Mark.KEY_LIVELIHOOD,
    Mark.CONGRESS_ITEM,
}
"""What no rehearsed project is marked with by chance: one year's lists, and plans of one place."""

EXAMPLE_DEPARTMENT = "示例主管部门"
EXAMPLE_UNITS = ("示例单位甲", "示例单位乙", "示例单位丙", "示例单位丁")
EXAMPLE_AGENCY = "示例机构"
CENT = Decimal("0.01")
FULL_MARKS = Decimal(100)


@dataclass(frozen=True, slots=True)
class Money:
    """One fund line as the files have it: name, amount in 万元, and the line's own self score."""

    name: str
    amount_wan: Decimal
    self_score: Decimal


@dataclass(frozen=True, slots=True)
class Subject:
    """One object with the scores its people give it; `published_grade` is only compared, never used as a result.

    `department` names the unit above its unit, if there is one. `held` are steps (process.element) nobody touches
    before a day and that are done on it, `returned` steps that end with a return the first time, with these `remarks`;
    `slips` are cells of indicators (row id → cells) that are wrong in what is handed in first.
    Around an `exemplary` object nobody is ever late, returns or takes back anything. A rehearsal uses none of these,
    the demo does.
    """

    kind: CaseKind
    code: str
    name: str
    unit: str
    department: str | None
    agency: str
    fiscal_year: int
    lines: Sequence[Money]
    third_party_score: Decimal
    published_grade: str
    facts: Mapping[str, Any]
    held: Mapping[str, date] = field(default_factory=dict)
    returned: frozenset[str] = frozenset()
    remarks: Sequence[Mapping[str, Any]] = ()
    slips: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exemplary: bool = False

    @property
    def self_score(self) -> Decimal:
        """What its people give themselves: the mean of the lines, to the cent."""
        whole = sum((line.self_score for line in self.lines), Decimal(0)) / len(self.lines)
        return whole.quantize(CENT, ROUND_HALF_UP)

    @property
    def is_whole_department(self) -> bool:
        return self.kind is CaseKind.WHOLE_DEPARTMENT


def led_by_department(subject: Subject, seed: int) -> bool:
    """Whether the department above a project leads its evaluation; where there is none finance does (HC-14)."""
    chance = dice(seed, subject.fiscal_year, subject.code, "organizer")
    return subject.department is not None and chance.random() < habits().department_led


def subjects_of(
    departments: Iterable[Department], projects: Iterable[ProjectLine], fiscal_year: int, seed: int
) -> list[Subject]:
    """The cases of a year, in the order of the files.

    Which unit holds a project is not published: projects go to example units. A department's budget and self score
    are not published either, nor are the marks of a project: they are examples that depend on the seed.
    """
    return [*_departments(departments, fiscal_year, seed), *_projects(projects, fiscal_year, seed)]


def _departments(departments: Iterable[Department], fiscal_year: int, seed: int) -> list[Subject]:
    found = []
    for number, row in enumerate(departments, start=1):
        chance = dice(seed, "department", row.unit)
        amount = Decimal(chance.randrange(300_00, 30_000_00)) / 100
        found.append(
            Subject(
                kind=CaseKind.WHOLE_DEPARTMENT,
                code=f"D{number:03d}",
                name=row.unit,
                unit=row.unit,
                department=None,
                agency=row.agency,
                fiscal_year=fiscal_year,
                lines=[Money("示例：部门预算", amount, _hopeful(row.score, chance))],
                third_party_score=row.score,
                published_grade=row.grade,
                facts={"marks": ["congress_review"] if chance.random() < 0.2 else []},
            )
        )
    return found


def _hopeful(score: Decimal, chance: Random) -> Decimal:
    """A self score as units give it: mostly above what the agency finds (HX-15)."""
    return min(FULL_MARKS, score + Decimal(chance.randrange(0, 800)) / 100)


def _projects(lines: Iterable[ProjectLine], fiscal_year: int, seed: int) -> list[Subject]:
    by_number: dict[int, list[ProjectLine]] = {}
    for line in lines:
        by_number.setdefault(line.no, []).append(line)
    return [
        Subject(
            kind=CaseKind.PROJECT,
            code=f"P{number:03d}",
            name=own[0].name,
            unit=example_unit(number),
            department=EXAMPLE_DEPARTMENT,
            agency=EXAMPLE_AGENCY,
            fiscal_year=fiscal_year,
            lines=[Money(line.name, line.funds_wan, line.self_score) for line in own],
            third_party_score=own[0].third_party_score,
            published_grade=own[0].grade,
            facts=facts_of_project(dice(seed, "project", number)),
        )
        for number, own in by_number.items()
    ]


def example_unit(number: int) -> str:
    """示例: the unit that holds the project of that number."""
    return EXAMPLE_UNITS[(number - 1) % len(EXAMPLE_UNITS)]


def facts_of_project(chance: Random) -> dict[str, Any]:
    """示例: what the tables ask about a project beside its amount."""
    marks = [mark.value for mark in Mark if mark not in _NEVER_DRAWN]
    return {
        "project_nature": chance.choices(("continuing", "new"), (3, 1))[0],
        "spending_frequency": chance.choices(("recurrent", "one_off"), (3, 2))[0],
        "project_category": chance.choices(("development", "operation_support", "other"), (3, 1, 1))[0],
        "marks": chance.sample(marks, chance.choice((0, 1, 1, 2))),
    }
