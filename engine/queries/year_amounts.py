"""核减: what the objects of a year asked for, what was found right and what they have now, each and in sum (GZ-10)."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Unit
from engine.queries.scope import visible_to
from engine.queries.year_counts import EVERYTHING, Share, of_share
from engine.queries.year_results import MAY_SEE
from engine.scoring import Reduction, reduction
from engine.store.base import table_of
from engine.words import CaseKind, CaseState, Role

_cases, _units = table_of(Case).c, table_of(Unit).c


_IS_ARRANGED = or_(_cases.state != CaseState.CLOSED, func.jsonb_exists(_cases.forms, "target"))
"""Not turned down: at work, or over with a target that was approved."""
_SETTLED = case((_IS_ARRANGED, _cases.settled_wan))
_CUT = _cases.asked_wan - _SETTLED
_IS_SETTLED = _CUT.is_not(None)
_later = table_of(Case).alias("later")
_COUNTED = (
    _cases.object_kind != CaseKind.WHOLE_DEPARTMENT, _cases.state != CaseState.CANCELLED,
    ~exists().where(_later.c.predecessor_id == _cases.id),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ObjectAmounts:
    """One object: asked for, found right (None: not yet, or turned down), and the amount in force, in 万元."""

    case_id: int
    code: str
    name: str
    unit: str
    asked_wan: Decimal
    settled_wan: Decimal | None
    now_wan: Decimal

    @property
    def cut(self) -> Reduction | None:
        """核减额 and 核减率; None where no amount was found right."""
        return reduction(self.asked_wan, self.settled_wan)


@dataclass(frozen=True, slots=True)
class YearAmounts:
    """How many have an amount found right, how many less than they asked for, and the sums of those, in 万元.

    `unknown` is how many cases of earlier releases nobody knows the request of; `objects` are at most so many as were
    asked for, the greatest cut first.
    """

    settled: int
    less: int
    unknown: int
    asked_wan: Decimal
    settled_wan: Decimal
    objects: tuple[ObjectAmounts, ...]

    @property
    def cut(self) -> Reduction | None:
        """核减额 and 核减率 of all of them, from unrounded amounts; None where none has an amount found right."""
        return reduction(self.asked_wan, self.settled_wan) if self.settled else None


def year_amounts(
    session: Session, actor: Actor, fiscal_year: int, *, share: Share = EVERYTHING, most: int | None = None
) -> YearAmounts:
    """The amounts of the projects and policies of a year the actor may see; for finance and the congress.

    A whole department has its projects in it; a cancelled case is none, nor is one whose object began anew. Two
    statements, whatever there is.
    """
    actor.must_hold(*(role for role in Role if role in MAY_SEE))
    here = (visible_to(actor), _cases.fiscal_year == fiscal_year, of_share(share), *_COUNTED)
    of_units = table_of(Case).join(table_of(Unit), _units.id == _cases.unit_id)
    sums = session.execute(
        select(
            func.count().filter(_IS_SETTLED).label("settled"),
            func.count().filter(_IS_SETTLED, _CUT > 0).label("less"),
            func.count().filter(_cases.asked_wan.is_(None)).label("unknown"),
            func.coalesce(func.sum(_cases.asked_wan).filter(_IS_SETTLED), 0).label("asked_wan"),
            func.coalesce(func.sum(_SETTLED).filter(_IS_SETTLED), 0).label("settled_wan"),
        )
        .select_from(of_units)
        .where(*here)
    ).one()
    rows = session.execute(
        select(
            _cases.id, _cases.code, _cases.name, _units.name.label("unit"), _cases.asked_wan, _SETTLED,
            _cases.amount_wan,
        )
        .select_from(of_units)
        .where(*here, _cases.asked_wan.is_not(None))
        .order_by(_CUT.desc().nulls_last(), _cases.code, _cases.id)
        .limit(most)
    )  # fmt: skip
    objects = tuple(ObjectAmounts(*row) for row in rows)
    return YearAmounts(sums.settled, sums.less, sums.unknown, sums.asked_wan, sums.settled_wan, objects)
