"""要留意的日子: what comes near and somebody has to see to, with who that is; and years nobody confirmed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.lookahead import (
    EndingPolicy,
    NearPublication,
    YearToConfirm,
    policies_ending,
    publications_near,
    years_to_confirm,
)
from engine.moves.permissions import must_be_let_in


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is near in a jurisdiction on one day."""

    years: tuple[YearToConfirm, ...]
    policies: tuple[EndingPolicy, ...]
    publications: tuple[NearPublication, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nobody has to see to anything."""
        return not (self.years or self.policies or self.publications)


def ahead(session: Session, actor: Actor, *, on: date) -> Ahead:
    """All of it for the actor's jurisdiction; for the operator and 绩效股."""
    must_be_let_in("see_operations", actor)
    here = actor.jurisdiction
    return Ahead(
        years_to_confirm(session, here, on), policies_ending(session, here, on), publications_near(session, here, on)
    )


def calendar_gaps(session: Session, actor: Actor, *, on: date) -> tuple[YearToConfirm, ...]:
    """Years whose holidays ought to be confirmed by now; everybody may read it."""
    must_be_let_in("see_calendar", actor)
    return years_to_confirm(session, actor.jurisdiction, on)
