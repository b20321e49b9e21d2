"""一份反馈意见函: what it says, who signed for it, what was objected, and the letters before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, select
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry
from engine.deadlines.model import Deadline
from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.queries.letters import LetterFilters, LetterLine, letters
from engine.queries.scope import visible_case
from engine.queries.versions import paper_read
from engine.rectifications import Letter
from engine.reviews import Review
from engine.store.archives import all_of
from engine.words import Stage, said_answer

MOST_LETTERS = 50
ANSWERS = {"feedback.answer_feedback": "objection", "feedback.review_objection": "objection_result"}
"""Step in which somebody speaks about the letter → the question it answers."""


class LetterUnknown(NotFound):
    """No such letter for this person."""

    code = "letter.unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to a letter: by whom, for whom, when, in one word, and with which reason."""

    by: str
    acting_for: str | None
    at: datetime
    said: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day the feedback has to keep: a word of DeadlineState says how it ended."""

    deadline_id: UUID
    name: str
    started_on: date
    due_on: date
    state: str


@dataclass(frozen=True, slots=True)
class LetterCard:
    """The whole page. `content` is F10 as it was issued, `history` all letters of the case, the first one first.

    `advice` are the suggestions by the id of the problem they are for.
    """

    line: LetterLine
    content: Mapping[str, Any]
    issued_by: str
    issued_at: datetime
    advice: Mapping[str, tuple[str, ...]]
    history: tuple[LetterLine, ...]
    answers: tuple[Answer, ...]
    days: tuple[Day, ...]

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
    paper = paper_read(session, actor, line.submission_id)
    return LetterCard(
        line=line,
        content=paper.content,
        issued_by=paper.version.filled_by,
        issued_at=paper.version.filled_at,
        advice=_advice(paper.content),
        history=history,
        answers=tuple(_answers(session, case.jurisdiction, case.id)),
        days=_days(session, case.id),
    )


def _advice(content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in content.get("suggestions") or ():
        found.setdefault(row.get("problem", ""), []).append(row.get("text", ""))
    return {problem: tuple(texts) for problem, texts in found.items()}


def _answers(session: Session, jurisdiction: str, case_id: int) -> list[Answer]:
    """What the unit and finance said, in order; nothing where the day passed in silence."""
    entry, review, absent = all_of(Entry), all_of(Review), aliased(Person)
    rows = session.execute(
        select(
            entry.at, entry.payload, Person.name.label("by"), absent.name.label("acting_for"), review.reason
        )
        .join(Person, Person.id == entry.by)
        .outerjoin(absent, absent.id == entry.acting_for)
        .outerjoin(review, (review.case_id == case_id) & (review.task_id == entry.payload["task"].astext.cast(Uuid())))
        .where(
            entry.jurisdiction == jurisdiction,
            entry.case_id == case_id,
            entry.type == "task.completed",
            entry.payload["step"].astext.in_(list(ANSWERS)),
        )
        .order_by(entry.seq)
    )  # fmt: skip
    return [Answer(row.by, row.acting_for, row.at, _said(row.payload), row.reason) for row in rows]


def _said(payload: Mapping[str, Any]) -> str:
    variable = ANSWERS[payload["step"]]
    return said_answer(variable, (payload.get("answers") or {}).get(variable, ""))


def _days(session: Session, case_id: int) -> tuple[Day, ...]:
    day = all_of(Deadline)
    rows = session.execute(
        select(day.id, day.name, day.started_on, day.due_on, day.state)
        .where(day.case_id == case_id, day.name.like(f"{Stage.FEEDBACK}.%"))
        .order_by(day.due_on, day.name)
    )
    return tuple(Day(*row) for row in rows)
