"""最近动态: what was done last in the moving cases of a unit and in those one follows, from the ends of journals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Select, Subquery, select, true, union
from sqlalchemy.orm import Session

from engine.audit import Entry, read_entry
from engine.audit.events import WAITING
from engine.cases import Case
from engine.cases.following import MOST_FOLLOWED, followed_by
from engine.directory import Actor
from engine.queries.case_timeline import SYSTEM, named_in
from engine.queries.own_progress import TOLD_TO
from engine.queries.scope import visible_to
from engine.queries.steps_before import STEPS
from engine.queries.telling import words_for
from engine.stages import step_names
from engine.store.base import table_of
from engine.words import CaseState

MOST_CASES = 300
"""So many cases are looked into, the latest of the latest years."""
LONGEST_MOVE = 12
"""So many entries at the end of a journal, which are its last move or more."""
_journal, _cases = table_of(Entry).c, table_of(Case).c


@dataclass(frozen=True, slots=True)
class RecentMove:
    """One thing done: when, by whom and for whom, the sentence of the journal, in which case, and if one follows it."""

    at: datetime
    by: str
    acting_for: str | None
    sentence: str
    case_id: int
    case: str
    followed: bool


def recent_moves(session: Session, actor: Actor, *, most: int = 6) -> tuple[RecentMove, ...]:
    """The last that was done in the cases a unit or department may see, the latest first, one line a move.

    Other offices are told here of the cases they follow. A case that is over is told of on its own page.
    """
    rows = list(islice(_moves(session.execute(_ends(actor, most)).all()), most))
    events = [(row, read_entry(row.type, row.version, row.payload)) for row in rows]
    people = named_in(session, events)
    told = []
    for row, event in events:
        words = words_for(step_names(session, row.diagrams_id), people)
        by, absent = people.get(row.by, SYSTEM), people.get(row.acting_for)
        told.append(RecentMove(row.at, by, absent, event.sentence(words), row.case_id, row.name, row.followed))
    return tuple(told)


def _ends(actor: Actor, most: int) -> Select[Any]:
    """The last entries of every case that say what was done, and of these the latest."""
    moving = _moving(actor)
    end = (
        select(
            _journal.case_id, _journal.seq, _journal.type, _journal.version, _journal.payload, _journal.at, _journal.by,
            _journal.acting_for,
        )
        .where(
            _journal.jurisdiction == moving.c.jurisdiction,
            _journal.case_id == moving.c.id,
            _journal.type.not_in(WAITING),
        )
        .order_by(_journal.seq.desc())
        .limit(LONGEST_MOVE)
        .lateral("end_")
    )  # fmt: skip
    return (
        select(*end.c, moving.c.name, moving.c.diagrams_id, moving.c.id.in_(followed_by(actor)).label("followed"))
        .select_from(moving.join(end, true()))
        .order_by(end.c.at.desc(), end.c.case_id, end.c.seq.desc())
        .limit(most * LONGEST_MOVE)
    )


def _moving(actor: Actor) -> Subquery:
    """The cases that are told of: those one follows, and for a unit or department also the latest they may see."""
    moving = select(_cases.id, _cases.jurisdiction, _cases.name, _cases.diagrams_id).where(
        visible_to(actor), _cases.state.in_([CaseState.ACTIVE, CaseState.SUSPENDED])
    )
    latest = _cases.fiscal_year.desc(), _cases.id.desc()
    followed = moving.where(_cases.id.in_(followed_by(actor))).order_by(*latest).limit(MOST_FOLLOWED)
    if not actor.roles & TOLD_TO:
        return followed.subquery("moving")
    return union(
        *(each.subquery().select() for each in (moving.order_by(*latest).limit(MOST_CASES), followed))
    ).subquery("moving")


def _moves(rows: Sequence[Any]) -> Iterator[Any]:
    """Of every move the entry that tells the step, or else the first; the rest of it followed from that.

    A move is what one person did in one case at one instant; what the system did at that instant followed too.
    """
    by_people = {(row.case_id, row.at) for row in rows if row.by is not None}
    for (case_id, at, by), move in groupby(rows, key=lambda row: (row.case_id, row.at, row.by)):
        if by is not None or (case_id, at) not in by_people:
            yield min(move, key=lambda row: (row.type not in STEPS, row.seq))
