"""What lets a case stand still, go on, or end before its time."""

from sqlalchemy.orm import Session

from engine import process
from engine.audit.events.cases import CaseCancelled, CaseResumed, CaseSuspended
from engine.cases import Case
from engine.moves import updates
from engine.moves.giving_back import given_back
from engine.moves.move import Move
from engine.moves.redating import move_days
from engine.moves.repeating import Asked
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import CaseState

_EVENTS = {"suspend": CaseSuspended, "resume": CaseResumed, "cancel": CaseCancelled}


def change_state(session: Session, case: Case, asked: Asked, to: CaseState, reason: str) -> None:
    """Stop, let go on, or end a case, for a stated reason; one that goes on gets back the days it stood still."""
    by, at, command = asked.by, asked.at, asked.command
    if is_blank(reason):
        raise ReasonMissing("暂停、恢复和取消案卷都要写明原因，没有办理。请补充。", case_id=case.id)
    move = Move(session, case, by, at)
    event = _EVENTS[command](reason=reason)
    if to is CaseState.CANCELLED:
        updates.take_everything_back(move, at)
        move.end(to, event)
    else:
        move.case_values |= {"state": to}
        move.record(event)
    if to is CaseState.ACTIVE:
        move.join_launches(process.look(move.diagrams, move.state).opened_catches)
        move_days(session, [move], given_back(move))
    else:
        move.write()
