"""移动步骤: the operator's last resort when a case went wrong. A reason and a second person, both on record."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.cases import CaseCorrected
from engine.cases import Case
from engine.directory import Actor
from engine.moves.incidents import resolve_all
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.second_person import must_be_second
from engine.reviews import ReasonMissing
from engine.texts import is_blank


def correct_state(
    session: Session,
    case_id: int,
    process_id: str,
    element_id: str,
    *,
    reason: str,
    second: Actor,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Let the case go on from another step of a diagram it stands in; open work there is taken back, papers stay.

    Open incidents of the case count as put right by it.
    """
    step = f"{process_id}.{element_id}"

    def work(case: Case) -> None:
        if is_blank(reason):
            raise ReasonMissing("移动步骤要写明原因，没有办理。请补充。", case_id=case_id)
        move = Move(session, case, by, at)
        name = move.diagrams.element(process_id, element_id).name
        agreed_by = second.person_id
        move.record(CaseCorrected(stage=case.stage, step=step, step_name=name, reason=reason, agreed_by=agreed_by))
        move.jump(process_id, element_id)
        move.write()
        resolve_all(session, case, by=by, at=at, how=f"移动到“{name}”")

    must_be_second(second, by, "移动步骤")
    content = {"case": case_id, "step": step, "reason": reason, "second": second.person_id}
    return on_case(session, Asked("correct_state", by, at, key, expected, content), case_id, work)
