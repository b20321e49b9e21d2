"""本单位项目进度: in which stages the cases of a unit stand, year by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.queries.scope import visible_to
from engine.store.base import table_of
from engine.words import Role, Stage

TOLD_TO = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})
YEARS = 3
_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class Progress:
    """How many cases of a year stand in each stage (None: in none); stages without any are left out."""

    fiscal_year: int
    stages: Mapping[Stage | None, int]


def own_progress(session: Session, actor: Actor) -> tuple[Progress, ...]:
    """The cases a unit or department sees, of its latest years, the last first; nothing for other offices.

    The years are `YEARS` at most, up to the last in which there is a case: money of three is at work at a time.
    """
    if not actor.roles & TOLD_TO:
        return ()
    rows = session.execute(_counts(actor)).all()
    return tuple(
        Progress(year, {row.stage: row.many for row in counts})
        for year, counts in groupby(rows, key=lambda row: row.fiscal_year)
    )


def _counts(actor: Actor) -> Select[Any]:
    latest = select(func.max(_cases.fiscal_year)).where(visible_to(actor)).correlate(None).scalar_subquery()
    return (
        select(_cases.fiscal_year, _cases.stage, func.count().label("many"))
        .where(visible_to(actor), _cases.fiscal_year > latest - YEARS)
        .group_by(_cases.fiscal_year, _cases.stage)
        .order_by(_cases.fiscal_year.desc(), _cases.stage)
    )
