"""第一位管理员: named by the operator at the machine, because nobody is there yet who could."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit.events.directory import Appointed, PersonAdded, UnitAdded
from engine.directory import Appointment, Person, Unit
from engine.errors import WrongState
from engine.moves.appointing import OfficeRefused, must_be_a_name, one_at_a_time
from engine.moves.receipts import Receipt, receipt_for, written_in
from engine.moves.writing import record_outside_cases
from engine.words import Role, UnitKind


class AdministrationStands(WrongState):
    """Somebody holds this administrator's office already, or has the login."""

    code = "directory.administration_stands"


def begin_administration(
    session: Session, jurisdiction: str, login: str, name: str, role: Role, *, bureau: str, at: datetime
) -> Receipt:
    """Put on the list the first person of one of the three administrators' offices, in the finance bureau.

    `bureau` is the name of a finance bureau to be put on the list where there is none. Nobody signs it but the machine:
    refuses an office somebody holds, so that it is no way around the administrators. `gave` says the person.
    """
    if not role.is_administrator:
        raise OfficeRefused("只有系统、安全、审计管理员从这里开设，没有办理。其他岗位请由安全管理员授予。", role=role)
    must_be_a_name("账号", login)
    must_be_a_name("姓名", name)
    one_at_a_time(session, jurisdiction)
    if session.scalar(select(func.count()).where(Appointment.role == role)):
        raise AdministrationStands(f"本地区已有{role.label}，没有再开设。请由管理员在“组织与人员”中办理。", role=role)
    since = len(written_in(session))
    person, unit = _person(session, jurisdiction, login, name), _bureau(session, jurisdiction, bureau, at)
    session.add(Appointment(jurisdiction=jurisdiction, person_id=person.id, unit_id=unit.id, role=role))
    told = [
        PersonAdded(person=person.id, login=login),
        Appointed(person=person.id, unit=unit.id, unit_name=unit.name, office=role.value),
    ]
    record_outside_cases(session, jurisdiction, told, by=None, at=at)
    return receipt_for("begin_administration", None, None, written_in(session)[since:], {"person": person.id})


def _person(session: Session, jurisdiction: str, login: str, name: str) -> Person:
    person = Person(jurisdiction=jurisdiction, login=login, name=name)
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as reason:
        raise AdministrationStands("这个账号已有人使用，没有开设。请换一个账号。", login=login) from reason
    return person


def _bureau(session: Session, jurisdiction: str, name: str, at: datetime) -> Unit:
    found = session.scalar(select(Unit).where(Unit.kind == UnitKind.FINANCE).order_by(Unit.id).limit(1))
    if found is not None:
        return found
    unit = Unit(jurisdiction=jurisdiction, name=name, kind=UnitKind.FINANCE, department_id=None)
    session.add(unit)
    session.flush()
    told = UnitAdded(unit=unit.id, unit_name=name, kind=UnitKind.FINANCE.value)
    record_outside_cases(session, jurisdiction, [told], by=None, at=at)
    return unit
