"""撤销代理: a substitution ends before its last day."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.directory import SubstitutionRevoked
from engine.clock import day_of
from engine.directory import Actor, Substitution
from engine.errors import NotFound, WrongState
from engine.moves.conflicts import last_outside_cases
from engine.moves.entrusting import must_be_theirs
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases


class SubstitutionNotFound(NotFound):
    """No such substitution in this jurisdiction."""

    code = "substitution.not_found"


class SubstitutionOver(WrongState):
    """The substitution was revoked already, or its last day is over."""

    code = "substitution.over"


def revoke_substitute(
    session: Session,
    substitution_id: int,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """End a substitution now; the absent person does it, or the security admin, never a substitute."""
    row = session.get(Substitution, substitution_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise SubstitutionNotFound("没有这项委托代理，或者它不属于本地区。请刷新后再选。", substitution=substitution_id)

    def work() -> dict[str, int]:
        if row.revoked:
            who = last_outside_cases(
                session, by.jurisdiction, SubstitutionRevoked, absent=[row.absent_id], substitute=[row.substitute_id],
                from_on=[row.from_on], until_on=[row.until_on],
            )  # fmt: skip
            raise SubstitutionOver(f"这项代理已经撤销{who}，不需要再撤销。请核对清单。", substitution=substitution_id)
        if row.until_on < day_of(at):
            raise SubstitutionOver(
                f"这项代理已在{row.until_on}到期，不需要再撤销。请核对清单。", substitution=substitution_id
            )
        row.revoked = True
        told = SubstitutionRevoked(
            absent=row.absent_id, substitute=row.substitute_id, from_on=row.from_on, until_on=row.until_on,
            scope=tuple(row.roles or ()), reason=reason,
        )  # fmt: skip
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"substitution": row.id}

    must_be_theirs(by, row.absent_id)
    content = {"substitution": substitution_id, "reason": reason}
    return once(session, Asked("revoke_substitute", by, at, key, content=content), work)
