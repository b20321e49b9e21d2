"""What lets a case stand still, go on, or end before its time."""

from sqlalchemy.orm import Session

from engine import process
from engine.audit.events.cases import CaseCancelled, CaseResumed
from engine.cases import Case
from engine.moves import updates
from engine.moves.disposing import stand_still
from engine.moves.giving_back import given_back
from engine.moves.incidents import resolve_all
from engine.moves.move import Move
from engine.moves.redating import move_days
from engine.moves.repeating import Asked
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import CaseState


def change_state(session: Session, case: Case, asked: Asked, to: CaseState, reason: str) -> None:
    """Stop, let go on, or end a case, for a stated reason; one that goes on gets back the days it stood still."""
    if is_blank(reason):
        raise ReasonMissing("暂停、恢复和取消案卷都要写明原因，没有办理。请补充。", case_id=case.id)
    if to is CaseState.CANCELLED:
        resolve_all(session, case, by=asked.by, at=asked.at, how="案卷取消")
    move = Move(session, case, asked.by, asked.at)
    if to is CaseState.SUSPENDED:
        stand_still(move, reason)
    elif to is CaseState.CANCELLED:
        updates.take_everything_back(move, move.at)
        move.end(to, CaseCancelled(reason=reason))
    else:
        move.case_values |= {"state": to}
        move.record(CaseResumed(reason=reason))
        move.join_launches(process.look(move.diagrams, move.state).opened_catches)
        move_days(session, [move], given_back(move))
        return
    move.write()
