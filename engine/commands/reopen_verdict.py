"""重新认定: finance decides anew, with a reason, what no table lays down, until the verdict has gone out."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.cases import VerdictReopened
from engine.cases import Case
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.verdicts import verdict_to_reopen
from engine.reviews import ReasonMissing
from engine.texts import is_blank


class NoVerdict(WrongState):
    """Nothing was decided that could be decided otherwise now."""

    code = "verdict.nothing_to_reopen"


def reopen_verdict(
    session: Session,
    case_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Let the case stand again at the step in which its last verdict (认定) was given; until then the verdict holds.

    Refuses where there is none, and once a letter that rests on it is out: that has to be taken back first.
    """

    def work(case: Case) -> None:
        if is_blank(reason):
            raise ReasonMissing("重新认定要写明理由，没有办理。请补充。", case_id=case_id)
        place = verdict_to_reopen(session, case, at)
        if place is None:
            raise NoVerdict("本案卷现在没有可以重新认定的事项，没有办理。意见函已经发出的，请先收回。", case_id=case_id)
        move = Move(session, case, by, at)
        move.record(VerdictReopened(step=".".join(place), reason=reason.strip()))
        move.jump(*place)
        move.write()

    content = {"case": case_id, "reason": reason}
    return on_case(session, Asked("reopen_verdict", by, at, key, expected, content), case_id, work)
