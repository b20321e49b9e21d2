"""执行数: the versions there are of a case, and the files they came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.cases import FundLine
from engine.directory import Actor, Person
from engine.executions import ExecutionFigure, ExecutionFile
from engine.moves.execution_files import checked, execution_file
from engine.moves.facts import decide_for
from engine.moves.permissions import PERMISSIONS
from engine.moves.spending import DepartmentProgress, department_progress
from engine.policies import Decision
from engine.queries.scope import visible_case
from engine.scoring.numbers import percentage
from engine.sheets import CheckedRow
from engine.stages import library_of
from engine.store.base import table_of
from engine.words import Role

LATEST = 20
SUPPLEMENT = "supplement_allowed"
_figures = table_of(ExecutionFigure).c


@dataclass(frozen=True, slots=True)
class FigureVersion:
    """One version, by whom and when; `rate` is percent of the amount in force now, `lines` by the names of the lines.

    Of all versions of a case one `is_newest`: that of the latest day.
    """

    version: int
    as_of: date
    executed_wan: Decimal
    planned_wan: Decimal | None
    rate: Decimal | None
    lines: tuple[tuple[str, str], ...]
    source: str
    reported_by: str
    reported_at: datetime
    file_id: int | None
    is_newest: bool


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """A case the actor may see with all versions, the latest day first, and its fund lines by number."""

    case_id: int
    code: str
    name: str
    fiscal_year: int
    state: str
    amount_wan: Decimal
    lines: tuple[tuple[int, str], ...]
    versions: tuple[FigureVersion, ...]


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A file that was brought, and by whom."""

    file: ExecutionFile
    brought_by: str


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A file with its rows over the cases as they are now; no rows once it is written."""

    file: ExecutionFile
    rows: tuple[CheckedRow, ...]
    figures: int


@dataclass(frozen=True, slots=True)
class SupplementOutlook:
    """What the department of a case has spent by now, and what the tables say to more money then (HC-08).

    `laid_down`: the tables say something of it at all.
    """

    progress: DepartmentProgress
    answer: Decision
    laid_down: bool


def supplement_outlook(session: Session, actor: Actor, case_id: int, *, on: date) -> SupplementOutlook:
    """What a supplement of a case the actor may see is held against on that day."""
    case = visible_case(session, actor, case_id)
    progress, policy = (
        department_progress(session, case, on),
        library_of(session).policy_version(session, case.policy_id),
    )
    answer = decide_for(case, policy, SUPPLEMENT, progress.rates, on)
    return SupplementOutlook(progress, answer, bool(policy.table(SUPPLEMENT).rows))


def execution_versions(session: Session, actor: Actor, case_id: int) -> CaseFigures:
    """What is on record of a case the actor may see."""
    case = visible_case(session, actor, case_id)
    lines = session.execute(
        select(FundLine.line_no, FundLine.name).where(FundLine.case_id == case.id).order_by(FundLine.line_no)
    ).all()
    names = {str(line.line_no): line.name for line in lines}
    rows = session.execute(
        select(table_of(ExecutionFigure), Person.name.label("who"))
        .join(Person, Person.id == _figures.reported_by)
        .where(_figures.case_id == case.id)
        .order_by(_figures.as_of.desc(), _figures.version.desc())
    ).all()
    versions = tuple(
        FigureVersion(
            row.version, row.as_of, row.executed_wan, row.planned_wan, percentage(row.executed_wan, case.amount_wan),
            tuple((names.get(number, number), wan) for number, wan in row.lines.items()), row.source, row.who,
            row.reported_at, row.file_id, place == 0,
        )
        for place, row in enumerate(rows)
    )  # fmt: skip
    told = tuple((line.line_no, line.name) for line in lines)
    return CaseFigures(case.id, case.code, case.name, case.fiscal_year, case.state, case.amount_wan, told, versions)


def execution_check(session: Session, by: Actor, file_id: int, *, at: datetime) -> FigureCheck:
    """A file this person brought, or one that was written. Refuses any other."""
    _must_import(by)
    kept = execution_file(session, by, file_id)
    rows, reports = checked(session, kept, at)
    return FigureCheck(kept, rows, len(reports))


def executions_brought(session: Session, by: Actor) -> Sequence[FigureFile]:
    """The files that were written and those this person brought, the latest first."""
    _must_import(by)
    rows = session.execute(
        select(ExecutionFile, Person.name)
        .join(Person, Person.id == ExecutionFile.brought_by)
        .where(or_(ExecutionFile.written_at.is_not(None), ExecutionFile.brought_by == by.person_id))
        .order_by(ExecutionFile.id.desc())
        .limit(LATEST)
    )
    return [FigureFile(file, who) for file, who in rows]


def _must_import(by: Actor) -> None:
    by.must_hold(*(role for role in Role if role in PERMISSIONS["import_execution"].offices))
