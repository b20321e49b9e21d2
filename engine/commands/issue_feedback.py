"""反馈意见函: the result goes to the unit in a numbered letter, at once or after a bureau leader has signed it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.clock import day_of
from engine.directory import Actor
from engine.moves.finishing import finish
from engine.moves.letters import (
    demands_of,
    free_number,
    must_be_signed,
    needs_signature,
    result_to_tell,
    send_out,
    signature_of,
)
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.submissions import Submission
from engine.tasks import Task


def issue_feedback(
    session: Session,
    task_id: UUID,
    content: Mapping[str, Any],
    *,
    for_signature: bool = False,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Issue the letter (F10 as JSON). Its number must be new, its score and grade those of the evaluation.

    Each problem opens one ledger row under the problem's id, unless the letter only tells the result. A letter that
    replaces an earlier one, after an objection that held, replaces its rows too (CH-16, CH-33, JH-15). With
    `for_signature` (送签) nothing goes out and no row is opened before a bureau leader signs; refuses to issue at once
    where the jurisdiction's table demands the signature.
    """
    outcome = Outcome("for_signature" if for_signature else "issued", content=content)
    asked = Asked("issue_feedback", by, at, key, expected, {"task": task_id, **outcome.told()})
    also = _hand_up if for_signature else _issue
    return finish(session, asked, task_id, outcome, named="issue_feedback", also=also)


def _issue(move: Move, task: Task) -> Mapping[str, Any]:
    submission = move.latest(Submission)
    letter, demands = submission["content"], demands_of(move, task)
    score = result_to_tell(move, letter, demands=demands)
    if must_be_signed(signature_of(move.case, move.policy, score, day_of(move.at), letter["grade"])):
        raise needs_signature(move.case.id)
    return send_out(move, submission["id"], letter, score, demands=demands)


def _hand_up(move: Move, task: Task) -> None:
    """What would stop the letter when it is signed stops it now."""
    letter = move.latest(Submission)["content"]
    result_to_tell(move, letter, demands=demands_of(move, task))
    free_number(move, str(letter["doc_number"]))
