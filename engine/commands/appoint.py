"""授予岗位: a person holds an office of a unit from now on."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.accounts.finding import must_be_for_another
from engine.audit.events.directory import Appointed
from engine.clock import day_of
from engine.directory import Actor, Appointment
from engine.errors import WrongState
from engine.moves.appointing import OfficeRefused, must_stay_apart, must_suit, person_by_id, unit_by_id
from engine.moves.conflicts import last_outside_cases
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import Role


class AlreadyAppointed(WrongState):
    """The person holds this office already."""

    code = "directory.already_appointed"


def appoint(
    session: Session,
    person_id: int,
    unit_id: int,
    role: Role | str,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Give a person an office of a unit; the 安全管理员 does it, never for himself. `gave` says the appointment.

    Refuses an office the unit does not have, and a second administrator's office for one person, in whatever unit and
    through whatever substitution.
    """

    def work() -> dict[str, int]:
        must_be_for_another(by, person_id)
        if role not in set(Role):
            raise OfficeRefused("没有这个岗位，没有办理。请从岗位中选择。", role=str(role))
        person, unit, office = person_by_id(session, person_id), unit_by_id(session, unit_id), Role(role)
        must_suit(unit, office)
        must_stay_apart(session, person, frozenset({office}), day_of(at))
        row = Appointment(jurisdiction=by.jurisdiction, person_id=person_id, unit_id=unit_id, role=office)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError as reason:
            who = last_outside_cases(
                session, by.jurisdiction, Appointed, person=[person_id], unit=[unit_id], office=[office]
            )
            raise AlreadyAppointed(
                f"{person.name}已有{unit.name}的{office.label}岗位{who}，不需要再授予。请核对现有岗位。",
                person=person_id,
            ) from reason
        told = Appointed(person=person_id, unit=unit_id, unit_name=unit.name, office=office.value)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"appointment": row.id}

    content = {"person": person_id, "unit": unit_id, "role": str(role)}
    return once(session, Asked("appoint", by, at, key, content=content), work)
