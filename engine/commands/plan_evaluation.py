"""年度评价计划: which objects are evaluated this year, and who leads, chosen directly (HX-07, HX-08, HC-14, CH-13)."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import EvaluationPlanned
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.delivering import Transactions
from engine.moves.frames import Frame
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.moves.selections import choose_once, deliver_selection, frozen, keep, must_explain_undefined
from engine.reviews import ReasonMissing
from engine.texts import is_blank

PURPOSE = "key_evaluation"


class NotInFrame(InvalidInput):
    """Somebody is chosen who does not wait to be chosen."""

    code = "plan.not_in_frame"


def plan_evaluation(
    transactions: Transactions,
    fiscal_year: int,
    *,
    by: Actor,
    at: datetime,
    chosen: Collection[int] | None = None,
    department_led: Collection[int] = (),
    seen_hash: bytes | None = None,
    reason: str | None = None,
    key: str | None = None,
    most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Receipt:
    """Choose the cases of the year's plan and tell every waiting case; without `chosen`, all the table names.

    花溪 evaluates all departments and every project from 50 万元 on: exactly its table. To choose otherwise than the
    table says, or where it says nothing, needs `reason`. `department_led` are those the departments lead (HC-14).
    After `most` cases it stops telling; `finish_selection` goes on.
    """

    def choose(session: Session) -> int:
        frame = frozen(session, fiscal_year, PURPOSE, by=by, at=at, seen=seen_hash)
        wanted = _wanted(frame, chosen, reason)
        must_explain_undefined(frame, sorted(wanted), reason)
        _must_be_among(set(department_led), wanted)
        choices = [
            {"case": case, "organizer": "department" if case in department_led else "finance"}
            for case in sorted(wanted)
        ]
        return keep(session, fiscal_year, PURPOSE, frame, choices, event=EvaluationPlanned, by=by, at=at, reason=reason)

    content = {
        "fiscal_year": fiscal_year, "chosen": sorted(chosen) if chosen is not None else None,
        "department_led": sorted(department_led), "reason": reason,
        "seen_hash": seen_hash.hex() if seen_hash else None,
    }  # fmt: skip
    receipt = choose_once(transactions, Asked("plan_evaluation", by, at, key, content=content), choose)
    deliver_selection(transactions, receipt.gave["sample"], by=by, at=at, most=most, progress=progress)
    return receipt


def _wanted(frame: Frame, chosen: Collection[int] | None, reason: str | None) -> set[int]:
    by_table = set(frame.candidates) - set(frame.undefined)
    if chosen is None:
        return by_table
    wanted = set(chosen)
    _must_be_among(wanted, {member["case"] for member in frame.members})
    differs = (wanted ^ by_table) - set(frame.undefined)
    if differs and is_blank(reason):
        raise ReasonMissing(
            f"有{len(differs)}份案卷的选取与本区规定不同，没有办理。请写明理由。", cases=sorted(differs)
        )
    return wanted


def _must_be_among(cases: set[int], frame: set[int]) -> None:
    strangers = sorted(cases - frame)
    if strangers:
        raise NotInFrame(
            f"有{len(strangers)}份案卷不在备选名单里（如{strangers[0]}号），没有办理。请核对名单。", cases=strangers
        )
