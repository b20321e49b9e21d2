"""Who may see which cases: one condition, used by every read and by what somebody does because they see a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from engine.cases.model import Case, CaseNotFound
from engine.directory import Actor
from engine.store.base import table_of
from engine.words import CaseState, Role

_cases = table_of(Case).c

WHOLE_TENANT = frozenset({Role.FINANCE_DIVISION, Role.PERFORMANCE_OFFICE, Role.BUREAU_LEADER})
OWN_UNIT = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD})


@dataclass(frozen=True, slots=True)
class Seat:
    """The offices somebody holds in one unit."""

    unit_id: int
    roles: frozenset[Role]


def seats_of(actor: Actor, seats: Sequence[Seat] = ()) -> tuple[Seat, ...]:
    """Where an actor sits: the seats named, or those of the unit they act in."""
    return tuple(seats) or (Seat(actor.unit_id, actor.roles),)


def visible_to(actor: Actor, seats: Sequence[Seat] = (), *, whole: Iterable[Role] = ()) -> ColumnElement[bool]:
    """The condition on `cases` under which this actor may see a case.

    Finance sees all of its jurisdiction, a department its own cases and those of its units, a unit its own, an agency
    those it was given, the congress and the auditors those that are closed; nobody else sees any. `whole` are offices
    that see everything in this one read (the operator, where something went wrong).
    """
    everything = WHOLE_TENANT | frozenset(whole)
    held = seats_of(actor, seats)
    here = _cases.jurisdiction == actor.jurisdiction
    if any(seat.roles & everything for seat in held):
        return here
    ways = [way for seat in held for way in _ways(seat)]
    return and_(here, or_(false(), *ways))


def ways_apart(actor: Actor) -> Sequence[ColumnElement[bool]]:
    """`visible_to` for those who see neither all nor all that are closed, way by way, no case in two: for counting,
    each along its own index."""
    ways = list(_ways(Seat(actor.unit_id, actor.roles)))
    here = _cases.jurisdiction == actor.jurisdiction
    return [and_(here, way, *(earlier.is_not(true()) for earlier in ways[:at])) for at, way in enumerate(ways)]


def visible_case(session: Session, actor: Actor, case_id: int) -> Case:
    """The case of that number; refuses one that is not there for this actor."""
    case = session.scalars(
        select(Case).where(_cases.id == case_id, visible_to(actor)).execution_options(populate_existing=True)
    ).one_or_none()
    if case is None:
        raise CaseNotFound("没有这份案卷，或者您无权查看。请核对编号。", case_id=case_id)
    return case


def _ways(seat: Seat) -> Iterable[ColumnElement[bool]]:
    if seat.roles & OWN_UNIT or Role.DEPARTMENT in seat.roles:
        yield _cases.unit_id == seat.unit_id
    if Role.DEPARTMENT in seat.roles:
        yield _cases.department_id == seat.unit_id
    if Role.AGENCY in seat.roles:
        yield _cases.agency_id == seat.unit_id
    if Role.OBSERVER in seat.roles:
        yield _cases.state == CaseState.CLOSED
