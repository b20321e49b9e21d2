"""What came onto the desks of one person last: by it an open page finds out that there is more to do than it shows."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, bindparam, select
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.queries.desks import WorkFilters, bound, of_moving_case, on_desks, shape_of, tasks

NEWEST = 100
"""So many are told; who has fewer open tasks is told all of them."""
_EVERYTHING = WorkFilters()
_LAST_FIRST = (tasks.holder_id.desc(), tasks.opened_at.desc(), tasks.id.desc())


def newest_work(session: Session, actor: Actor) -> tuple[UUID, ...]:
    """The tasks `worklist` lists, those opened last first, `NEWEST` at the most; read desk by desk from the index."""
    told = bound(actor, (), _EVERYTHING, date.min) | {"most": NEWEST}
    return tuple(session.scalars(_newest(), told))


@cache
def _newest() -> Select[Any]:
    desks = on_desks(shape_of(_EVERYTHING), [tasks.id, tasks.opened_at], of_moving_case(), order=_LAST_FIRST)
    found = desks.subquery("found")
    return (
        select(found.c.id)
        .order_by(found.c.opened_at.desc(), found.c.id.desc())
        .limit(bindparam("most", type_=BigInteger()))
    )
