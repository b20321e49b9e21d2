"""What a step is called, whichever diagrams draw it: a case keeps its story when it goes on with others."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from engine.process import Element, UnknownElement
from engine.stages.library import library_of


def step_drawn(session: Session, diagrams_id: int, process: str, element: str) -> Element:
    """The step as the diagrams of a case draw it, or, where they no longer do, as the last ones that did.

    UnknownElement where no diagrams ever drew it.
    """
    return library_of(session).step_drawn(session, diagrams_id, process, element)


def step_name(session: Session, diagrams_id: int, process: str, element: str) -> str:
    """The Chinese name of that step; one that was never drawn, or has no name, is called by its id."""
    try:
        return step_drawn(session, diagrams_id, process, element).name or element
    except UnknownElement:
        return element


def step_names(session: Session, diagrams_id: int) -> Callable[[str], str]:
    """The same for the steps of one case, asked for by process.element."""

    def name(step: str) -> str:
        process, _, element = step.partition(".")
        return step_name(session, diagrams_id, process, element)

    return name
