"""停用人员: somebody does not work here any more; what they held goes back to their colleagues."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.accounts import close_account
from engine.audit.events.directory import PersonStopped
from engine.directory import Actor
from engine.moves.appointing import give_back, person_by_id
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases


def stop_person(
    session: Session, person_id: int, *, reason: str | None = None, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Close the account of a person, end their sessions and put what they held back into the pools.

    The 系统管理员 does it, not for himself. Their offices stay until the 安全管理员 takes them. `gave` says how many
    tasks were given back. Refuses a closed account.
    """

    def work() -> dict[str, int]:
        person = person_by_id(session, person_id)
        close_account(session, person_id, by=by, at=at)
        number = give_back(session, person_id, by=by, at=at)
        told = PersonStopped(person=person.id, given_back=number, reason=reason)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"given_back": number}

    content = {"person": person_id, "reason": reason}
    return once(session, Asked("stop_person", by, at, key, content=content), work)
