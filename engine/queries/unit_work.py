"""本单位全部: the open tasks of somebody's unit, whoever holds them, for those who answer for the unit's work."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.queries import cursor
from engine.queries.desks import Shape, WorkFilters, bound, in_units, of_moving_case, shape_of
from engine.queries.scope import WHOLE_TENANT, Seat, seats_of
from engine.queries.worklist import EVERYTHING, WorkItem, item_of, line_columns, with_cases
from engine.words import Role

NAME = "unit_work"
MAY_SEE = WHOLE_TENANT | {Role.UNIT_HEAD, Role.DEPARTMENT}
"""Who answers for a unit, and finance, which sees everything anyway; a clerk sees their own desk."""


def unit_work(
    session: Session,
    actor: Actor,
    *,
    on: date,
    seats: Sequence[Seat] = (),
    filters: WorkFilters = EVERYTHING,
    limit: int = 50,
    after: str | None = None,
) -> cursor.Page[WorkItem]:
    """The open tasks of the units in which the actor may see them all, in the order of the work list; `on` is today.

    Work of suspended cases lies apart, as in the work list.
    """
    place = cursor.read(after, NAME, filters)
    limit = cursor.within(limit)
    units = sorted({seat.unit_id for seat in seats_of(actor, seats) if seat.roles & MAY_SEE})
    told = bound(actor, seats, filters, on, place) | {"units": units, "most": limit + 1}
    rows = session.execute(_lines(shape_of(filters, paged=place is not None)), told).all()
    shown, leads_on = cursor.page(NAME, filters, rows, limit, lambda row: (row.due_rank, row.money_rank, row.id))
    return cursor.Page(tuple(item_of(session, row, on) for row in shown), leads_on)


@cache
def _lines(shape: Shape) -> Select[Any]:
    return with_cases(in_units(shape, line_columns(), of_moving_case()))
