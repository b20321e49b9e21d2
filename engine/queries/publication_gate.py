"""公开前的程序 of one case: what the jurisdiction's table puts before publication, and what is on record of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.gate import gate_of, kind_of, participants_of, passed_on
from engine.moves.sittings import STEPS
from engine.queries.publications import DOCUMENTS
from engine.queries.scope import visible_case
from engine.queries.task_card import TaskCard
from engine.results.publication import steps_first
from engine.stages import library_of
from engine.words import DELIBERATIONS, PublicationStep

OF_DIAGRAM = frozenset(PublicationStep(body) for bodies in STEPS.values() for body in bodies)
"""What a step of the diagram records; the rest of the gate is recorded beside it."""


@dataclass(frozen=True, slots=True)
class GateStep:
    """One step before publication; `held_on` is the day it was passed, None while it is not on record."""

    body: PublicationStep
    held_on: date | None

    @property
    def has_no_task(self) -> bool:
        """Whether no task of the diagram records it (专报领导, 送达代表委员)."""
        return self.body not in OF_DIAGRAM


@dataclass(frozen=True, slots=True)
class CaseGate:
    """What stands before publication of the result called `document`; `source` None: 本区未规定.

    `publishes` says whether the table leads to publication; where not, a person states the ground. `participants` are
    those to whom the report is delivered.
    """

    document: str
    source: str | None
    publishes: bool
    steps: tuple[GateStep, ...]
    participants: tuple[str, ...] = ()

    @property
    def to_record(self) -> tuple[GateStep, ...]:
        """What is still missing, no task will ask for, and can be noted now: nothing that comes first is missing."""
        bodies = [step.body for step in self.steps]
        missing = {step.body for step in self.steps if step.held_on is None}
        return tuple(
            step
            for step in self.steps
            if step.body in missing
            and step.has_no_task
            and missing.isdisjoint(steps_first(bodies, step.body, OF_DIAGRAM))
        )


def gate_before(session: Session, actor: Actor, case_id: int, on: date) -> CaseGate | None:
    """The gate of a case the actor may see, on that day; None while the case has no result to publish."""
    case = visible_case(session, actor, case_id)
    kind = kind_of(session, case)
    if kind is None:
        return None
    gate = gate_of(case, library_of(session).policy_version(session, case.policy_id), kind, on)
    told = DOCUMENTS.get(kind, kind)
    if gate.undefined:
        return CaseGate(told, None, True, ())
    passed = passed_on(session, case, kind)
    wanted = tuple(map(PublicationStep, gate.outputs.get("steps") or ()))
    steps = tuple(GateStep(body, passed.get(body)) for body in wanted if body in DELIBERATIONS)
    people = participants_of(session, case) if PublicationStep.DEPUTIES in wanted else ()
    return CaseGate(told, gate.source, PublicationStep.PUBLISH in wanted, steps, people)


def bodies_of_step(session: Session, actor: Actor, card: TaskCard, on: date) -> tuple[PublicationStep, ...]:
    """The bodies whose sitting a step “登记审议” records, first the one the jurisdiction's gate names."""
    bodies = tuple(map(PublicationStep, STEPS.get(card.element, ())))
    gate = gate_before(session, actor, card.case_id, on)
    named = {step.body for step in gate.steps} if gate is not None else set()
    return tuple(sorted(bodies, key=lambda body: body not in named))
