"""签发: a bureau leader gives the letter its number and sends it out, or sends it back to be mended (GZ-16)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.digests import content_of_paper, digest_of
from engine.audit.events.rectifications import LetterNumbered
from engine.directory import Actor
from engine.moves.filling import keep_version
from engine.moves.finishing import finish
from engine.moves.letters import FORM, demands_of, result_to_tell, send_out
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.submissions import Submission
from engine.tasks import Task


def sign_letter(
    session: Session,
    task_id: UUID,
    *,
    signed: bool = True,
    number: str | None = None,
    letter_on: date | None = None,
    reason: str | None = None,
    remarks: list[dict[str, Any]] | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Sign the draft (签发): it goes out with its rows as `issue_feedback` says; or return it with a reason.

    `number` (文号) and `letter_on` (发函日) are those of the draft unless given; other ones make one more version of
    the letter, which is the one that goes out. Refuses what `issue_feedback` refuses, and whoever wrote the draft.
    """
    outcome = Outcome("signed_off" if signed else "returned", reason=reason, remarks=remarks)
    given = {"doc_number": number, "letter_on": letter_on.isoformat() if letter_on is not None else None}
    changes = {name: value for name, value in given.items() if value is not None}

    def also(move: Move, task: Task) -> Mapping[str, Any] | None:
        return _send_out(move, task, changes) if signed else None

    asked = Asked("sign_letter", by, at, key, expected, {"task": task_id, **outcome.told(), **given})
    return finish(session, asked, task_id, outcome, named="sign_letter", also=also)


def _send_out(move: Move, task: Task, changes: Mapping[str, str]) -> Mapping[str, Any]:
    draft = move.forms.latest[FORM, task.item].id
    letter = move.session.execute(select(Submission.content).where(Submission.id == draft)).scalar_one()
    if {name: letter.get(name) for name in changes} != changes:
        draft, letter = _as_numbered(move, task, {**letter, **changes})
    demands = demands_of(move, task)
    score = result_to_tell(move, letter, demands=demands)
    return send_out(move, draft, letter, score, demands=demands)


def _as_numbered(move: Move, task: Task, content: Mapping[str, Any]) -> tuple[UUID, Mapping[str, Any]]:
    """The version with the number and the day it was given at signing."""
    keep_version(move, task, FORM, content)
    paper = move.latest(Submission)
    move.record(
        LetterNumbered(
            number=paper["content"]["doc_number"], issued_on=date.fromisoformat(paper["content"]["letter_on"]),
            submission=paper["id"], digest=digest_of(content_of_paper(paper)),
        )
    )  # fmt: skip
    return paper["id"], paper["content"]
