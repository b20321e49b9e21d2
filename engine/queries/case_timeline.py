"""经过: what happened to a case, entry by entry, as sentences anybody can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, read_entry
from engine.audit.events import Words
from engine.cases import case_by_id
from engine.directory import Person
from engine.process import Diagrams, UnknownElement
from engine.queries.telling import words_for
from engine.reviews import Review
from engine.stages import diagrams_of

SYSTEM = "系统"


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, who (and for whom), what kind of thing, the sentence, and the opinion given with it."""

    seq: int
    at: datetime
    by: str
    acting_for: str | None
    type: str
    title: str
    sentence: str
    opinion: str | None

    @property
    def automatic(self) -> bool:
        """Whether nobody did it; such lines are folded on the page."""
        return self.by == SYSTEM


def case_timeline(session: Session, case_id: int, *, after: int = 0, limit: int = 1000) -> list[Happening]:
    """The entries of a case's journal behind `after`, oldest first, at most `limit` of them."""
    case = case_by_id(session, case_id)
    entries = session.scalars(
        select(Entry)
        .where(Entry.jurisdiction == case.jurisdiction, Entry.case_id == case_id, Entry.seq > after)
        .order_by(Entry.seq)
        .limit(limit)
    ).all()
    people = _people(session, entries)
    opinions = _opinions(session, case_id)
    words = words_for(_step_names(diagrams_of(session, case.diagrams_id)), people)
    return [_line(entry, people, opinions, words) for entry in entries]


def _line(entry: Entry, people: dict[int, str], opinions: dict[str, str], words: Words) -> Happening:
    event = read_entry(entry.type, None, entry.payload)
    return Happening(
        seq=entry.seq,
        at=entry.at,
        by=people[entry.by] if entry.by is not None else SYSTEM,
        acting_for=people[entry.acting_for] if entry.acting_for is not None else None,
        type=entry.type,
        title=event.title,
        sentence=event.sentence(words),
        opinion=opinions.get(str(entry.payload.get("task")).replace("-", "")),
    )


def _people(session: Session, entries: Iterable[Entry]) -> dict[int, str]:
    ids = {person for entry in entries for person in (entry.by, entry.acting_for) if person is not None}
    rows: Any = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all() if ids else []
    return {row.id: row.name for row in rows}


def _opinions(session: Session, case_id: int) -> dict[str, str]:
    """The reason written with a step, by the number of its task."""
    rows = session.execute(select(Review.task_id, Review.reason).where(Review.case_id == case_id))
    return {row.task_id.hex: row.reason for row in rows if row.reason}


def _step_names(diagrams: Diagrams) -> Any:
    """Names as today's diagram of the case has them; a step it no longer has keeps its id."""

    def name(step: str) -> str:
        process, _, element = step.partition(".")
        try:
            return diagrams.element(process, element).name or element
        except UnknownElement:
            return element

    return name
