"""审议 that no task of the diagram records (专报领导, 送达代表委员), noted beside the steps before publication."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands import record_deliberation_of_case as command
from engine.directory import Actor
from engine.moves.receipts import Receipt
from engine.moves.sittings import Sitting
from engine.queries.publication_gate import CaseGate
from engine.words import PublicationStep
from web.pages.steps.asked import Control, Field, Given

BODY, DAY = "noted_body", "noted_on"
"""What is asked; the step beside which it is asked has a body and a day of its own."""


def fields(gate: CaseGate) -> tuple[Field, ...]:
    """Which of them, and when; nothing where none is missing, or none has its turn."""
    bodies = {step.body.value: _called(step.body, gate.participants) for step in gate.to_record}
    if not bodies:
        return ()
    return (
        Field(BODY, "程序", Control.ONE_OF, bodies, usual=next(iter(bodies))),
        Field(DAY, "完成日期", Control.DAY, hint="如 2022-10-12，在完成后登记"),
    )


def _called(body: PublicationStep, participants: Sequence[str]) -> str:
    """The step, and to whom the report goes where the report names them."""
    named = body is PublicationStep.DEPUTIES and participants
    return f"{body.label}（{'、'.join(participants)}）" if named else body.label


def carry_out(session: Session, case_id: int, given: Given, *, by: Actor, at: datetime, key: str | None) -> Receipt:
    """Note that it was passed on that day."""
    sitting = Sitting(given.text(BODY), given.day(DAY, "完成日期"))
    return command(session, case_id, sitting, by=by, at=at, key=key)
