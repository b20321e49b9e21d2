"""免去岗位: a person does not hold an office of a unit any more."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts.finding import must_be_for_another
from engine.audit.events.directory import Dismissed
from engine.directory import Actor, Appointment
from engine.errors import WrongState
from engine.moves.appointing import OfficeRefused, must_not_be_the_last, person_by_id, unit_by_id
from engine.moves.conflicts import last_outside_cases
from engine.moves.leaving import let_go
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import Role


class NotAppointed(WrongState):
    """The person does not hold this office."""

    code = "directory.not_appointed"


def dismiss(
    session: Session,
    person_id: int,
    unit_id: int,
    role: Role | str,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Take an office of a unit from a person; the 安全管理员 does it, never for himself.

    What the person holds there lies in the office's pool again; drafts stay. `gave` says how many tasks that were.
    Refuses to leave an administrator's office empty.
    """

    def work() -> dict[str, int]:
        must_be_for_another(by, person_id)
        if role not in set(Role):
            raise OfficeRefused("没有这个岗位，没有办理。请从岗位中选择。", role=str(role))
        person, unit, office = person_by_id(session, person_id), unit_by_id(session, unit_id), Role(role)
        row = _held(session, person_id, unit_id, office)
        if row is None:
            who = last_outside_cases(
                session, by.jurisdiction, Dismissed, person=[person_id], unit=[unit_id], office=[office]
            )
            raise NotAppointed(
                f"{person.name}没有{unit.name}的{office.label}岗位{who}，不需要免去。请核对现有岗位。", person=person_id
            )
        must_not_be_the_last(session, row)
        number = let_go(session, person_id, by=by, at=at, office=row).given_back
        session.delete(row)
        told = Dismissed(
            person=person_id, unit=unit_id, unit_name=unit.name, office=office.value, given_back=number, reason=reason
        )
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"given_back": number}

    content = {"person": person_id, "unit": unit_id, "role": str(role), "reason": reason}
    return once(session, Asked("dismiss", by, at, key, content=content), work)


def _held(session: Session, person_id: int, unit_id: int, role: Role) -> Appointment | None:
    return session.scalar(
        select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.unit_id == unit_id, Appointment.role == role)
        .with_for_update()
    )
