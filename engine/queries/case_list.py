"""案卷: the cases somebody may see, the latest first, found by year, stage, state, unit, grade or a few letters."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from engine.cases import Case, FundLine
from engine.cases.following import followed_by
from engine.directory import Actor, Unit
from engine.queries import cursor
from engine.queries.counting import counting_grade, counting_score, counting_total
from engine.queries.desks import named_like, searched
from engine.queries.grade_scales import NEAR, grade_borders, grades_given, is_near
from engine.queries.scope import visible_to
from engine.queries.year_counts import EVERYTHING, Share, of_share
from engine.store.base import table_of
from engine.tasks import Task
from engine.words import Role, TaskState, said_process

NAME = "cases"
BETWEEN_STAGES = ""
"""As a stage: the case has left one and not entered the next."""
BEYOND_THE_SCALE = ""
"""As a grade: a score counts, and got none of the grades of the jurisdiction's scale."""
WITH_UNITS = (Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT)
"""The offices on the units' side; what lies with them is not finance's to do."""
_cases, _tasks, _lines = table_of(Case).c, table_of(Task).c, table_of(FundLine).c


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """Which cases; `text` is looked for in names, codes and pinyin initials, `grade` is that of the score that counts,
    or "" for those whose score got none the jurisdiction's scale has.

    `overdue` leaves those in which a task is past its day, or, when False, those that move and have none;
    `with_units` looks only at the tasks that lie with units and departments; `stage` is
    "" for those that stand between stages; `near_border` leaves those whose score stands within `NEAR` of a border
    between two grades of the jurisdiction; `followed` those the person at the keyboard follows; `unit_kind` and
    `nature` are those of a `Share` of the year.
    """

    fiscal_year: int | None = None
    object_kind: str | None = None
    stage: str | None = None
    state: str | None = None
    unit_id: int | None = None
    department_id: int | None = None
    grade: str | None = None
    overdue: bool | None = None
    with_units: bool = False
    near_border: bool = False
    followed: bool = False
    unit_kind: str | None = None
    nature: str | None = None
    text: str = ""

    @property
    def share(self) -> Share:
        """What the figures of a year count these cases in."""
        return Share(self.unit_kind, self.nature)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as a line: `fund_lines` is how many sums it is financed from, `due_on` the next day of its open tasks,
    `score`, `score_kind` and `grade` those of the score that counts, `near_border` that it is 压线."""

    case_id: int
    code: str
    name: str
    object_kind: str
    fiscal_year: int
    unit_id: int
    unit: str
    amount_wan: Decimal
    fund_lines: int
    stage: str | None
    stage_name: str | None
    state: str
    due_on: date | None
    overdue: bool
    score: Decimal | None
    score_kind: str | None
    grade: str | None
    near_border: bool


EVERY_CASE = CaseFilters()


def case_list(
    session: Session,
    actor: Actor,
    *,
    on: date,
    filters: CaseFilters = EVERY_CASE,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[CaseLine]:
    """The cases the actor may see, the latest year and number first; `on` is today."""
    place = cursor.read(after, NAME, filters)
    limit = cursor.within(limit)
    borders = grade_borders(session, actor)
    wanted = [visible_to(actor), *_conditions(filters, on), *_of_grade(session, actor, filters.grade)]
    if filters.followed:
        wanted.append(_cases.id.in_(followed_by(actor)))
    if filters.near_border:
        total = counting_total()
        wanted.append(or_(False, *(func.abs(total - border) <= NEAR for border in borders)))
    if place is not None:
        wanted.append(tuple_(_cases.fiscal_year, _cases.id) < tuple_(*place))
    rows = session.execute(_lines_of(wanted, limit + 1), searched(filters.text)).all()
    shown, leads_on = cursor.page(NAME, filters, rows, limit, lambda row: (row.fiscal_year, row.id))
    return cursor.Page(tuple(_line(row, on, borders) for row in shown), leads_on)


def _lines_of(wanted: list[Any], most: int) -> Select[Any]:
    """First the cases of the page, then what is told of each."""
    found = (
        select(
            _cases.id, _cases.code, _cases.name, _cases.object_kind, _cases.fiscal_year, _cases.unit_id,
            _cases.amount_wan, _cases.stage, _cases.state,
        )
        .where(*wanted)
        .order_by(_cases.fiscal_year.desc(), _cases.id.desc())
        .limit(most)
        .subquery("found")
    )  # fmt: skip
    counting = counting_score(found.c.id)
    due = select(func.min(_tasks.due_on)).where(*_open(found.c.id)).scalar_subquery()
    lines = select(func.count()).where(_lines.case_id == found.c.id).scalar_subquery()
    return (
        select(
            *found.c, Unit.name.label("unit"), due.label("due_on"), lines.label("fund_lines"),
            counting.c.kind.label("score_kind"), counting.c.total, counting.c.grade,
        )
        .select_from(found.join(Unit, Unit.id == found.c.unit_id).outerjoin(counting, true()))
        .order_by(found.c.fiscal_year.desc(), found.c.id.desc())
    )  # fmt: skip


def _conditions(filters: CaseFilters, on: date) -> list[Any]:
    equal = {
        _cases.fiscal_year: filters.fiscal_year,
        _cases.object_kind: filters.object_kind,
        _cases.stage: filters.stage or None,
        _cases.state: filters.state,
        _cases.unit_id: filters.unit_id,
        _cases.department_id: filters.department_id,
    }
    found: list[Any] = [column == value for column, value in equal.items() if value is not None]
    if filters.share != EVERYTHING:
        found.append(exists().where(Unit.id == _cases.unit_id, of_share(filters.share)))
    if filters.text.strip():
        found.append(named_like())
    if filters.stage == BETWEEN_STAGES:
        found.append(_cases.stage.is_(None))
    if filters.overdue is not None:
        whose = [_tasks.role.in_(WITH_UNITS)] if filters.with_units else []
        late = select(_tasks.id).where(*_open(_cases.id), _tasks.due_on < on, *whose).exists()
        found += [_cases.state == "active", late if filters.overdue else ~late]
    return found


def _of_grade(session: Session, actor: Actor, grade: str | None) -> list[Any]:
    if grade is None:
        return []
    if grade != BEYOND_THE_SCALE:
        return [counting_grade() == grade]
    return [counting_grade().not_in(grades_given(session, actor))]


def _open(case_id: Any) -> tuple[Any, ...]:
    return _tasks.case_id == case_id, _tasks.state == TaskState.OPEN


def _line(row: Any, on: date, borders: tuple[Decimal, ...]) -> CaseLine:
    return CaseLine(
        case_id=row.id,
        code=row.code,
        name=row.name,
        object_kind=row.object_kind,
        fiscal_year=row.fiscal_year,
        unit_id=row.unit_id,
        unit=row.unit,
        amount_wan=row.amount_wan,
        fund_lines=row.fund_lines,
        stage=row.stage,
        stage_name=said_process(row.stage),
        state=row.state,
        due_on=row.due_on,
        overdue=row.state == "active" and row.due_on is not None and row.due_on < on,
        score=row.total,
        score_kind=row.score_kind,
        grade=row.grade,
        near_border=is_near(row.total, borders),
    )
