"""预算调整: the amount changes, so the target is declared anew, wherever the case stands (HX-06, GZ-02)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from engine.audit.events.execution import SupplementWeighed
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.moves.adjusting import MESSAGE, AdjustmentOpen, Wanted, must_be_adjustable, open_adjustment
from engine.moves.consequences import must_not_be_blocked
from engine.moves.move import Move, wait_for
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.spending import department_progress
from engine.scoring.numbers import text_of
from engine.words import Adjustment


def adjust_budget(
    session: Session,
    case_id: int,
    amount_wan: Decimal,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    kind: str = "transfer",
    lines: Mapping[int, Decimal] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Start re-declaring the target at the new amount (万元, not negative); the case goes on meanwhile.

    `kind` is supplement, cut, transfer or target (the money stays); a supplement is first held against the progress of
    the department (HC-08). `lines` says what each fund line becomes, by number (万元), together the amount; the only
    line of a case follows by itself (HX-16). The amount in force changes when the new target version is approved. One
    adjustment at a time.
    """
    told = {} if lines is None else {"lines": sorted(lines.items())}
    content = {"case": case_id, "amount_wan": amount_wan, "kind": kind, "reason": reason, **told}
    asked = Asked("adjust_budget", by, at, key, expected, content)
    wanted = Wanted(amount_wan, kind, reason, lines)
    return on_case(session, asked, case_id, lambda case: _adjust(session, case, asked, wanted))


def _adjust(session: Session, case: Case, asked: Asked, wanted: Wanted) -> None:
    must_be_adjustable(case, wanted)
    if wanted.kind == Adjustment.SUPPLEMENT:
        must_not_be_blocked(session, case.id)
    catch = wait_for(case.waits, MESSAGE)
    if catch is None:
        raise AdjustmentOpen("案卷已过结果应用阶段，不能再调整本年预算。请在下一年度案卷中办理。", case_id=case.id)
    move = Move(session, case, asked.by, asked.at)
    open_adjustment(move, wanted)
    progress = _weighed(move) if wanted.kind == Adjustment.SUPPLEMENT else {}
    move.deliver(catch, {"adjustment_kind": wanted.kind, **progress})
    move.write()


def _weighed(move: Move) -> dict[str, str]:
    """The progress of the department by the newest figures, put on record with them; what is not sure is left out."""
    progress = department_progress(move.session, move.case, day_of(move.at))
    move.record(
        SupplementWeighed(
            department=progress.department_id,
            projects=progress.projects,
            without=progress.without,
            executed_wan=progress.executed_wan,
            of_wan=progress.of_wan,
            execution_rate=progress.execution_rate,
            time_progress=progress.time_progress,
            first_on=progress.first_on,
            last_on=progress.last_on,
            outdated=progress.outdated,
        )  # fmt: skip
    )
    return {name: text_of(share) for name, share in progress.rates.items()}
