"""停用人员: somebody does not work here any more; what they held goes to colleagues, or back into the pools."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.accounts import close_account
from engine.audit.events.directory import PersonStopped
from engine.directory import Actor
from engine.moves.appointing import person_by_id
from engine.moves.leaving import Heir, let_go, must_hold_their_offices
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases


def stop_person(
    session: Session,
    person_id: int,
    *,
    heirs: Sequence[Heir] = (),
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Close the account of a person, end their sessions and let go of what they held.

    Tasks of an office with one of the `heirs` go to that colleague, the others into the pool of their office. The
    系统管理员 does it, not for himself. Their offices stay until the 安全管理员 takes them. `gave` says how many tasks
    were given back, how many handed over. Refuses a closed account, and an heir who does not hold the office.
    """

    def work() -> dict[str, int]:
        person = person_by_id(session, person_id)
        must_hold_their_offices(session, person_id, heirs)
        close_account(session, person_id, by=by, at=at)
        to = {(heir.unit_id, heir.role): heir.person_id for heir in heirs}
        let = let_go(session, person_id, by=by, at=at, heirs=to, reason=f"{person.name}停用")
        told = PersonStopped(
            person=person.id, given_back=let.given_back, handed_over=let.handed_over, reason=reason
        )  # fmt: skip
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"given_back": let.given_back, "handed_over": let.handed_over}

    content = {"person": person_id, "reason": reason, "heirs": sorted(heirs)}
    return once(session, Asked("stop_person", by, at, key, content=content), work)
