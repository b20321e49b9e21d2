"""函稿预览: a letter that is not out yet, as it would read, and who has to sign it before it goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.directory import Actor, Unit
from engine.moves.letters import must_be_signed, signature_of
from engine.queries.letter_card import advice_in
from engine.queries.scope import visible_case
from engine.scores import final_score
from engine.stages import library_of


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """A draft of F10 with the result it tells, the office whose letter it is and the suggestions by the
    id of the problem they are for.

    `signed_first`: the table demands that a bureau leader signs it; `source` says where, None where nothing is laid
    down.
    """

    content: Mapping[str, Any]
    score: Decimal | None
    issuer: str
    advice: Mapping[str, tuple[str, ...]]
    signed_first: bool
    source: str | None


def letter_preview(
    session: Session, actor: Actor, case_id: int, content: Mapping[str, Any], *, on: date
) -> LetterPreview:
    """The letter `content` (F10 as JSON) would be; refuses a case the actor may not see."""
    case = visible_case(session, actor, case_id)
    policy = library_of(session).policy_version(session, case.policy_id)
    score = final_score(session, case.id)
    signature = signature_of(case, policy, score, on, content.get("grade"))
    return LetterPreview(
        content=content,
        score=score.total if score is not None else None,
        issuer=session.scalars(select(Unit.name).where(Unit.id == case.finance_id)).one(),
        advice=advice_in(content),
        signed_first=must_be_signed(signature),
        source=signature.source if signature is not None and not signature.undefined else None,
    )
