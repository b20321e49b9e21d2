"""A file of execution figures somebody brought: found, its rows read and put together, held against the cases."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.execution import ExecutionsImported
from engine.cases import ANNUAL, Case
from engine.clock import day_of
from engine.directory import Actor
from engine.executions import TEMPLATE, Cells, ExecutionFile
from engine.moves.bringing import Shelf, gone, lines_kept
from engine.moves.executing import (
    AS_OF,
    CODE,
    EXECUTED,
    LINE,
    LONGEST_SOURCE,
    PLANNED,
    YEAR,
    Known,
    Reported,
    known_of,
    problems_of,
)
from engine.sheets import CheckedRow, Line, Problem
from engine.texts import wan_in
from engine.words import CaseState

FIGURES = Shelf(ExecutionFile, TEMPLATE, ExecutionsImported, "运行监控")
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_STANDING = (CaseState.ACTIVE, CaseState.SUSPENDED)


@dataclass(slots=True)
class _Read:
    """One row as it is meant: amounts and day are None where they cannot be read, then something is said of it."""

    row: int
    cells: Cells
    problems: list[Problem] = field(default_factory=list)
    as_of: date | None = None
    executed: Decimal | None = None
    planned: Decimal | None = None
    known: Known | None = None
    is_new: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be written."""
        return any(problem.stops for problem in self.problems)


def execution_file(session: Session, by: Actor, file_id: int) -> ExecutionFile:
    """A file this person brought, or one that was written. Refuses any other."""
    found = session.get(ExecutionFile, file_id, populate_existing=True)
    if found is None or (found.written_at is None and found.brought_by != by.person_id):
        raise gone(file_id)
    return found


def checked(
    session: Session, kept: ExecutionFile, at: datetime
) -> tuple[tuple[CheckedRow, ...], list[tuple[Known, Reported]]]:
    """The rows of a file over the cases as they are now, and the figures in them that are right and new.

    Rows of one project and day are one figure; where one of them is wrong none of them is written.
    """
    if kept.content is None:
        return (), []
    rows = [_read(line) for line in lines_kept(TEMPLATE, kept)]
    _find(session, rows)
    together: dict[tuple[int, date], list[_Read]] = defaultdict(list)
    for row in rows:
        if row.known is not None and row.as_of is not None:
            together[row.known.case.id, row.as_of].append(row)
    reports = [found for each in together.values() if (found := _together(each, kept.name, day_of(at))) is not None]
    told = tuple(CheckedRow(row.row, row.cells, tuple(row.problems), row.is_new) for row in rows)
    return told, sorted(reports, key=lambda report: (report[0].case.id, report[1].as_of))


# ── one row ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(line: Line) -> _Read:
    read = _Read(line.row, Cells(*line.cells))
    if line.fault:
        read.problems.append(Problem("", line.fault))
    cells = read.cells
    read.as_of = _day_in(cells.as_of)
    read.executed, read.planned = wan_in(cells.executed), wan_in(cells.planned) if cells.planned else None
    read.problems += _unreadable(read)
    return read


def _unreadable(read: _Read) -> Iterator[Problem]:
    cells = read.cells
    if not cells.code:
        yield Problem(CODE, "没有写项目编号。请填写案卷的编号。")
    if not re.fullmatch(r"[0-9]{4}", cells.year):
        yield Problem(YEAR, "资金年度应是四位数字，例如 2022。")
    if read.as_of is None:
        yield Problem(AS_OF, f"“{cells.as_of[:40]}”读不出是哪一天。请写成 2022-09-30。")
    for column, told, wan in ((EXECUTED, cells.executed, read.executed), (PLANNED, cells.planned, read.planned)):
        if wan is None and (told or column == EXECUTED):
            yield Problem(column, f"“{told[:40]}”读不出金额。请填写万元数，例如 980.00。")


def _day_in(told: str) -> date | None:
    found = _DAY.fullmatch(told)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        return None


# ── the case it is of ────────────────────────────────────────────────────────────────────────────────────────────────


def _find(session: Session, rows: Sequence[_Read]) -> None:
    """Say which case every row is of, or that it is of none."""
    wanted = [row for row in rows if row.cells.code and re.fullmatch(r"[0-9]{4}", row.cells.year)]
    codes, years = {row.cells.code for row in wanted}, {int(row.cells.year) for row in wanted}
    cases = session.scalars(select(Case).where(Case.code.in_(codes), Case.fiscal_year.in_(years))).all()
    by_name = defaultdict[tuple[str, int], list[Case]](list)
    for case in cases:
        by_name[case.code, case.fiscal_year].append(case)
    known = known_of(session, [case for case in cases if case.state in _STANDING])
    for row in wanted:
        found = by_name[row.cells.code, int(row.cells.year)]
        standing = _of_the_money([case for case in found if case.state in _STANDING])
        if len(standing) == 1:
            row.known = known[standing[0].id]
        else:
            row.problems.append(Problem(CODE, _no_case(row.cells, found, standing)))


def _of_the_money(standing: Sequence[Case]) -> Sequence[Case]:
    """Of the cases of one object, the one whose year the money is of: not the one about the end of its policy."""
    annual = {case.object_kind for case in standing if case.process == ANNUAL}
    return [case for case in standing if case.process == ANNUAL or case.object_kind not in annual]


def _no_case(cells: Cells, found: Sequence[Case], standing: Sequence[Case]) -> str:
    called = f"编号“{cells.code[:40]}”"
    if len(standing) > 1:
        return f"{called}在{cells.year}年度有几份案卷（项目、政策或部门整体）。请到案卷中分别登记。"
    if found:
        return f"{called}的{cells.year}年度案卷已经办结或取消，不再登记执行数。"
    return f"本地区{cells.year}年度没有{called}的案卷。请核对编号和年度。"


# ── the rows of one project and day ──────────────────────────────────────────────────────────────────────────────────


def _together(rows: Sequence[_Read], file_name: str, today: date) -> tuple[Known, Reported] | None:
    """The figure some rows make; what is wrong or doubtful of it is added to them. None where it is not to be kept."""
    known, as_of = rows[0].known, rows[0].as_of
    assert known is not None
    assert as_of is not None
    _name_lines(rows, known)
    if any(row.is_wrong for row in rows):
        _leave_out(rows)
        return None
    of_lines = {number: row for row in rows if (number := _line_of(row, known)) is not None}
    wholes = [row for row in rows if not row.cells.line]
    lines = {number: row.executed or Decimal(0) for number, row in of_lines.items()}
    executed = wholes[0].executed if wholes else sum(lines.values(), Decimal(0))
    assert executed is not None
    plans = [row.planned for row in (wholes or rows)]
    planned = None if None in plans else sum((wan or Decimal(0) for wan in plans), Decimal(0))
    source = next((row.cells.source for row in rows if row.cells.source), f"文件“{file_name}”"[:LONGEST_SOURCE])
    reported = Reported(as_of, executed, source, planned, lines)
    for problem in problems_of(reported, known, today):
        for row in rows if problem.stops else rows[:1]:
            row.problems.append(problem)
    if any(row.is_wrong for row in rows) or known.has(reported):
        return None
    for row in rows:
        row.is_new = True
    return known, reported


def _name_lines(rows: Sequence[_Read], known: Known) -> None:
    """Say which rows name a fund line the case does not have, or one that was named before."""
    seen: dict[int | None, int] = {}
    for row in rows:
        number = _line_of(row, known)
        if row.cells.line and number is None:
            names = "、".join(known.lines.values())
            row.problems.append(Problem(LINE, f"没有叫“{row.cells.line[:40]}”的资金，这个项目有：{names}。"))
        elif number in seen:
            row.problems.append(Problem(LINE, f"与第 {seen[number]} 行是同一天的同一笔，请只留一行。"))
        seen.setdefault(number, row.row)


def _line_of(row: _Read, known: Known) -> int | None:
    numbers: Mapping[str, int] = {name: number for number, name in known.lines.items()}
    told = row.cells.line
    return numbers.get(told, int(told) if told.isdecimal() and int(told) in known.lines else None)


def _leave_out(rows: Sequence[_Read]) -> None:
    first = next(row.row for row in rows if row.is_wrong)
    for row in rows:
        if not row.is_wrong:
            row.problems.append(Problem("", f"同一项目同一天的第 {first} 行有错，这一行不能单独写入。"))
