"""审议 of one case that is no step of its diagram (专报领导, 送达代表委员)."""

from dataclasses import astuple
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.moves.gate import kind_of
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.sittings import DeliberationRefused, Sitting, keep_sitting, refuse_bad_sitting


def record_deliberation_of_case(
    session: Session,
    case_id: int,
    sitting: Sitting,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Note a sitting about one case that is no step of its diagram (专报领导, 送达代表委员)."""

    def work(case: Case) -> None:
        refuse_bad_sitting(sitting, at)
        kind = kind_of(session, case)
        if kind is None:
            raise DeliberationRefused("本案卷还没有可报审议的评价结果，没有登记。请先完成评价或复核。", case_id=case_id)
        move = Move(session, case, by, at)
        keep_sitting(move, sitting, kind)
        move.write()

    content = {"case": case_id, "sitting": astuple(sitting)}
    return on_case(session, Asked("record_deliberation_of_case", by, at, key, expected, content), case_id, work)
