"""报送整改情况: a unit says what it did about a problem found outside the letter."""

from dataclasses import astuple
from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.rectifications import RectificationReported
from engine.directory import Actor, NotYourUnit
from engine.moves.move import Move
from engine.moves.problems import await_verified
from engine.moves.receipts import Receipt
from engine.moves.rectifying import Done, RectificationRefused, on_row
from engine.moves.repeating import Asked
from engine.rectifications import Rectification
from engine.store.figures import is_amount
from engine.texts import is_blank
from engine.words import RectificationState

MOST_RULES = 10_000


def report_rectification(
    session: Session, rectification_id: int, done: Done, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """报送整改情况: the unit says what it did about such a problem, with evidence."""

    def work(row: Rectification, move: Move) -> None:
        if by.unit_id != row.unit_id:
            raise NotYourUnit("这项整改由其他单位办理，您不能报送。请由责任单位报送。", rectification=row.id)
        if is_blank(done.responsible_person) or is_blank(done.measures) or all(map(is_blank, done.evidence)):
            raise RectificationRefused("整改情况要写明责任人和措施，并附佐证，没有报送。请补齐。", item=row.item)
        if done.recovered_wan is not None and not is_amount(done.recovered_wan):
            raise RectificationRefused("追回金额应是不小于0的万元数，最多六位小数，没有报送。请核对。", item=row.item)
        if not 0 <= done.rules_improved <= MOST_RULES:
            raise RectificationRefused(f"完善制度应是0至{MOST_RULES}项，没有报送。请核对。", item=row.item)
        row.state, row.responsible_person = RectificationState.REPORTED, done.responsible_person.strip()
        row.rules_improved, row.recovered_wan = done.rules_improved, done.recovered_wan
        move.record(RectificationReported(item=row.item, measures=done.measures, evidence=tuple(done.evidence)))
        await_verified(move, row)

    content = {"rectification": rectification_id, "done": astuple(done)}
    return on_row(session, Asked("report_rectification", by, at, key, content=content), rectification_id, work)
