"""Which steps of the diagrams judge something, and which are taken for many cases at once."""

from collections.abc import Callable, Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.process import Element, StepKind
from engine.stages import diagrams_of
from engine.stages.model import Definition
from engine.words import LANES, Role

Place = tuple[str, str]
"""Process id and element id."""


def steps_of_kind(session: Session, kind: StepKind) -> tuple[Place, ...]:
    """Every step of that kind in any version of the diagrams a case may run on."""
    return _steps(session, lambda element: element.step.kind is kind)


def year_wide_steps(session: Session, roles: Collection[Role]) -> tuple[Place, ...]:
    """Every step of these offices that any version of the diagrams takes for many cases at once."""
    return _steps(session, lambda element: element.step.year_wide and LANES.get(element.lane or "") in roles)


def _steps(session: Session, wanted: Callable[[Element], bool]) -> tuple[Place, ...]:
    numbers = session.scalars(select(Definition.id).where(Definition.kind == "diagrams"))
    found = {
        (element.process_id, element.id)
        for number in numbers
        for process_id in diagrams_of(session, number).process_ids
        for element in diagrams_of(session, number).elements(process_id)
        if wanted(element)
    }
    return tuple(sorted(found))
