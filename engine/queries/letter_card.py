"""一份反馈意见函: what it says, who signed for it, what was objected, and the letters before and after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, select
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry
from engine.deadlines.model import Deadline
from engine.directory import Actor, Person, Unit
from engine.errors import NotFound
from engine.queries.letters import LetterFilters, LetterLine, letters
from engine.queries.scope import visible_case
from engine.queries.versions import paper_read
from engine.rectifications import Letter
from engine.reviews import Review
from engine.store.archives import all_of
from engine.words import ObjectionResult, said_answer

MOST_LETTERS = 50
ANSWERS = {"feedback.answer_feedback": "objection", "feedback.review_objection": "objection_result"}
"""Step in which somebody speaks about the letter → the question it answers."""
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
    """One day the feedback has to keep: a word of DeadlineState says how it ended."""

    deadline_id: UUID
    name: str
    started_on: date
    due_on: date
    state: str


@dataclass(frozen=True, slots=True)
class LetterCard:
    """The whole page. `content` is F10 as it was issued, `history` all letters of the case, the first one first.

    `answers` is what was said to this letter, `grounds` what was said to the one before. `issuer` is the office whose
    letter it is, `advice` are the suggestions by the id of the problem they are for.
    """

    line: LetterLine
    content: Mapping[str, Any]
    issuer: str
    issued_by: str
    issued_at: datetime
    advice: Mapping[str, tuple[str, ...]]
    history: tuple[LetterLine, ...]
    answers: tuple[Answer, ...]
    grounds: tuple[Answer, ...]
    days: tuple[Day, ...]

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
    said = _by_letter(_answers(session, case.jurisdiction, case.id))
    paper = paper_read(session, actor, line.submission_id)
    return LetterCard(
        line=line,
        content=paper.content,
        issuer=session.scalars(select(Unit.name).where(Unit.id == case.finance_id)).one(),
        issued_by=paper.version.filled_by,
        issued_at=paper.version.filled_at,
        advice=_advice(paper.content),
        history=history,
        answers=said.get(place, ()),
        grounds=said.get(place - 1, ()),
        days=_days(session, case.id, place),
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
    return [_answer(row) for row in rows]


def _answer(row: Any) -> Answer:
    variable = ANSWERS[row.payload["step"]]
    word = (row.payload.get("answers") or {}).get(variable, "")
    upholds = word == ObjectionResult.UPHELD
    return Answer(row.by, row.acting_for, row.at, said_answer(variable, word), row.reason, upholds)


def _by_letter(answers: Sequence[Answer]) -> dict[int, tuple[Answer, ...]]:
    """What was said to the first letter, to the second and so on: an objection that holds leads to the next."""
    found: dict[int, tuple[Answer, ...]] = {}
    place = 1
    for answer in answers:
        found[place] = (*found.get(place, ()), answer)
        place += answer.upholds
    return found


def _days(session: Session, case_id: int, place: int) -> tuple[Day, ...]:
    """The days of the n-th letter."""
    day = all_of(Deadline)
    rows = session.execute(
        select(day.id, day.name, day.started_on, day.due_on, day.state)
        .where(day.case_id == case_id, day.name.in_(DAYS))
        .order_by(day.started_on, day.due_on)
    ).all()
    by_name = {name: [Day(*row) for row in rows if row.name == name] for name in DAYS}
    return tuple(days[place - 1] for days in by_name.values() if len(days) >= place)
