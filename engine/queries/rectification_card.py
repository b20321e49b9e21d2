"""一项整改: the problem, what was done about it and shown, and everything that became of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry, Event, read_entry
from engine.audit.events.rectifications import RectificationReplaced, RectificationReported
from engine.deadlines.model import Deadline
from engine.deadlines.problems import RECTIFY
from engine.deadlines.wording import awaited
from engine.directory import Actor, Person
from engine.moves.rectifying import OUTSIDE_LETTERS, RectificationNotFound
from engine.queries.rectification_ledger import LedgerFilters, LedgerLine, rectification_ledger
from engine.queries.telling import words_for
from engine.rectifications import Letter
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.words import DeadlineState, RectificationState

REPORT = "F11"
LETTER_BEFORE = re.compile("（第([0-9]{1,4})稿）$")
"""How the name of a problem ends whose letter was replaced: by the version of the letter."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happened to the problem: who did it, for whom, when, and the sentence."""

    at: datetime
    by: str | None
    acting_for: str | None
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A day by which something is awaited of the problem: the report, the verdict, or that the next office hears.

    `due_on` is None while it `waits` for the holidays of a year to be confirmed.
    """

    deadline_id: UUID
    name: str
    due_on: date | None
    waits: str | None

    @property
    def is_its_own(self) -> bool:
        """Whether it is the day of the ledger."""
        return self.name == RECTIFY


@dataclass(frozen=True, slots=True)
class RectificationCard:
    """The whole page. `measures`, `done` and `evidence` are what the unit said last; `reporters` who said it.

    `report` is the paper (F11) that says it where the problem stands in a letter, `letter_id` that letter. By the
    `days` something is awaited.
    """

    line: LedgerLine
    deeds: tuple[Deed, ...]
    measures: str | None
    done: str | None
    evidence: tuple[str, ...]
    reporters: frozenset[int]
    report: UUID | None
    letter_id: int | None
    days: tuple[DayAhead, ...]

    @property
    def is_by_hand(self) -> bool:
        """Whether it stands in no letter and is worked on here, without a task."""
        return self.line.origin in OUTSIDE_LETTERS

    @property
    def awaits_report(self) -> bool:
        """Whether the unit has to say what it did, here."""
        return self.is_by_hand and self.line.state in (RectificationState.OPEN, RectificationState.RETURNED)

    @property
    def awaits_verdict(self) -> bool:
        """Whether finance has to look at the evidence, here."""
        return self.is_by_hand and self.line.state == RectificationState.REPORTED


def rectification_card(session: Session, actor: Actor, rectification_id: int, *, on: date) -> RectificationCard:
    """A problem of a case the actor may see; refuses one that is not there for them. `on` is today."""
    ledger = rectification_ledger(session, actor, on=on, filters=LedgerFilters(id=rectification_id)).lines
    if not ledger:
        raise RectificationNotFound(
            "整改台账里没有这一项，或者您无权查看。请从台账中打开。", rectification=rectification_id
        )
    line = ledger[0]
    told = _entries(session, actor.jurisdiction, line)
    words = words_for(lambda step: step)
    reports = [(row, event) for row, event in told if isinstance(event, RectificationReported)]
    paper = _report(session, line)
    said: Mapping[str, Any] = paper[1] if paper is not None else {}
    event = reports[-1][1] if reports else None
    return RectificationCard(
        line=line,
        deeds=tuple(Deed(row.at, row.by_name, row.for_name, event.title, event.sentence(words)) for row, event in told),
        measures=event.measures if event is not None and event.measures else said.get("measures"),
        done=said.get("done"),
        evidence=event.evidence if event is not None and event.evidence else _files(said),
        reporters=frozenset(p for row, _ in reports[-1:] for p in (row.by, row.acting_for) if p is not None),
        report=paper[0] if paper is not None else None,
        letter_id=_letter_of(session, line),
        days=_days_ahead(session, line),
    )


def _entries(session: Session, jurisdiction: str, line: LedgerLine) -> list[tuple[Any, Event]]:
    """What the journal of the case says of this problem: alone, or among those of a letter."""
    entry, absent = all_of(Entry), aliased(Person)
    was = LETTER_BEFORE.sub("", line.item)
    rows = session.execute(
        select(
            entry.at, entry.type, entry.version, entry.payload, entry.by, entry.acting_for,
            Person.name.label("by_name"), absent.name.label("for_name"),
        )
        .outerjoin(Person, Person.id == entry.by)
        .outerjoin(absent, absent.id == entry.acting_for)
        .where(
            entry.jurisdiction == jurisdiction,
            entry.case_id == line.case_id,
            entry.type.like("rectification.%"),
            or_(
                entry.type == RectificationReplaced.name,
                entry.payload["item"].astext == was,
                entry.payload["items"].contains([was]),
            ),
        )
        .order_by(entry.seq)
    )  # fmt: skip
    return _of_this_letter([(row, read_entry(row.type, row.version, row.payload)) for row in rows], line.item)


def _of_this_letter(told: list[tuple[Any, Event]], item: str) -> list[tuple[Any, Event]]:
    """Those of the problem of this letter: a problem of the next letter may have the same name."""
    found: list[tuple[Any, Event]] = []
    for row, event in told:
        if not isinstance(event, RectificationReplaced):
            found.append((row, event))
        elif item in event.items:
            return [*found, (row, event)]
        elif any(LETTER_BEFORE.sub("", each) == LETTER_BEFORE.sub("", item) for each in event.items):
            found = []
    return found


def _report(session: Session, line: LedgerLine) -> tuple[UUID, Mapping[str, Any]] | None:
    """The latest report on this problem alone, and its row there; None for one opened by hand, or before the first."""
    if line.origin in OUTSIDE_LETTERS:
        return None
    paper = all_of(Submission)
    row = session.execute(
        select(paper.id, paper.content)
        .where(paper.case_id == line.case_id, paper.form == REPORT, paper.item == line.item)
        .order_by(paper.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return row.id, next((item for item in row.content.get("items", ()) if item.get("id") == line.item), {})


def _days_ahead(session: Session, line: LedgerLine) -> tuple[DayAhead, ...]:
    """What is pending of the problem, the next day first."""
    rows = session.scalars(
        select(Deadline)
        .where(
            Deadline.case_id == line.case_id,
            Deadline.rectification_id == line.id,
            Deadline.state == DeadlineState.PENDING,
        )
        .order_by(Deadline.due_at)
    )
    return tuple(DayAhead(row.id, row.name, row.due_on, awaited(row)) for row in rows)


def _files(said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(file.get("name", "") for file in said.get("evidence") or ())


def _letter_of(session: Session, line: LedgerLine) -> int | None:
    """The letter the problem stands in."""
    if line.origin in OUTSIDE_LETTERS:
        return None
    ids = session.scalars(select(Letter.id).where(Letter.case_id == line.case_id).order_by(Letter.id)).all()
    before = LETTER_BEFORE.search(line.item)
    at = int(before[1]) - 1 if before else len(ids) - 1
    return ids[at] if 0 <= at < len(ids) else None
