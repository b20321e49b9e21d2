"""立项: a problem found outside the letter (congress, audit, monitoring) goes onto the ledger (GZ-16)."""

from dataclasses import astuple
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.events.rectifications import RectificationOpened
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.moves.move import Move
from engine.moves.problems import await_rectified
from engine.moves.receipts import Receipt
from engine.moves.rectifying import OUTSIDE_LETTERS, Found, RectificationRefused
from engine.moves.repeating import Asked, on_case
from engine.rectifications import Rectification
from engine.store.figures import is_amount
from engine.texts import is_blank
from engine.words import RectificationState


def open_rectification(
    session: Session,
    case_id: int,
    found: Found,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """立项: put a problem on the ledger of a case, closed or not; the unit of the case has to put it right by its day.

    Of that day it is reminded, and when it has passed one office after the other hears of it until it is struck off.
    """

    def work(case: Case) -> dict[str, int]:
        _refuse_bad(found, day_of(at))
        row = Rectification(
            jurisdiction=case.jurisdiction, case_id=case.id, item=_next_item(session, case), origin=found.origin,
            category=found.category, problem=found.problem.strip(), requirement=found.requirement.strip(),
            amount_wan=found.amount_wan, unit_id=case.unit_id, opened_on=day_of(at), due_on=found.due_on,
            state=RectificationState.OPEN,
        )  # fmt: skip
        session.add(row)
        session.flush()
        move = Move(session, case, by, at)
        move.record(RectificationOpened(items=(row.item,), origin=found.origin, due_on=found.due_on))
        await_rectified(move, row)
        move.write()
        return {"rectification": row.id}

    content = {"case": case_id, "found": astuple(found)}
    return on_case(session, Asked("open_rectification", by, at, key, expected, content), case_id, work)


def _refuse_bad(found: Found, today: date) -> None:
    if found.origin not in OUTSIDE_LETTERS:
        choices = "、".join(origin.label for origin in OUTSIDE_LETTERS)
        raise RectificationRefused(f"另立的整改事项来源只能是{choices}，没有立项。请重新选择。", origin=found.origin)
    if is_blank(found.problem) or is_blank(found.requirement):
        raise RectificationRefused("整改立项要写明问题和整改要求，没有立项。请补齐。")
    if found.amount_wan is not None and not is_amount(found.amount_wan):
        raise RectificationRefused("涉及金额应是不小于0的万元数，最多六位小数，没有立项。请核对。")
    if found.due_on < today:
        raise RectificationRefused(f"整改期限{found.due_on:%Y-%m-%d}已过，没有立项。请定一个以后的日期。")


def _next_item(session: Session, case: Case) -> str:
    """另立-1, 另立-2 …: numbered within the case, so that they never meet the ids of a letter's problems."""
    session.refresh(case, with_for_update=True)
    by_hand = select(func.count()).where(Rectification.case_id == case.id, Rectification.origin.in_(OUTSIDE_LETTERS))
    return f"另立-{(session.scalar(by_hand) or 0) + 1}"
