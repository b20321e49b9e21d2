"""名册, row by row: what of a file of units, people and offices is new, and what cannot be written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.directory.directory_file import HEADER, Cells
from engine.moves.appointing import LONGEST_NAME, has_office, is_a_name
from engine.sheets import CheckedRow, Line, Problem
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
class ListedRow(CheckedRow):
    """One row: what it would bring that is not there yet."""

    cells: Cells
    new_unit: bool
    new_person: bool
    offices: tuple[Role, ...]


def listed(lines: Sequence[Line], known: Known) -> tuple[ListedRow, ...]:
    """The rows of a file over what there is."""
    told = {line.row: Cells(*line.cells) for line in lines}
    units = {**_units_in(told), **known.units}
    people, seen, rows = dict[str, tuple[str, int]](), dict[Cells, int](), []
    held, called = set(known.offices), {name: (login, "已登记") for login, name in known.people.items()}
    for line in lines:
        cells = told[line.row]
        problems = [Problem("", line.fault)] if line.fault else []
        problems += _of_row(cells, seen)
        problems += _of_unit(cells, line.row, units)
        problems += _of_person(cells, known.people, people)
        problems += _of_offices(cells, units)
        new_person = bool(cells.login) and cells.login not in known.people and cells.login not in people
        problems += _of_namesake(cells, called) if new_person else []
        offices = tuple(role for role in _roles(cells) if (cells.login, cells.unit, role) not in held)
        new_unit = bool(cells.unit) and units[cells.unit].row == line.row
        is_new = new_unit or new_person or bool(offices)
        rows.append(ListedRow(line.row, cells, tuple(problems), is_new, new_unit, new_person, offices))
        held.update((cells.login, cells.unit, role) for role in offices)
        seen.setdefault(cells, line.row)
        people.setdefault(cells.login, (cells.name, line.row))
        called.setdefault(cells.name, (cells.login, f"第 {line.row} 行"))
    return tuple(rows)


def sound_part(lines: Sequence[Line], known: Known) -> tuple[ListedRow, ...]:
    """The rows left when the wrong ones are taken out, and those that were only right together with a wrong one."""
    rows = listed(lines, known)
    while any(row.is_wrong for row in rows):
        sound = {row.row for row in rows if not row.is_wrong}
        lines = [line for line in lines if line.row in sound]
        rows = listed(lines, known)
    return rows


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


def _of_row(cells: Cells, seen: Mapping[Cells, int]) -> Iterator[Problem]:
    if not (cells.unit or cells.name or cells.login):
        yield Problem("", "这一行没有单位，也没有人。请填写，或删去这一行。")
    if cells in seen:
        yield Problem("", f"与第 {seen[cells]} 行完全相同，请只留一行。")


def _of_unit(cells: Cells, row: int, units: Mapping[str, KnownUnit]) -> Iterator[Problem]:
    if not cells.unit:
        for column, told in ((KIND, cells.kind), (DEPARTMENT, cells.department)):
            if told:
                yield Problem(column, f"写了{column}，没有写单位。请写单位全称。")
        return
    if not is_a_name(cells.unit):
        yield Problem(UNIT, _no_name(UNIT))
    unit = units[cells.unit]
    yield from _of_kind(cells, row, unit)
    if cells.department:
        yield from _of_department(cells, unit, units)


def _of_kind(cells: Cells, row: int, unit: KnownUnit) -> Iterator[Problem]:
    if cells.kind and cells.kind not in _KINDS:
        yield Problem(KIND, f"没有“{cells.kind[:40]}”这种单位类型，请写：{'、'.join(_KINDS)}。")
    elif unit.kind is None and unit.row == row:
        yield Problem(KIND, f"“{cells.unit[:40]}”还没有登记，请写单位类型：{'、'.join(_KINDS)}。")
    elif cells.kind and unit.kind is not None and unit.kind.label != cells.kind:
        yield Problem(KIND, f"“{cells.unit[:40]}”是{unit.kind.label}（{unit.where}），与这一行不同。请改成一致。")


def _of_department(cells: Cells, unit: KnownUnit, units: Mapping[str, KnownUnit]) -> Iterator[Problem]:
    above, called = units.get(cells.department), f"“{cells.department[:40]}”"
    if unit.department != cells.department:
        stands = f"主管部门是“{unit.department}”" if unit.department else "没有主管部门"
        yield Problem(DEPARTMENT, f"“{cells.unit[:40]}”{stands}（{unit.where}），与这一行不同。请改成一致。")
    elif unit.kind is UnitKind.DEPARTMENT and unit.row:
        yield Problem(DEPARTMENT, "主管部门上面不再有主管部门，请把这一格留空。")
    elif above is None:
        yield Problem(DEPARTMENT, f"{called}不在本地区的单位名录中，文件里也没有。请写全称，或在文件里加上它。")
    elif above.kind is not UnitKind.DEPARTMENT:
        yield Problem(DEPARTMENT, f"{called}不是主管部门。请核对单位类型。")


def _of_person(
    cells: Cells, known: Mapping[str, str], told: Mapping[str, tuple[str, int]]
) -> Iterator[Problem]:  # fmt: skip
    if cells.name and not cells.login:
        yield Problem(LOGIN, "有姓名，没有账号。请写登录用的账号，本地区不重复。")
    elif cells.login and not cells.name:
        yield Problem(NAME, "有账号，没有姓名。请写姓名。")
    for column, what in ((NAME, cells.name), (LOGIN, cells.login)):
        if what and not is_a_name(what):
            yield Problem(column, _no_name(column))
    if not cells.login or not cells.name:
        return
    if known.get(cells.login, cells.name) != cells.name:
        yield Problem(LOGIN, f"账号已有人使用（{known[cells.login]}），与这一行的姓名不同。请换一个账号，或改正姓名。")
    elif cells.login in told and told[cells.login][0] != cells.name:
        name, row = told[cells.login]
        yield Problem(LOGIN, f"账号在第 {row} 行是“{name[:40]}”的。请换一个账号，或改正姓名。")


def _of_namesake(cells: Cells, called: Mapping[str, tuple[str, str]]) -> Iterator[Problem]:
    """Somebody new who is called like one who is there under another login: perhaps the same person."""
    login, where = called.get(cells.name, (cells.login, ""))
    if cells.name and login != cells.login:
        yield Problem(
            NAME,
            f"已有同名的人（账号 {login[:40]}，{where}）。是同一个人的，请改用这个账号；是另一个人的，可以写入。",
            stops=False,
        )


def _of_offices(cells: Cells, units: Mapping[str, KnownUnit]) -> Iterator[Problem]:
    words = _words(cells)
    if words and not (cells.unit and cells.login):
        yield Problem(OFFICES, "写了岗位，没有写单位和账号。岗位是一个人在一个单位的岗位，请补上。")
        return
    for word in words:
        role = _ROLES.get(word)
        if role is None:
            choices = "、".join(f"“{each.label}”" for each in GIVEN_BY_FILE)
            yield Problem(OFFICES, f"没有“{word[:40]}”这个岗位，可以写{choices}；几个岗位用分号隔开。")
        elif role.is_administrator:
            yield Problem(OFFICES, f"{role.label}不从文件授予，请安全管理员在人员页上逐个办理。")
        else:
            kind = units[cells.unit].kind
            if kind is not None and not has_office(kind, role):
                yield Problem(OFFICES, f"“{cells.unit[:40]}”是{kind.label}，没有{role.label}这个岗位。请改单位或岗位。")


def _words(cells: Cells) -> list[str]:
    return [word for part in _BETWEEN.split(cells.offices) if (word := part.strip())]


def _roles(cells: Cells) -> list[Role]:
    """The offices a row names, each once; words that are none are told elsewhere."""
    return list(dict.fromkeys(_ROLES[word] for word in _words(cells) if word in _ROLES))


def _no_name(column: str) -> str:
    return f"{column}应是 1 至 {LONGEST_NAME} 个看得见的字。请重新填写。"
