"""一份反馈意见函: what it says, who signed for it, what was objected, and the letters before and after it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, or_, select
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry
from engine.audit.events.rectifications import FeedbackIssued
from engine.audit.events.tasks import TaskCompleted, TaskOpened
from engine.cases import Case
from engine.deadlines.model import Deadline
from engine.deadlines.wording import awaited
from engine.directory import Actor, Person, Unit
from engine.errors import NotFound
from engine.moves.letters import FORM, WRITTEN_ANEW
from engine.queries.letters import LetterFilters, LetterLine, letters
from engine.queries.scope import visible_case
from engine.queries.versions import Said, paper_read
from engine.rectifications import Letter
from engine.reviews import Review
from engine.store.archives import all_of
from engine.words import CaseState, ObjectionResult, OutcomeWord, said_answer

MOST_LETTERS = 50
ANSWERS = {"feedback.answer_feedback": "objection", "feedback.review_objection": "objection_result"}
"""Step in which somebody speaks about the letter → the question it answers."""
SIGNED_FOR = "feedback.sign_feedback"
"""The step in which the unit signs for a letter."""
DAYS = ("feedback.sign", "feedback.objection", "feedback.review_objection")
"""The days that run once for every letter, in their order."""


class LetterUnknown(NotFound):
    """No such letter for this person."""

    code = "letter.unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to a letter: by whom, for whom, when, in one word, and with which reason.

    `upholds` says that the letter had to be replaced.
    """

    by: str
    acting_for: str | None
    at: datetime
    said: str
    reason: str | None
    upholds: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day the feedback has to keep: a word of DeadlineState says how it ended.

    `due_on` is None while it `waits` for the holidays of a year to be confirmed.
    """

    deadline_id: UUID
    name: str
    due_on: date | None
    state: str
    waits: str | None


@dataclass(frozen=True, slots=True)
class LetterCard:
    """The whole page. `content` is F10 as it was issued, `history` all letters of the case, the first one first.

    `answers` is what was said to this letter, `grounds` what was said to the one before. `issuer` is the office whose
    letter it is, `former_version` which version of F10 the letter before was, `advice` are the suggestions by the id
    of the problem they are for. `signed_off` says which bureau leader signed it before it went out, None where nobody
    did or the number was given with it.
    """

    line: LetterLine
    content: Mapping[str, Any]
    issuer: str
    issued_by: str
    issued_at: datetime
    signed_off: Said | None
    advice: Mapping[str, tuple[str, ...]]
    history: tuple[LetterLine, ...]
    answers: tuple[Answer, ...]
    grounds: tuple[Answer, ...]
    days: tuple[Day, ...]
    former_version: int | None
    can_be_recalled: bool

    @property
    def place(self) -> int:
        """Which letter of its case it is, from 1."""
        return self.history.index(self.line) + 1

    @property
    def former(self) -> LetterLine | None:
        """The letter this one took the place of."""
        return next((line for line in reversed(self.history) if line.id < self.line.id), None)

    @property
    def later(self) -> LetterLine | None:
        """The letter that took the place of this one."""
        return next((line for line in self.history if line.id > self.line.id), None)


def letter_card(session: Session, actor: Actor, letter_id: int) -> LetterCard:
    """A letter of a case the actor may see; refuses one that is not there for them."""
    case_id = session.scalar(
        select(Letter.case_id).where(Letter.id == letter_id, Letter.jurisdiction == actor.jurisdiction)
    )
    if case_id is None:
        raise LetterUnknown("没有这份反馈意见函，或者您无权查看。请从列表中打开。", letter_id=letter_id)
    case = visible_case(session, actor, case_id)
    found = letters(session, actor, filters=LetterFilters(case_id=case.id), limit=MOST_LETTERS).lines
    history = tuple(reversed(found))
    line = next(line for line in history if line.id == letter_id)
    place = history.index(line) + 1
    former = history[place - 2].submission_id if place > 1 else None
    said, tasks = _told(session, case.jurisdiction, case.id)
    paper = paper_read(session, actor, line.submission_id)
    return LetterCard(
        line=line,
        content=paper.content,
        issuer=session.scalars(select(Unit.name).where(Unit.id == case.finance_id)).one(),
        issued_by=paper.version.filled_by,
        issued_at=paper.version.filled_at,
        signed_off=next((each for each in paper.version.said if each.outcome == OutcomeWord.SIGNED_OFF), None),
        advice=advice_in(paper.content),
        history=history,
        answers=said.get(place, ()),
        grounds=said.get(place - 1, ()),
        days=_days(session, case.id, [task for task, about in tasks.items() if about == place]),
        former_version=next((each.version for each in paper.versions if former and each.submission_id == former), None),
        can_be_recalled=_can_be_recalled(case, line) and not any(each.upholds for each in said.get(place, ())),
    )


def _can_be_recalled(case: Case, line: LetterLine) -> bool:
    """Whether finance may still take it back: it is out, nothing takes its place, and the case stands at it.

    Not where an objection holds: then a new letter comes of itself.
    """
    latest = case.forms.of(FORM)
    out = line.recalled_at is None and latest is not None and latest.id == line.submission_id
    return out and case.state == CaseState.ACTIVE and case.stage in WRITTEN_ANEW


def advice_in(content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The suggestions of a letter (F10) by the id of the problem they are for."""
    found: dict[str, list[str]] = {}
    for row in content.get("suggestions") or ():
        found.setdefault(row.get("problem", ""), []).append(row.get("text", ""))
    return {problem: tuple(texts) for problem, texts in found.items()}


def _told(session: Session, jurisdiction: str, case_id: int) -> tuple[dict[int, tuple[Answer, ...]], dict[str, int]]:
    """What the unit and finance said to the first letter, to the second and so on; and task → the letter it is about.

    Nothing is said where the day passed in silence.
    """
    entry, review, absent = all_of(Entry), all_of(Review), aliased(Person)
    steps = entry.payload["step"].astext
    rows = session.execute(
        select(
            entry.type, entry.at, entry.payload, Person.name.label("by"), absent.name.label("acting_for"), review.reason
        )
        .outerjoin(Person, Person.id == entry.by)
        .outerjoin(absent, absent.id == entry.acting_for)
        .outerjoin(review, (review.case_id == case_id) & (review.task_id == entry.payload["task"].astext.cast(Uuid())))
        .where(
            entry.jurisdiction == jurisdiction,
            entry.case_id == case_id,
            or_(
                and_(entry.type == TaskCompleted.name, steps.in_(list(ANSWERS))),
                and_(entry.type == TaskOpened.name, steps.in_([SIGNED_FOR, *ANSWERS])),
                entry.type == FeedbackIssued.name,
            ),
        )
        .order_by(entry.seq)
    )  # fmt: skip
    place = 0
    said: dict[int, tuple[Answer, ...]] = {}
    tasks: dict[str, int] = {}
    for row in rows:
        if row.type == FeedbackIssued.name:
            place += 1
        elif row.type == TaskOpened.name:
            tasks[row.payload["task"]] = place
        else:
            said[place] = (*said.get(place, ()), _answer(row))
    return said, tasks


def _answer(row: Any) -> Answer:
    variable = ANSWERS[row.payload["step"]]
    word = (row.payload.get("answers") or {}).get(variable, "")
    upholds = word == ObjectionResult.UPHELD
    return Answer(row.by, row.acting_for, row.at, said_answer(variable, word), row.reason, upholds)


def _days(session: Session, case_id: int, tasks: Collection[str]) -> tuple[Day, ...]:
    """The days of these tasks."""
    day = all_of(Deadline)
    rows = session.execute(
        select(day.id, day.name, day.due_on, day.state, day.working_days, day.laid_down_on, day.awaits_year)
        .where(day.case_id == case_id, day.name.in_(DAYS), day.task_id.in_([UUID(task) for task in tasks]))
        .order_by(day.started_on, day.due_on)
    ).all()
    by_name = {row.name: Day(row.id, row.name, row.due_on, row.state, awaited(row)) for row in reversed(rows)}
    return tuple(by_name[name] for name in DAYS if name in by_name)
