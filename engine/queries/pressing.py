"""What presses in the finance bureau: four numbers, each that of a list, counted in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, bindparam, func, select, true, tuple_
from sqlalchemy.orm import Session

from engine.cases import Incident
from engine.directory import Actor
from engine.moves.permissions import offices_let_in
from engine.process import StepKind
from engine.queries.case_list import WITH_UNITS
from engine.queries.desks import Due, WorkFilters, bound, cases, of_moving_case, shape_of, some_on_desks, tasks
from engine.queries.steps import Place, steps_of_kind
from engine.queries.worklist import EVERYTHING
from engine.store.base import table_of
from engine.words import CaseState, IncidentState, Pressing, Role, TaskState

COUNTED = 1_000
"""So far each is counted; behind it, it says “more than”."""
TOLD_TO = frozenset({Role.PERFORMANCE_OFFICE, Role.FINANCE_DIVISION})
_incidents = table_of(Incident).c


@dataclass(frozen=True, slots=True)
class Pressed:
    """How many there are of one kind, at most `COUNTED`, and whether there are more."""

    kind: Pressing
    number: int
    more: bool


def pressing(session: Session, actor: Actor, *, on: date) -> tuple[Pressed, ...]:
    """What presses, for finance; none for others. `on` is today.

    待审 are the papers of the actor's own queue, 今日截止 the tasks of their own desks, 单位逾期 the cases in which a
    unit is late; 异常 are told to those who may see them.
    """
    if not actor.roles & TOLD_TO:
        return ()
    kinds = tuple(kind for kind in Pressing if kind is not Pressing.FAULTS or _sees_faults(actor))
    told = bound(actor, (), EVERYTHING, on) | {"most": COUNTED + 1}
    row = tuple(session.execute(_numbers(kinds, steps_of_kind(session, StepKind.REVIEW)), told).one())
    return tuple(
        Pressed(kind, min(things, COUNTED), rows > COUNTED)
        for kind, things, rows in zip(kinds, row[::2], row[1::2], strict=True)
    )


def _sees_faults(actor: Actor) -> bool:
    return bool(actor.roles & offices_let_in("see_operations"))


@cache
def _numbers(kinds: tuple[Pressing, ...], steps: tuple[Place, ...]) -> Select[Any]:
    judging = tuple_(tasks.process, tasks.element).in_(steps)
    moving = of_moving_case()
    lists: Mapping[Pressing, Select[Any]] = {
        Pressing.TO_REVIEW: some_on_desks(shape_of(EVERYTHING), judging, moving),
        Pressing.DUE_TODAY: some_on_desks(shape_of(WorkFilters(due=Due.TODAY)), moving),
        Pressing.UNITS_LATE: _late_cases(),
        Pressing.FAULTS: _first(
            select(_incidents.id).where(_here(_incidents), _incidents.state == IncidentState.OPEN.value)
        ),
    }
    counts = [_counted(lists[kind], kind) for kind in kinds]
    return select(*(column for count in counts for column in count.c)).select_from(reduce(_beside, counts))


def _counted(rows: Select[Any], name: str) -> Subquery:
    """How many different things those rows are about, and how many rows there are."""
    found = rows.subquery()
    (thing,) = found.c
    return select(func.count(thing.distinct()).label("things"), func.count().label("rows")).subquery(name)


def _beside(left: Any, right: Any) -> Any:
    return left.join(right, true())


def _late_cases() -> Select[Any]:
    """The case of each of the first late tasks, along the days; as “not standing still”, like `of_moving_case`."""
    still = [state.value for state in CaseState if state is not CaseState.ACTIVE]
    state = select(cases.state).where(cases.id == tasks.case_id).scalar_subquery()
    return _first(
        select(tasks.case_id)
        .where(
            _here(tasks),
            tasks.state == TaskState.OPEN.value,
            tasks.due_on < bindparam("today"),
            tasks.role.in_(WITH_UNITS),
            state.not_in(still),
        )
        .order_by(tasks.due_on, tasks.id)
    )


def _here(rows: Any) -> ColumnElement[bool]:
    here: ColumnElement[bool] = rows.jurisdiction == bindparam("jurisdiction")
    return here


def _first(rows: Select[Any]) -> Select[Any]:
    return rows.limit(bindparam("most", type_=BigInteger()))
