"""名册, row by row: what of a file of units, people and offices is new, and what cannot be written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.directory.directory_file import HEADER, Cells
from engine.moves.appointing import LONGEST_NAME, has_office, is_a_name
from engine.sheets import Line
from engine.words import Role, UnitKind

UNIT, KIND, DEPARTMENT, NAME, LOGIN, OFFICES = HEADER
GIVEN_BY_FILE = tuple(role for role in Role if not role.is_administrator)
"""Administrators are appointed one by one, never from a file."""
_KINDS = {kind.label: kind for kind in UnitKind}
_ROLES = {role.label: role for role in Role}
_BETWEEN = re.compile(r"[;；/\n]")
"""Between two offices in one cell; 、 and ， are part of the name of one."""


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit of the directory or of the file: its kind, its department by name, and the row that told it (0: none)."""

    kind: UnitKind | None
    department: str
    row: int = 0

    @property
    def where(self) -> str:
        """Where it is told."""
        return f"第 {self.row} 行" if self.row else "已登记"


@dataclass(frozen=True, slots=True)
class Known:
    """What there is before: units by name, names of people by login, offices as login, unit and role."""

    units: Mapping[str, KnownUnit]
    people: Mapping[str, str]
    offices: frozenset[tuple[str, str, Role]]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be written, and in which column (empty: the row)."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row: what it would bring that is not there yet, and what is wrong with it."""

    row: int
    cells: Cells
    problems: tuple[RowProblem, ...]
    new_unit: bool
    new_person: bool
    offices: tuple[Role, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be written."""
        return bool(self.problems)

    @property
    def is_known(self) -> bool:
        """Whether the directory has all of it."""
        return not (self.is_wrong or self.new_unit or self.new_person or self.offices)


def listed(lines: Sequence[Line], known: Known) -> tuple[ListedRow, ...]:
    """The rows of a file over what there is."""
    told = {line.row: Cells(*line.cells) for line in lines}
    units = {**_units_in(told), **known.units}
    people, seen, rows = dict[str, tuple[str, int]](), dict[Cells, int](), []
    held = set(known.offices)
    for line in lines:
        cells = told[line.row]
        problems = [RowProblem("", line.fault)] if line.fault else []
        problems += _of_row(cells, seen)
        problems += _of_unit(cells, line.row, units)
        problems += _of_person(cells, known.people, people)
        problems += _of_offices(cells, units)
        offices = tuple(role for role in _roles(cells) if (cells.login, cells.unit, role) not in held)
        rows.append(
            ListedRow(
                line.row, cells, tuple(problems),
                new_unit=bool(cells.unit) and units[cells.unit].row == line.row,
                new_person=bool(cells.login) and cells.login not in known.people and cells.login not in people,
                offices=offices,
            )
        )  # fmt: skip
        held.update((cells.login, cells.unit, role) for role in offices)
        seen.setdefault(cells, line.row)
        people.setdefault(cells.login, (cells.name, line.row))
    return tuple(rows)


def new_units(rows: Sequence[ListedRow]) -> dict[str, tuple[UnitKind, str]]:
    """Name → kind and department of the units sound rows bring, departments first so that others find theirs."""
    told = _units_in({row.row: row.cells for row in rows})
    new = {row.cells.unit: told[row.cells.unit] for row in rows if row.new_unit}
    found = {name: (unit.kind, unit.department) for name, unit in new.items() if unit.kind is not None}
    return dict(sorted(found.items(), key=lambda each: each[1][0] is not UnitKind.DEPARTMENT))


def _units_in(told: Mapping[int, Cells]) -> dict[str, KnownUnit]:
    """Every unit of the file as its first row that says something tells it; `row` is where it comes first."""
    units: dict[str, KnownUnit] = {}
    for row, cells in told.items():
        before = units.get(cells.unit, KnownUnit(None, "", row))
        units[cells.unit] = KnownUnit(
            before.kind or _KINDS.get(cells.kind), before.department or cells.department, before.row
        )
    units.pop("", None)
    return units


def _of_row(cells: Cells, seen: Mapping[Cells, int]) -> Iterator[RowProblem]:
    if not (cells.unit or cells.name or cells.login):
        yield RowProblem("", "这一行没有单位，也没有人。请填写，或删去这一行。")
    if cells in seen:
        yield RowProblem("", f"与第 {seen[cells]} 行完全相同，请只留一行。")


def _of_unit(cells: Cells, row: int, units: Mapping[str, KnownUnit]) -> Iterator[RowProblem]:
    if not cells.unit:
        for column, told in ((KIND, cells.kind), (DEPARTMENT, cells.department)):
            if told:
                yield RowProblem(column, f"写了{column}，没有写单位。请写单位全称。")
        return
    if not is_a_name(cells.unit):
        yield RowProblem(UNIT, _no_name(UNIT))
    unit = units[cells.unit]
    yield from _of_kind(cells, row, unit)
    if cells.department:
        yield from _of_department(cells, unit, units)


def _of_kind(cells: Cells, row: int, unit: KnownUnit) -> Iterator[RowProblem]:
    if cells.kind and cells.kind not in _KINDS:
        yield RowProblem(KIND, f"没有“{cells.kind[:40]}”这种单位类型，请写：{'、'.join(_KINDS)}。")
    elif unit.kind is None and unit.row == row:
        yield RowProblem(KIND, f"“{cells.unit[:40]}”还没有登记，请写单位类型：{'、'.join(_KINDS)}。")
    elif cells.kind and unit.kind is not None and unit.kind.label != cells.kind:
        yield RowProblem(KIND, f"“{cells.unit[:40]}”是{unit.kind.label}（{unit.where}），与这一行不同。请改成一致。")


def _of_department(cells: Cells, unit: KnownUnit, units: Mapping[str, KnownUnit]) -> Iterator[RowProblem]:
    above, called = units.get(cells.department), f"“{cells.department[:40]}”"
    if unit.department != cells.department:
        stands = f"主管部门是“{unit.department}”" if unit.department else "没有主管部门"
        yield RowProblem(DEPARTMENT, f"“{cells.unit[:40]}”{stands}（{unit.where}），与这一行不同。请改成一致。")
    elif unit.kind is UnitKind.DEPARTMENT and unit.row:
        yield RowProblem(DEPARTMENT, "主管部门上面不再有主管部门，请把这一格留空。")
    elif above is None:
        yield RowProblem(DEPARTMENT, f"{called}不在本地区的单位名录中，文件里也没有。请写全称，或在文件里加上它。")
    elif above.kind is not UnitKind.DEPARTMENT:
        yield RowProblem(DEPARTMENT, f"{called}不是主管部门。请核对单位类型。")


def _of_person(
    cells: Cells, known: Mapping[str, str], told: Mapping[str, tuple[str, int]]
) -> Iterator[RowProblem]:  # fmt: skip
    if cells.name and not cells.login:
        yield RowProblem(LOGIN, "有姓名，没有账号。请写登录用的账号，本地区不重复。")
    elif cells.login and not cells.name:
        yield RowProblem(NAME, "有账号，没有姓名。请写姓名。")
    for column, what in ((NAME, cells.name), (LOGIN, cells.login)):
        if what and not is_a_name(what):
            yield RowProblem(column, _no_name(column))
    if not cells.login or not cells.name:
        return
    if known.get(cells.login, cells.name) != cells.name:
        yield RowProblem(
            LOGIN, f"账号已有人使用（{known[cells.login]}），与这一行的姓名不同。请换一个账号，或改正姓名。"
        )
    elif cells.login in told and told[cells.login][0] != cells.name:
        name, row = told[cells.login]
        yield RowProblem(LOGIN, f"账号在第 {row} 行是“{name[:40]}”的。请换一个账号，或改正姓名。")


def _of_offices(cells: Cells, units: Mapping[str, KnownUnit]) -> Iterator[RowProblem]:
    words = _words(cells)
    if words and not (cells.unit and cells.login):
        yield RowProblem(OFFICES, "写了岗位，没有写单位和账号。岗位是一个人在一个单位的岗位，请补上。")
        return
    for word in words:
        role = _ROLES.get(word)
        if role is None:
            choices = "、".join(f"“{each.label}”" for each in GIVEN_BY_FILE)
            yield RowProblem(OFFICES, f"没有“{word[:40]}”这个岗位，可以写{choices}；几个岗位用分号隔开。")
        elif role.is_administrator:
            yield RowProblem(OFFICES, f"{role.label}不从文件授予，请安全管理员在人员页上逐个办理。")
        else:
            kind = units[cells.unit].kind
            if kind is not None and not has_office(kind, role):
                yield RowProblem(
                    OFFICES, f"“{cells.unit[:40]}”是{kind.label}，没有{role.label}这个岗位。请改单位或岗位。"
                )


def _words(cells: Cells) -> list[str]:
    return [word for part in _BETWEEN.split(cells.offices) if (word := part.strip())]


def _roles(cells: Cells) -> list[Role]:
    """The offices a row names, each once; words that are none are told elsewhere."""
    return list(dict.fromkeys(_ROLES[word] for word in _words(cells) if word in _ROLES))


def _no_name(column: str) -> str:
    return f"{column}应是 1 至 {LONGEST_NAME} 个看得见的字。请重新填写。"
