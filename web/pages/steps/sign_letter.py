"""签发反馈意见函: the number and the day the letter goes out with; the password is asked once more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from engine.commands import sign_letter as command
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.receipts import Receipt
from engine.queries.task_card import TaskCard
from engine.words import OutcomeWord
from web.pages.steps.asked import Control, Field, Given
from web.visits import Visit


class NumberMissing(InvalidInput):
    """A letter goes out with a number."""

    code = "page.letter_number_missing"


def fields(visit: Visit, card: TaskCard) -> tuple[Field, ...]:
    """文号 and 发函日, as the draft proposes them."""
    draft = card.to_judge.content if card.to_judge is not None else {}
    return (
        Field("number", "文号", Control.LINE, usual=str(draft.get("doc_number") or ""), hint="签发时编定，可以改"),
        Field(
            "letter_on", "发函日期", Control.DAY, usual=str(draft.get("letter_on") or ""),
            hint="单位的签收期从函发出起算",
        ),
    )  # fmt: skip


def carry_out(
    session: Session,
    task_id: UUID,
    given: Given,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Sign it and send it out, or return it."""
    told = given.outcome
    signed = told.word == OutcomeWord.SIGNED_OFF
    if signed and not given.text("number"):
        raise NumberMissing("没有写文号，没有签发。请填写文号。", field="number")
    return command(
        session, task_id, signed=signed, reason=told.reason, remarks=told.remarks,
        number=given.text("number") if signed else None,
        letter_on=given.day("letter_on", "发函日期") if signed else None,
        by=by, at=at, key=key, expected=expected,
    )  # fmt: skip
