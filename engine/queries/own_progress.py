"""本单位项目进度: in which stages the cases of a unit stand, year by year."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.queries.scope import ways_apart
from engine.store.base import table_of
from engine.words import Role, Stage

TOLD_TO = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD, Role.DEPARTMENT})
YEARS = 3
COUNTED = 2_000
"""So far the cases of a year and stage are counted; behind it, it says “more than”."""
_cases = table_of(Case).c


@dataclass(frozen=True, slots=True)
class Progress:
    """How many cases of a year stand in each stage (None: in none); stages without any are left out.

    No number is above `COUNTED`; `more` are the stages in which there are more than it tells.
    """

    fiscal_year: int
    stages: Mapping[Stage | None, int]
    more: frozenset[Stage | None] = frozenset()


def own_progress(session: Session, actor: Actor) -> tuple[Progress, ...]:
    """The cases a unit or department sees, of its latest years, the last first; nothing for other offices.

    The years are `YEARS` at most, up to the last in which there is a case: money of three is at work at a time.
    """
    if not actor.roles & TOLD_TO:
        return ()
    told = {"stages": [stage.value for stage in Stage], "most": COUNTED + 1}
    rows = session.execute(_counts(actor), told).all()
    return tuple(_of_year(year, list(counts)) for year, counts in groupby(rows, key=lambda row: row.fiscal_year))


def _of_year(year: int, counts: list[Any]) -> Progress:
    stages = {Stage(row.stage) if row.stage else None: row.many for row in counts}
    more = frozenset(stage for stage, many in stages.items() if many > COUNTED)
    return Progress(year, {stage: min(many, COUNTED) for stage, many in stages.items()}, more)


def _counts(actor: Actor) -> Select[Any]:
    """Year by year and stage by stage along an index, no further than `most`: a department may have very many cases."""
    ways = ways_apart(actor)
    ends = union_all(*(select(func.max(_cases.fiscal_year).label("year")).where(way) for way in ways)).subquery("ends")
    latest = select(func.max(ends.c.year)).scalar_subquery()
    part = union_all(*(_along(way, latest, stage) for way in ways for stage in (_stages(), None))).subquery("part")
    many = cast(func.sum(part.c.many), BigInteger)
    return (
        select(part.c.fiscal_year, part.c.stage, many.label("many"))
        .group_by(part.c.fiscal_year, part.c.stage)
        .having(many > 0)
        .order_by(part.c.fiscal_year.desc(), part.c.stage)
    )


def _along(way: Any, latest: Any, stages: Any) -> Select[Any]:
    """The counts of one way to see cases in every stage, or, without stages, of those that stand in none.

    The stage is said as a range and ordered by, which only the index can do in passing: said as the one it is,
    PostgreSQL reads the whole table for each stage as soon as a third of it has changed since it was last cleaned.
    """
    back = func.generate_series(0, YEARS - 1).table_valued(column("years", Integer())).render_derived(name="back")
    year = latest - back.c.years
    stage = stages.c.stage if stages is not None else null().cast(Text())
    here = _cases.stage.between(stages.c.stage, stages.c.stage) if stages is not None else _cases.stage.is_(None)
    around = back.join(stages, true()) if stages is not None else back
    found = (
        select(literal(1).label("one"))
        .select_from(Case)
        .where(way, _cases.fiscal_year == year, here)
        .order_by(_cases.stage)
        .limit(bindparam("most", type_=BigInteger()))
        .lateral("found")
    )
    return (
        select(year.label("fiscal_year"), stage.label("stage"), func.count().label("many"))
        .select_from(around.join(found, true()))
        .group_by(back.c.years, stage)
    )


def _stages() -> Any:
    told = func.unnest(bindparam("stages", type_=ARRAY(Text()))).table_valued(column("stage", Text()))
    return told.render_derived(name="stages")
