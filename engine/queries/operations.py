"""运行状况: what stands still, what waits for the clock, what went wrong; counted, for those who run the system."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case, Incident
from engine.deadlines.due import held_by_nothing, takes_effect
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.permissions import must_be_let_in
from engine.store.base import table_of
from engine.words import CaseState, DeadlineState, IncidentState

_cases, _deadlines, _incidents = table_of(Case).c, table_of(Deadline).c, table_of(Incident).c


@dataclass(frozen=True, slots=True)
class Standing:
    """How a jurisdiction runs at one moment.

    `unfired` deadlines are past their time and have not taken effect although nothing holds them, the oldest since
    the end of `unfired_since`; `next_on` is the day of the next one. `last_incident_at` is the last fault, put right or
    not.
    """

    running: int
    suspended: int
    pending: int
    unfired: int
    unfired_since: date | None
    next_on: date | None
    last_fired_at: datetime | None
    incidents: int
    last_incident_at: datetime | None


def standing(session: Session, actor: Actor, *, at: datetime) -> Standing:
    """The counts of the actor's jurisdiction; for the operator and 绩效股."""
    must_be_let_in("see_operations", actor)
    here = actor.jurisdiction
    states = session.execute(
        select(_cases.state, func.count())
        .where(_cases.jurisdiction == here, _cases.state.in_((CaseState.ACTIVE, CaseState.SUSPENDED)))
        .group_by(_cases.state)
    ).all()
    cases = {row[0]: row[1] for row in states}
    days = session.execute(
        select(
            select(func.count()).where(_deadlines.jurisdiction == here, _deadlines.state == DeadlineState.PENDING)
            .scalar_subquery(),
            func.count(),
            func.min(_deadlines.due_on),
            select(func.min(_deadlines.due_on))
            .where(_deadlines.jurisdiction == here, *held_by_nothing(), _deadlines.due_at > at).scalar_subquery(),
            select(func.max(_deadlines.closed_at))
            .where(_deadlines.jurisdiction == here, _deadlines.state == DeadlineState.FIRED).scalar_subquery(),
        ).where(_deadlines.jurisdiction == here, *takes_effect(at))
    ).one()  # fmt: skip
    wrong = session.execute(
        select(func.count().filter(_incidents.state == IncidentState.OPEN), func.max(_incidents.raised_at)).where(
            _incidents.jurisdiction == here
        )
    ).one()
    return Standing(cases.get(CaseState.ACTIVE, 0), cases.get(CaseState.SUSPENDED, 0), *days, *wrong)
