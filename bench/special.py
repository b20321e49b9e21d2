"""The steps that have a command of their own, and how the people of the bench use it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.clock import day_of
from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.assign_agency import assign_agency
from engine.commands.close_rectification import close_rectification
from engine.commands.issue_feedback import issue_feedback
from engine.commands.publish import publish
from engine.commands.record_deliberation import record_deliberation
from engine.commands.sign_letter import sign_letter
from engine.moves.engagement import Engagement
from engine.moves.outcome import Outcome
from engine.moves.sittings import Sitting


def _assign(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    assign_agency(session, task_id, Engagement(agency_id, "示例主评人", declared_independent=True), **given)


def _accept(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    accept_evaluation(session, task_id, accepted=outcome.word == "approved", reason=outcome.reason, **given)


def _issue(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    for_signature = outcome.word == "for_signature"
    issue_feedback(session, task_id, outcome.content or {}, for_signature=for_signature, **given)


def _sign(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    sign_letter(session, task_id, signed=outcome.word == "signed_off", reason=outcome.reason, **given)


def _close(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    close_rectification(session, task_id, accepted=outcome.word == "approved", reason=outcome.reason, **given)


def _deliberate(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    yesterday = day_of(given["at"]) - timedelta(days=1)
    record_deliberation(session, task_id, Sitting("congress", yesterday), **given)


def _publish(session: Session, task_id: UUID, outcome: Outcome, agency_id: int, **given: Any) -> None:
    publish(session, task_id, outcome.content or {}, **given)


SPECIAL: Mapping[str, Callable[..., None]] = {
    "assign_agency": _assign,
    "accept_evaluation": _accept,
    "issue_feedback": _issue,
    "sign_letter": _sign,
    "close_rectification": _close,
    "record_deliberation": _deliberate,
    "publish": _publish,
}
"""Command named in the diagram → what the person in that office does."""
