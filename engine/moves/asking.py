"""Asking before doing: what may I do with this task, and what would follow. Nothing here is written.

The guards are those of doing; a move that is not possible carries the refusal it would meet.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.amounts import must_be_at_the_amount
from engine.moves.filling import judged
from engine.moves.finishing import (
    must_answer_to_target_in_force,
    must_be_checkable,
    must_be_takeable,
    must_still_wait,
)
from engine.moves.firing import foresee
from engine.moves.lateness import hands_in_late
from engine.moves.letters import must_be_signed, needs_signature, signature_of
from engine.moves.move import Move
from engine.moves.outcome import takes_remarks
from engine.moves.reading import Standing, standing
from engine.moves.receipts import Receipt, written_in
from engine.moves.settling import AskedAmount, asked_amount
from engine.process import Element, Question, QuestionKind, StepKind
from engine.scores import final_score
from engine.stages import diagrams_of, library_of
from engine.submissions.forms import FORMS
from engine.words import Objection, OutcomeWord, Role, said_answer, said_question


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What a step asks besides its form: the variable, its Chinese label, and the words it takes, each with its label.

    No `options` where the answer is free text, a list or an amount; of an amount, what it is `about`.
    """

    variable: str
    label: str
    kind: QuestionKind
    options: Mapping[str, str]
    about: AskedAmount | None = None

    @classmethod
    def of(cls, question: Question, about: AskedAmount | None = None) -> "OpenQuestion":
        """The question of a diagram, with the words people read."""
        options = {word: said_answer(question.variable, word) for word in question.choices}
        about = about if question.kind is QuestionKind.AMOUNT else None
        return cls(question.variable, said_question(question.variable), question.kind, options, about)

    @property
    def hears(self) -> bool:
        """Whether it asks for an objection; who has none need not say why."""
        return Objection.RAISED in self.options

    @property
    def may_be_left_out(self) -> bool:
        """Whether nothing typed is an answer too."""
        return self.kind is QuestionKind.AMOUNT


@dataclass(frozen=True, slots=True)
class OpenMove:
    """One way to finish a task: the outcome word and its label, what it needs, and the refusal it would meet now.

    `form` is the form to be handed in with it (None: none), `questions` what must be answered with it, `remarks`
    whether remarks on fields of the version judged are taken. `command` is the command that carries it out. `late` says
    that it would be handed in after its day, and that the reason has to say why.
    """

    word: str
    label: str
    command: str
    needs_reason: bool
    form: str | None
    form_title: str | None
    remarks: bool
    questions: tuple[OpenQuestion, ...]
    refusal: EngineError | None
    late: bool = False

    @property
    def sends_back(self) -> bool:
        """Whether the paper goes back to whoever filled it in."""
        return OutcomeWord(self.word).sends_back

    @property
    def possible(self) -> bool:
        """Whether it can be done now, as far as can be known without the form."""
        return self.refusal is None


def moves_open_to(session: Session, task_id: UUID, actor: Actor, *, at: datetime) -> tuple[OpenMove, ...]:
    """Every outcome the diagram knows for the step, each with what it needs and why it may not be possible."""
    found = standing(session, task_id)
    element = diagrams_of(session, found.case.diagrams_id).element(found.task.process, found.task.element)
    command = element.step.command or "complete_task"
    not_now = refusal_of(lambda: _must_be_takeable(session, found, actor, command, at))
    refusal = not_now or refusal_of(lambda: _must_be_judgeable(session, found, element, actor, at))
    unsigned = refusal or _must_not_go_unsigned(session, found.case, command, at)
    refusals = {word: unsigned if word == OutcomeWord.ISSUED else refusal for word in element.step.outcomes}
    about = asked_amount(session, found.case, element, day_of(at))

    def before(word: str) -> EngineError | None:
        return refusal_of(lambda: _must_be_of_now(session, found, element, word, actor, at))

    return tuple(
        _open_move(found, element, command, word, at, about, not_now or before(word))
        for word, not_now in refusals.items()
    )


def _must_be_of_now(session: Session, found: Standing, element: Element, word: str, actor: Actor, at: datetime) -> None:
    """Refuse a paper that answers to a target, or was filed at an amount, the case has no more."""
    case = found.case
    if element.step.kind is not StepKind.FILL:
        latest = judged(Move(session, case, actor, at), found.task, element)
        if latest is not None:
            must_answer_to_target_in_force(case, latest, word)
    must_be_at_the_amount(case.forms, element, case.object_kind, word, case.amount_wan)


def _must_not_go_unsigned(session: Session, case: Case, command: str, at: datetime) -> EngineError | None:
    """What a letter meets that is to go out at once where the jurisdiction has it signed first."""
    if command != "issue_feedback":
        return None
    policy = library_of(session).policy_version(session, case.policy_id)
    signature = signature_of(case, policy, final_score(session, case.id), day_of(at))
    return needs_signature(case.id) if must_be_signed(signature) else None


def _must_be_takeable(session: Session, found: Standing, actor: Actor, command: str, at: datetime) -> None:
    found.task.must_lie_with(actor)
    element = must_be_takeable(session, found, actor, command, command)
    if found.next_due is not None and found.next_due <= at:
        move = Move(session, found.case, actor, at)
        foresee(move)
        must_still_wait(move.closed_tasks, found.task.id, element)


def _must_be_judgeable(session: Session, found: Standing, element: Element, actor: Actor, at: datetime) -> None:
    if element.step.kind is StepKind.FILL:
        return
    latest = judged(Move(session, found.case, actor, at), found.task, element)
    if latest is not None:
        must_be_checkable(actor, element, latest)


def _open_move(
    found: Standing,
    element: Element,
    command: str,
    word: str,
    at: datetime,
    about: AskedAmount | None,
    refusal: EngineError | None,
) -> OpenMove:
    step, kind = element.step, found.case.object_kind
    form = step.form_for(kind) if word == step.normal_outcome or step.judges_for(kind) is None else None
    backwards = OutcomeWord(word).sends_back
    late = hands_in_late(found.task, found.case, element, word, at)
    return OpenMove(
        word=word,
        label=OutcomeWord.said(word),
        command=command,
        needs_reason=OutcomeWord(word).needs_reason or late,
        form=form,
        form_title=FORMS[form].title if form else None,
        remarks=takes_remarks(element, word),
        questions=tuple(
            OpenQuestion.of(question, about)
            for question in step.asks
            if not backwards or question.kind is QuestionKind.AMOUNT
        ),
        refusal=refusal,
        late=late,
    )


def refusal_of(guard: Callable[[], object]) -> EngineError | None:
    """The refusal a guard meets, or None."""
    try:
        guard()
    except EngineError as refusal:
        return refusal
    return None


@dataclass(frozen=True, slots=True)
class WouldOpen:
    """Steps of one kind that would wait then: for which office of how many units, until when, how many of them."""

    step: str
    name: str
    role: Role
    due_on: date | None
    units: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command would do: its receipt as it would be, or the refusal it would meet.

    The receipt's events tell which effects follow, its `opened` what comes next, with whom and until when; a
    refusal's facts tell which findings stop a form.
    """

    receipt: Receipt | None
    refusal: EngineError | None

    @property
    def findings(self) -> tuple[Mapping[str, Any], ...]:
        """What stops the form, field by field."""
        return tuple(self.refusal.facts.get("findings", ())) if self.refusal is not None else ()

    @property
    def opens(self) -> tuple[WouldOpen, ...]:
        """What comes next, counted by step and day."""
        opened = self.receipt.opened if self.receipt is not None else ()
        kinds = [((each.step, each.name, each.role, each.due_on), each.unit_id) for each in opened]
        tasks, units = Counter(kind for kind, _ in kinds), Counter(kind for kind, _ in set(kinds))
        return tuple(WouldOpen(*kind, units[kind], many) for kind, many in sorted(tasks.items(), key=str))


def preview(session: Session, command: Callable[..., Receipt], *given: Any, **how: Any) -> Preview:
    """A dry run of the real command in this transaction, taken back before anybody sees it.

    `command` is any command that takes a session first.
    """
    with trial(session):
        try:
            return Preview(command(session, *given, **how), None)
        except EngineError as refusal:
            return Preview(None, refusal)


@contextmanager
def trial(session: Session) -> Iterator[None]:
    """Whatever is done inside is taken back; what the session had read is read anew afterwards."""
    session.flush()
    trial = session.begin_nested()
    written = len(written_in(session))
    try:
        yield
    finally:
        trial.rollback()
        del written_in(session)[written:]
        session.expire_all()
