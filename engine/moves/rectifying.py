"""Problems found outside the letter (congress, audit, monitoring): the rows commands work on (GZ-16)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from engine.cases import case_by_id
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.firing import fire_first
from engine.moves.move import Move
from engine.moves.permissions import must_be_permitted
from engine.moves.receipts import Receipt, written_in
from engine.moves.repeating import Asked, begin, done
from engine.rectifications import Rectification
from engine.words import RectificationOrigin

OUTSIDE_LETTERS = tuple(origin for origin in RectificationOrigin if origin.is_by_hand)
"""Where a problem can be found that stands in no letter."""


class RectificationNotFound(NotFound):
    """No such row in the ledger of this jurisdiction."""

    code = "rectification.not_found"


class RectificationRefused(InvalidInput):
    """The problem, or what is said to have been done about it, is not described well enough."""

    code = "rectification.refused"


class HasItsOwnStep(WrongState):
    """The row stands in a letter and is worked on through its tasks."""

    code = "rectification.has_its_own_step"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found wrong, by whom (`origin`, a word of OUTSIDE_LETTERS), and what has to be done until when."""

    origin: str
    category: str
    problem: str
    requirement: str
    due_on: date
    amount_wan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What the unit did about it: the person responsible, the measures, the evidence and what came of it."""

    responsible_person: str
    measures: str
    evidence: tuple[str, ...]
    rules_improved: int = 0
    recovered_wan: Decimal | None = None


def rectification_by_id(session: Session, rectification_id: int) -> Rectification:
    """The ledger row of that number; refuses one this jurisdiction does not have."""
    row = session.get(Rectification, rectification_id)
    if row is None:
        raise RectificationNotFound(
            "整改台账里没有这一项，或者它不属于本地区。请核对编号。", rectification=rectification_id
        )
    return row


def on_row(
    session: Session, asked: Asked, rectification_id: int, work: Callable[[Rectification, Move], None]
) -> Receipt:
    """The receipt of work on one open row that stands in no letter, done once, by somebody who may.

    What is due of its case by then takes effect first. The case is taken before the row, as the clock takes them.
    """
    must_be_permitted(asked.command, asked.by)
    row = rectification_by_id(session, rectification_id)
    known = begin(session, asked)
    if known is not None:
        return known
    if row.origin not in OUTSIDE_LETTERS:
        raise HasItsOwnStep(f"整改事项{row.item}来自反馈意见函，请从待办里办理。", item=row.item)
    case = case_by_id(session, row.case_id)
    session.refresh(case, with_for_update=True)
    fire_first(session, case, asked.at)
    session.refresh(row, with_for_update=True)
    row.must_be_open()
    since = len(written_in(session))
    move = Move(session, case, asked.by, asked.at)
    work(row, move)
    move.write()
    return done(session, asked, since, case, {"rectification": row.id})
