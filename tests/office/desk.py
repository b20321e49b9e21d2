"""One task in front of one person: what they write, what they answer, and the command that takes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.assign_agency import assign_agency
from engine.commands.close_rectification import close_rectification
from engine.commands.complete_task import complete_task
from engine.commands.issue_feedback import issue_feedback
from engine.commands.publish import publish
from engine.commands.record_deliberation import record_deliberation
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.sign_letter import sign_letter
from engine.directory import Actor
from engine.moves.engagement import Engagement
from engine.moves.gate import gate_of, kind_of
from engine.moves.lateness import hands_in_late
from engine.moves.letters import must_be_signed, signature_of
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.sittings import STEPS, WITH_TASK, Sitting
from engine.policies import Policy
from engine.process import QuestionKind, StepKind
from engine.results.publication import steps_first
from engine.scores import final_score
from engine.stages import diagrams_of, library_of
from engine.store.archives import row_by_id
from engine.tasks import Task
from engine.words import Role
from tests.factories import Bureau
from tests.office.hand import hand
from tests.office.papers import paper

LATE = "late"
"""What asks for a reason besides an outcome: that something is handed in after its day."""

REASONS = {
    "late": "示例：资料收集用时较长",
    "returned": "示例：指标值缺少依据",
    "revise": "示例：请核对口径",
    "decided": "示例：按职责认定",
}
"""Outcome → the reason given when a test does not care."""


@dataclass
class Desk:
    """A task and all it takes to finish it; `word` is the outcome, the normal one unless said."""

    session: Session
    bureau: Bureau
    task: Task
    at: datetime
    by_hand: Actor | None = None
    word: str = ""
    reason: str | None = None
    wishes: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        self.case = self.session.get_one(Case, self.task.case_id)
        self.element = diagrams_of(self.session, self.case.diagrams_id).element(self.task.process, self.task.element)
        self.word = self.word or self.element.step.normal_outcome

    def finish(self) -> Task:
        """Send it off with the command the diagram names for it."""
        if self.reason is None:
            late = hands_in_late(self.task, self.case, self.element, self.word, self.at)
            self.reason = REASONS.get(LATE if late else self.word)
        task_id = self.task.id  # with the end of its case the row is packed
        SPECIAL.get(self.element.step.command or "", _complete)(self)
        done = row_by_id(self.session, Task, task_id)
        assert done is not None
        return done

    @property
    def policy(self) -> Policy:
        """The tables the case runs on."""
        return library_of(self.session).policy_version(self.session, self.case.policy_id)

    @property
    def form(self) -> str | None:
        """The form this step fills for this kind of object."""
        return self.element.step.form_for(self.case.object_kind)

    @property
    def judges(self) -> str | None:
        """The form this step looks at for this kind of object."""
        return self.element.step.judges_for(self.case.object_kind)

    @property
    def by(self) -> Actor:
        """Somebody of the office who did not file what is to be judged."""
        if self.by_hand is not None:
            return self.by_hand
        latest = self.case.forms.before(self.judges or "", self.task.item)
        barred = latest.by if latest is not None and self.element.step.kind is StepKind.REVIEW else ()
        role = Role(self.task.role)
        return next(a for a in self.bureau.everybody() if role in a.roles and a.person_id not in barred)

    def paper(self) -> Mapping[str, Any] | None:
        """The form this step fills, with what was wished for; none where it is sent back without one."""
        code = self.form
        if code is None or self.word in ("returned", "revise"):
            return None
        if self.content is not None:
            return self.content
        by, said = self.by, self.answers()
        writer = hand(self.session, self.bureau, self.case, self.task, self.element, by, self.at, said)
        return paper(code, writer, self.changes, self.wishes)

    def note(self, body: str) -> None:
        """Put on record what no task of the diagram does (专报领导, 送达代表委员)."""
        if body not in WITH_TASK:
            sitting = Sitting(body, day_of(self.at))
            record_deliberation_of_case(self.session, self.case.id, sitting, by=self.by, at=self.at)

    def answers(self) -> dict[str, Any]:
        """What the step asks for: as wished, else the first choice; on the way back only an amount, where wished."""
        found: dict[str, Any] = {}
        for question in self.element.step.asks:
            if question.kind is QuestionKind.AMOUNT:
                found |= {name: self.wishes[name] for name in (question.variable,) if name in self.wishes}
            elif self.word not in ("returned", "revise"):
                found[question.variable] = self.wishes.get(question.variable, [*question.choices, "0"][0])
        return found


def _complete(desk: Desk) -> Receipt:
    outcome = Outcome(desk.word, content=desk.paper(), answers=desk.answers(), reason=desk.reason)
    return complete_task(desk.session, desk.task.id, outcome, by=desk.by, at=desk.at)


def _assign(desk: Desk) -> Receipt:
    engagement = Engagement(desk.bureau.agency_id, "孙主评", desk.wishes.get("declared_independent", True))
    return assign_agency(desk.session, desk.task.id, engagement, by=desk.by, at=desk.at)


def _accept(desk: Desk) -> Receipt:
    accepted = desk.word != "returned"
    return accept_evaluation(desk.session, desk.task.id, by=desk.by, at=desk.at, accepted=accepted, reason=desk.reason)


def _issue(desk: Desk) -> Receipt:
    score, content = final_score(desk.session, desk.case.id), desk.paper() or {}
    demanded = must_be_signed(signature_of(desk.case, desk.policy, score, day_of(desk.at)))
    signs = desk.wishes.get("for_signature", demanded or desk.word == "for_signature")
    return issue_feedback(desk.session, desk.task.id, content, for_signature=signs, by=desk.by, at=desk.at)


def _sign_off(desk: Desk) -> Receipt:
    signed = desk.word != "returned"
    return sign_letter(desk.session, desk.task.id, by=desk.by, at=desk.at, signed=signed, reason=desk.reason)


def _deliberate(desk: Desk) -> Receipt:
    bodies = STEPS[desk.task.element]
    kind = kind_of(desk.session, desk.case) or ""
    gate = gate_of(desk.case, desk.policy, kind, day_of(desk.at))
    steps = [] if gate.undefined else list(gate.outputs.get("steps") or ())
    body = desk.wishes.get("body") or next((body for body in bodies if body in steps), bodies[0])
    if desk.wishes.get("in_order"):
        for first in steps_first(steps, body, WITH_TASK):
            desk.note(first)
    passed = desk.wishes.get("deliberation", "passed") == "passed"
    sitting = Sitting(body, desk.wishes.get("held_on", day_of(desk.at)), passed, None if passed else "示例：补充说明")
    return record_deliberation(desk.session, desk.task.id, sitting, by=desk.by, at=desk.at)


def _publish(desk: Desk) -> Receipt:
    ground = desk.wishes.get("publication_ground")
    return publish(desk.session, desk.task.id, desk.paper() or {}, by=desk.by, at=desk.at, reason=ground)


def _strike_off(desk: Desk) -> Receipt:
    accepted = desk.word != "returned"
    return close_rectification(
        desk.session, desk.task.id, by=desk.by, at=desk.at, accepted=accepted, reason=desk.reason
    )


SPECIAL: dict[str, Callable[[Desk], Receipt]] = {
    "assign_agency": _assign,
    "accept_evaluation": _accept,
    "issue_feedback": _issue,
    "sign_letter": _sign_off,
    "record_deliberation": _deliberate,
    "publish": _publish,
    "close_rectification": _strike_off,
}
"""Command named in the diagram → how the bureau uses it."""
