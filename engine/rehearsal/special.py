"""The steps that have a command of their own: each done as its office would do it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.assign_agency import assign_agency
from engine.commands.close_rectification import close_rectification
from engine.commands.issue_feedback import issue_feedback
from engine.commands.publish import publish
from engine.commands.record_deliberation import record_deliberation
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.sign_letter import sign_letter
from engine.moves.engagement import Engagement
from engine.moves.gate import gate_of, kind_of
from engine.moves.letters import must_be_signed, signature_of
from engine.moves.sittings import STEPS, WITH_TASK, Sitting
from engine.rehearsal.desk import Desk
from engine.rehearsal.papers import hand_in
from engine.rehearsal.papers.words import reason_for
from engine.rehearsal.people import SPOT_REVIEWER
from engine.results.publication import steps_first
from engine.scores import final_score
from engine.words import DELIBERATIONS, PublicationStep

Answers = Mapping[str, Any]
Special = Callable[[Desk, str, Answers], None]


def _assign(desk: Desk, word: str, answers: Answers) -> None:
    agency = SPOT_REVIEWER if desk.task.process == "spot_review" else desk.subject.agency
    engagement = Engagement(
        agency_id=desk.town.agencies[agency],
        lead_evaluator="示例主评人",
        declared_independent=True,
        contract_number=f"示例-合-{desk.subject.fiscal_year}-{desk.subject.code}",
    )
    assign_agency(desk.session, desk.task.id, engagement, by=desk.by, at=desk.at)


def _accept(desk: Desk, word: str, answers: Answers) -> None:
    accepted = word == "approved"
    desk.memory.reports_returned += not accepted
    reason = reason_for(word, desk.chance_here("reason"))
    accept_evaluation(desk.session, desk.task.id, by=desk.by, at=desk.at, accepted=accepted, reason=reason)


def _issue(desk: Desk, word: str, answers: Answers) -> None:
    signature = signature_of(desk.case, desk.policy, final_score(desk.session, desk.case.id), desk.today)

    def issue(content: dict[str, Any]) -> None:
        signs = must_be_signed(signature)
        issue_feedback(desk.session, desk.task.id, content, for_signature=signs, by=desk.by, at=desk.at)

    hand_in("F10", desk, issue)


def _sign_off(desk: Desk, word: str, answers: Answers) -> None:
    signed = word == "signed_off"
    reason = reason_for(word, desk.chance_here("reason"))
    sign_letter(desk.session, desk.task.id, signed=signed, reason=reason, by=desk.by, at=desk.at)


def _strike_off(desk: Desk, word: str, answers: Answers) -> None:
    accepted = word == "approved"
    reason = reason_for(word, desk.chance_here("reason"))
    close_rectification(desk.session, desk.task.id, by=desk.by, at=desk.at, accepted=accepted, reason=reason)


def _deliberate(desk: Desk, word: str, answers: Answers) -> None:
    """The sitting of the body the jurisdiction's gate names for this step, and before it what has no task."""
    wanted = _gate_steps(desk)
    body = next((body for body in STEPS[desk.task.element] if body in wanted), STEPS[desk.task.element][0])
    _note(desk, steps_first(wanted, body, WITH_TASK))
    passed = answers["deliberation"] == "passed"
    opinion = None if passed else "示例：请补充整改情况后再报"
    record_deliberation(desk.session, desk.task.id, Sitting(body, desk.today, passed, opinion), by=desk.by, at=desk.at)
    if passed:
        desk.memory.sittings[body] = desk.today


def _publish(desk: Desk, word: str, answers: Answers) -> None:
    """What the gate names beside the steps of the diagram is noted first; then the result goes out."""
    desk.memory.said["document_kind"] = kind_of(desk.session, desk.case)
    steps = _gate_steps(desk)
    _note(desk, steps)
    reason = None if not steps or PublicationStep.PUBLISH in steps else "示例：本区规定未写公开，按上级公开要求办理"

    def go_public(content: dict[str, Any]) -> None:
        publish(desk.session, desk.task.id, content, by=desk.by, at=desk.at, reason=reason)

    hand_in("F14", desk, go_public)


def _note(desk: Desk, steps: Iterable[str]) -> None:
    """Put on record what of these steps has no task in the diagram (专报领导, 送达代表委员), once."""
    for body in steps:
        if body in DELIBERATIONS and body not in WITH_TASK and body not in desk.memory.sittings:
            record_deliberation_of_case(desk.session, desk.case.id, Sitting(body, desk.today), by=desk.by, at=desk.at)
            desk.memory.sittings[body] = desk.today


def _gate_steps(desk: Desk) -> tuple[str, ...]:
    kind = kind_of(desk.session, desk.case)
    assert kind is not None
    gate = gate_of(desk.case, desk.policy, kind, desk.today)
    return () if gate.undefined else tuple(gate.outputs.get("steps") or ())


SPECIAL: dict[str, Special] = {
    "assign_agency": _assign,
    "accept_evaluation": _accept,
    "issue_feedback": _issue,
    "sign_letter": _sign_off,
    "close_rectification": _strike_off,
    "record_deliberation": _deliberate,
    "publish": _publish,
}
"""`command` property in the diagrams → how a rehearsal person uses that command."""
