"""The files a rehearsal starts from: departments, projects, published aggregates; read strictly and exactly.

Layouts are those of the files in `data/`: whole-department results, fund lines of projects (rows with one `no` are
lines of one project, HX-16), and published aggregates. Amounts are 万元, scores 0–100, all `Decimal`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from engine.rehearsal.csv_table import Line, Problems, name_in, number_in, read_lines, word_in
from engine.store.base import MOST_WAN

DEPARTMENT_COLUMNS = ("agency", "unit", "score", "grade")
PROJECT_COLUMNS = ("no", "name", "funds_wan_yuan", "self_score", "third_party_score", "grade", "name_inferred")
PUBLISHED_COLUMNS = ("jurisdiction", "year", "measure", "value", "unit", "seed_file")

GRADES = ("优", "良", "中", "低", "差")
HIGHEST_SCORE = Decimal(100)
SCORE_DECIMALS = 2
MONEY_DECIMALS = 6
"""万元 to the cent."""
LONGEST_NAME = 200
MOST_LINES_OF_A_PROJECT = 40
"""As many names, and as many fund lines, as the official forms have room for."""
DATE_UNIT = "日期"

PROJECT_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
YEARS = re.compile(r"20[0-9]{2}(-20[0-9]{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Department:
    """One unit's published whole-department result."""

    agency: str
    unit: str
    score: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One fund line of a project with the project's published third-party score and grade."""

    no: int
    name: str
    funds_wan: Decimal
    self_score: Decimal
    third_party_score: Decimal
    grade: str
    name_inferred: bool


@dataclass(frozen=True, slots=True)
class Published:
    """One published aggregate; `value` as printed, `number` None where the value is a date."""

    jurisdiction: str
    year: str
    measure: str
    value: str
    number: Decimal | None
    unit: str


def read_departments(path: Path) -> tuple[Department, ...]:
    """The departments of a file with the columns of `DEPARTMENT_COLUMNS`; a unit twice is refused."""
    lines, problems = read_lines(path, DEPARTMENT_COLUMNS), Problems(path.name)
    departments = tuple(
        Department(
            agency=name_in(line, "agency", problems, most=LONGEST_NAME),
            unit=name_in(line, "unit", problems, most=LONGEST_NAME),
            score=_score_in(line, "score", problems),
            grade=word_in(line, "grade", GRADES, problems),
        )
        for line in lines
    )
    for line in lines:
        if _as_seen(line.cells["agency"]) == _as_seen(line.cells["unit"]):
            problems.add("评价机构就是被评价单位，应当回避，请核对。", line.row, "agency")
    _refuse_repeats(((line, (line.cells["unit"],)) for line in lines), "unit", "单位", problems)
    problems.refuse_if_any()
    return departments


def read_projects(path: Path) -> tuple[ProjectLine, ...]:
    """The fund lines of a file with the columns of `PROJECT_COLUMNS`.

    Lines with one `no` must agree in third-party score and grade and be at most 40; the same line twice is refused.
    """
    lines, problems = read_lines(path, PROJECT_COLUMNS), Problems(path.name)
    read = tuple(_project_line(line, problems) for line in lines)
    _refuse_disagreeing(tuple(zip(lines, read, strict=True)), problems)
    _refuse_too_many(tuple(zip(lines, read, strict=True)), problems)
    _refuse_too_much(tuple(zip(lines, read, strict=True)), problems)
    keys = ((line, (each.no, each.name, each.funds_wan)) for line, each in zip(lines, read, strict=True))
    _refuse_repeats(keys, "no", "资金行", problems)
    problems.refuse_if_any()
    return read


def read_published(path: Path) -> tuple[Published, ...]:
    """The aggregates of a file with the columns of `PUBLISHED_COLUMNS`.

    A measure of one jurisdiction and year twice is refused.
    """
    lines, problems = read_lines(path, PUBLISHED_COLUMNS), Problems(path.name)
    read = tuple(_published(line, problems) for line in lines)
    keys = ((line, (each.jurisdiction, each.year, each.measure)) for line, each in zip(lines, read, strict=True))
    _refuse_repeats(keys, "measure", "指标", problems)
    problems.refuse_if_any()
    return read


def _project_line(line: Line, problems: Problems) -> ProjectLine:
    number = line.cells["no"]
    if not PROJECT_NUMBER.fullmatch(number):
        problems.add(f"序号“{number[:40]}”应是从 1 起的整数，不带前导零。", line.row, "no")
        number = "0"
    return ProjectLine(
        no=int(number),
        name=name_in(line, "name", problems, most=LONGEST_NAME),
        funds_wan=number_in(line, "funds_wan_yuan", problems, decimals=MONEY_DECIMALS),
        self_score=_score_in(line, "self_score", problems),
        third_party_score=_score_in(line, "third_party_score", problems),
        grade=word_in(line, "grade", GRADES, problems),
        name_inferred=word_in(line, "name_inferred", ("yes", "no"), problems) == "yes",
    )


def _score_in(line: Line, column: str, problems: Problems) -> Decimal:
    """Scores have at most two decimals: every row of a sheet is rounded to two before it is summed."""
    return number_in(line, column, problems, most=HIGHEST_SCORE, decimals=SCORE_DECIMALS)


def _published(line: Line, problems: Problems) -> Published:
    cells = line.cells
    if not YEARS.fullmatch(cells["year"]):
        problems.add(f"年度“{cells['year'][:40]}”应写成 2021 或 2018-2021。", line.row, "year")
    number = None
    if cells["unit"] == DATE_UNIT:
        _check_date(line, problems)
    else:
        number = number_in(line, "value", problems)
    return Published(cells["jurisdiction"], cells["year"], cells["measure"], cells["value"], number, cells["unit"])


def _check_date(line: Line, problems: Problems) -> None:
    text = line.cells["value"]
    try:
        written = date.fromisoformat(text).isoformat()
    except ValueError:
        written = ""
    if written != text:
        problems.add(f"“{text[:40]}”不是日期，应写成 2020-07-21。", line.row, "value")


def _refuse_disagreeing(lines: tuple[tuple[Line, ProjectLine], ...], problems: Problems) -> None:
    first_of: dict[int, tuple[Line, ProjectLine]] = {}
    for line, each in lines:
        first_line, first = first_of.setdefault(each.no, (line, each))
        for column, what in (("third_party_score", "第三方得分"), ("grade", "等级")):
            if getattr(each, column) != getattr(first, column):
                problems.add(
                    f"序号 {each.no} 与第 {first_line.row} 行是同一项目，{what}应相同："
                    f"{first_line.cells[column]} 与 {line.cells[column]} 不一致。",
                    line.row,
                    column,
                )


def _refuse_too_many(lines: tuple[tuple[Line, ProjectLine], ...], problems: Problems) -> None:
    count: dict[int, int] = {}
    for line, each in lines:
        count[each.no] = count.get(each.no, 0) + 1
        if count[each.no] == MOST_LINES_OF_A_PROJECT + 1:
            text = f"序号 {each.no} 的资金行超过 {MOST_LINES_OF_A_PROJECT} 行，自评表放不下，请合并。"
            problems.add(text, line.row, "no")


def _refuse_too_much(lines: tuple[tuple[Line, ProjectLine], ...], problems: Problems) -> None:
    total: dict[int, Decimal] = {}
    for line, each in lines:
        before = total.get(each.no, Decimal(0))
        total[each.no] = before + each.funds_wan
        if before < MOST_WAN <= total[each.no] and each.funds_wan < MOST_WAN:
            text = f"序号 {each.no} 的资金合计达到或超过上限 {MOST_WAN:f}，应比它小。"
            problems.add(text, line.row, "funds_wan_yuan")


def _as_seen(part: object) -> object:
    """What two names have in common that look the same: width and blanks do not make another unit."""
    if not isinstance(part, str):
        return part
    return "".join(unicodedata.normalize("NFKC", part).split())


def _refuse_repeats(
    keys: Iterable[tuple[Line, tuple[object, ...]]], column: str, what: str, problems: Problems
) -> None:
    first: dict[tuple[object, ...], tuple[int, tuple[object, ...]]] = {}
    for line, key in keys:
        earlier, written = first.setdefault(tuple(map(_as_seen, key)), (line.row, key))
        if earlier != line.row:
            twin = "" if written == key else "（只是全角、半角或空格不同）"
            problems.add(f"{what}“{' '.join(map(str, key))}”与第 {earlier} 行重复{twin}。", line.row, column)
