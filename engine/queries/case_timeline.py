"""经过: what happened to a case, entry by entry, as sentences anybody can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, Event, read_entry
from engine.audit.events import Words
from engine.audit.events.calendars import DeadlineDayKept, DeadlineRedated
from engine.audit.events.cases import CaseClosed, DecisionMade, IncidentRaised, StageEntered
from engine.audit.events.deadlines import (
    DeadlineAwaitsCalendar,
    DeadlineDated,
    DeadlineFired,
    DeadlineGivenBack,
    DeadlineNotLaidDown,
    DeadlineOver,
    DeadlineReminded,
    DeadlineSet,
    SupplementBlocked,
)
from engine.audit.events.filings import PaperCopied
from engine.audit.events.money import CandidateAdded, ResultProposed
from engine.audit.events.papers import (
    ScoreGiven,
    SubmissionApproved,
    SubmissionFilled,
    SubmissionReturned,
    SubmissionSubmitted,
    TargetFrozen,
)
from engine.audit.events.rectifications import RectificationOpened, RectificationReplaced
from engine.audit.events.tasks import (
    TaskClosed,
    TaskCompleted,
    TaskEscalated,
    TaskOpened,
    TaskOverdue,
    TaskReminded,
    TaskStoodInFor,
    TaskTakeoverDeclined,
    TaskTakeoverRequested,
    TaskTransferred,
)
from engine.cases import Case
from engine.directory import Actor, Person
from engine.queries.scope import visible_case
from engine.queries.telling import words_for
from engine.reviews import Review
from engine.stages import step_names
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import LineKind

SYSTEM = "系统"
WITH_OPINION = (TaskCompleted, SubmissionReturned, SubmissionApproved)
"""The events an opinion may be written with."""
WITH_PEOPLE = (TaskStoodInFor, TaskTakeoverRequested, TaskTakeoverDeclined)
_DONE = (TaskCompleted, SubmissionFilled, SubmissionSubmitted, SubmissionReturned, SubmissionApproved)
"""The events that a step was done."""
_FOLLOWS: dict[LineKind, tuple[type[Event], ...]] = {
    LineKind.SYSTEM: (
        CandidateAdded, CaseClosed, DecisionMade, IncidentRaised, RectificationOpened, RectificationReplaced,
        ResultProposed, ScoreGiven, StageEntered, TargetFrozen, TaskClosed, TaskOpened,
    ),
    LineKind.DEADLINE: (
        DeadlineAwaitsCalendar, DeadlineDated, DeadlineDayKept, DeadlineFired, DeadlineGivenBack, DeadlineNotLaidDown,
        DeadlineOver, DeadlineRedated, DeadlineSet, SupplementBlocked, TaskOverdue,
    ),
    LineKind.NOTICE: (DeadlineReminded, TaskEscalated),
}  # fmt: skip
"""What follows from an act, or comes with time: nobody does these by themselves."""
_ACTS: dict[LineKind, tuple[type[Event], ...]] = {LineKind.NOTICE: (PaperCopied, TaskReminded)}
"""What people do, where a line is about something else than that."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, who (and for whom), what kind of thing, the sentence, and the opinion given with it.

    `automatic` says that nobody did it, `follows` that it only came with what was done. `took` is how long a step was
    open before it was done.
    """

    seq: int
    at: datetime
    by: str
    acting_for: str | None
    type: str
    title: str
    sentence: str
    opinion: str | None
    automatic: bool
    kind: LineKind
    follows: bool
    took: timedelta | None = None


def case_timeline(
    session: Session, actor: Actor, case_id: int, *, after: int = 0, limit: int = 1000
) -> list[Happening]:
    """What happened to a case the actor may see, behind the entry `after`, oldest first, at most `limit` entries."""
    return timeline_of(session, visible_case(session, actor, case_id), after=after, limit=limit)


def timeline_of(session: Session, case: Case, *, after: int = 0, limit: int = 1000) -> list[Happening]:
    """The same of a case at hand, whoever asks."""
    rows = all_of(Entry)
    entries = session.scalars(
        select(rows)
        .where(rows.jurisdiction == case.jurisdiction, rows.case_id == case.id, rows.seq > after)
        .order_by(rows.seq)
        .limit(limit)
    ).all()
    events = _with_events(session, case.id, entries)
    people = named_in(session, events)
    opinions = _opinions(session, case.id)
    words = words_for(step_names(session, case.diagrams_id), people)
    opened = {event.task: entry.at for entry, event in events if isinstance(event, TaskOpened)}
    lines = [_line(entry, event, people, opinions, words) for entry, event in events]
    return [
        replace(line, took=line.at - opened[event.task]) if isinstance(event, _DONE) and event.task in opened else line
        for line, (_, event) in zip(lines, events, strict=True)
    ]


def _with_events(session: Session, case_id: int, entries: Iterable[Entry]) -> list[tuple[Entry, Event]]:
    """Every entry with its event; a task that was taken back is called by its step."""
    events = [(entry, read_entry(entry.type, entry.version, entry.payload)) for entry in entries]
    closed = [event.task for _, event in events if isinstance(event, TaskClosed)]
    tasks = all_of(Task)
    known = session.scalars(select(tasks).where(tasks.case_id == case_id, tasks.id.in_(closed))) if closed else ()
    steps = {task.id: task.step for task in known}
    return [
        (entry, replace(event, step=steps.get(event.task)) if isinstance(event, TaskClosed) else event)
        for entry, event in events
    ]


def _line(entry: Entry, event: Event, people: dict[int, str], opinions: dict[UUID, str], words: Words) -> Happening:
    follows = _kind(event, _FOLLOWS)
    return Happening(
        seq=entry.seq,
        at=entry.at,
        by=people[entry.by] if entry.by is not None else SYSTEM,
        acting_for=people[entry.acting_for] if entry.acting_for is not None else None,
        type=event.name,
        title=event.title,
        sentence=event.sentence(words),
        opinion=_opinion(entry, event, opinions),
        automatic=entry.by is None,
        kind=follows or _kind(event, _ACTS) or LineKind.PEOPLE,
        follows=follows is not None,
    )


def _kind(event: Event, kinds: Mapping[LineKind, tuple[type[Event], ...]]) -> LineKind | None:
    return next((kind for kind, events in kinds.items() if isinstance(event, events)), None)


def named_in(session: Session, events: Iterable[tuple[Any, Event]]) -> dict[int, str]:
    """Names of all who did something, in whose place, or to whom something went."""
    ids = {person for entry, _ in events for person in (entry.by, entry.acting_for) if person is not None}
    ids |= {event.to for _, event in events if isinstance(event, TaskTransferred)}
    ids |= {person for _, event in events if isinstance(event, PaperCopied) for person in event.to}
    ids |= {person for _, event in events if isinstance(event, WITH_PEOPLE) for person in event.people}
    rows: Any = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all() if ids else []
    return {row.id: row.name for row in rows}


def _opinions(session: Session, case_id: int) -> dict[UUID, str]:
    """The reason of an opinion, by its own number and by that of the task it was written with."""
    review = all_of(Review)
    rows = session.execute(select(review.id, review.task_id, review.reason).where(review.case_id == case_id)).all()
    return {key: row.reason for row in rows if row.reason for key in (row.task_id, row.id)}


def _opinion(entry: Entry, event: Event, opinions: dict[UUID, str]) -> str | None:
    """An event names its opinion; one from before versions has the only opinion of its task."""
    if not isinstance(event, WITH_OPINION):
        return None
    named = event.opinion if entry.version is not None else event.task
    return opinions.get(named) if named is not None else None
