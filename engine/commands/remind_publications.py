"""提醒公开: once a day the clock tells units which of their targets go out with the budget soon, or should have."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events.publication import PublicationReminded
from engine.cases import Case
from engine.clock import day_of
from engine.moves import writing
from engine.moves.delivering import Transactions
from engine.moves.lookahead import NearPublication, targets_near
from engine.moves.move import Move

CHUNK = 200
"""So many cases are told of in one transaction."""


def remind_publications(transactions: Transactions, jurisdiction: str, *, at: datetime) -> int:
    """Remind each unit once before 应公开日 and once after it; gives how many reminders. Interrupted, ask again."""
    on = day_of(at)
    with transactions() as session:
        near = targets_near(session, jurisdiction, on)
    return sum(_remind(transactions, near[start : start + CHUNK], at) for start in range(0, len(near), CHUNK))


def _remind(transactions: Transactions, near: Iterable[NearPublication], at: datetime) -> int:
    """Whoever is at work on a case is left alone; tomorrow is another day."""
    wanted, on = {each.case_id: each for each in near}, day_of(at)
    with transactions() as session:
        told = _told(session, wanted)
        left = [each for each in wanted.values() if (each.case_id, on > each.due_on) not in told]
        ids = [each.case_id for each in left]
        found = session.scalars(select(Case).where(Case.id.in_(ids)).with_for_update(skip_locked=True)).all()
        moves = [_reminding(session, case, wanted[case.id], at) for case in found]
        writing.write(moves)
    return len(moves)


def _told(session: Session, ids: Iterable[int]) -> set[tuple[int, bool]]:
    """Case, and whether it was told after its day: what the units have heard already."""
    rows = session.execute(
        select(Entry.case_id, Entry.payload).where(Entry.case_id.in_(list(ids)), Entry.type == PublicationReminded.name)
    )
    return {(row[0], date.fromisoformat(row[1]["on"]) > date.fromisoformat(row[1]["due_on"])) for row in rows}


def _reminding(session: Session, case: Case, near: NearPublication, at: datetime) -> Move:
    assert near.kind is not None
    move = Move(session, case, None, at)
    move.record(PublicationReminded(document_kind=near.kind, due_on=near.due_on, on=day_of(at), unit=case.unit_id))
    return move
