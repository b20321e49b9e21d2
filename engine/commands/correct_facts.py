"""更正资料: what is known of an object was put on record wrongly, or not at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.events.objects import FactsCorrected
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.moves.move import Move
from engine.moves.object_facts import corrected, rulings_of
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.reviews import ReasonMissing
from engine.texts import is_blank


def correct_facts(
    session: Session,
    case_id: int,
    facts: Mapping[str, Any],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """These facts of the object are so from now on; None says that one is not known. What is not named stays.

    The tables are told the new ones whenever they are asked; what was ruled or chosen already stays, and the journal
    says of every table that would now answer otherwise. Refuses what no table reads, no difference, and no reason.
    """
    content = {"case": case_id, "facts": sorted(facts.items()), "reason": reason}
    asked = Asked("correct_facts", by, at, key, expected, content)
    return on_case(session, asked, case_id, lambda case: _correct(session, case, asked, facts))


def _correct(session: Session, case: Case, asked: Asked, facts: Mapping[str, Any]) -> None:
    reason = asked.content["reason"]
    if is_blank(reason):
        raise ReasonMissing("更正资料要写明原因和依据，没有办理。请补充。", case_id=case.id)
    told = corrected(case, facts)
    rulings = tuple(rulings_of(session, case, told, day_of(asked.at)))
    move = Move(session, case, asked.by, asked.at)
    move.case_values["facts"] = _on_record({**case.facts, **told.after})
    before, after = _on_record(told.before), _on_record(told.after)
    move.record(FactsCorrected(before=before, after=after, reason=reason.strip(), rulings=rulings))
    move.write()


def _on_record(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
