"""登记单位: a unit whose people will work here."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit.events.directory import UnitAdded
from engine.directory import Actor, Unit
from engine.errors import InvalidInput, WrongState
from engine.moves.appointing import must_be_a_name, unit_by_id
from engine.moves.conflicts import last_outside_cases
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.words import UnitKind


class UnitExists(WrongState):
    """A unit of that name is known already."""

    code = "directory.unit_exists"


class UnitRefused(InvalidInput):
    """No such kind of unit, or what is named as its department is none."""

    code = "directory.unit_refused"


def add_unit(
    session: Session,
    name: str,
    kind: UnitKind | str,
    department_id: int | None = None,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Put a unit on the list, under its department where it has one; the 系统管理员 does it. `gave` says the unit.

    Refuses a name there is already, an unknown kind, and a department that is no 主管部门.
    """

    def work() -> dict[str, int]:
        must_be_a_name("单位名称", name)
        if kind not in set(UnitKind):
            raise UnitRefused("没有这种单位，没有登记。请从单位类型中选择。", kind=str(kind))
        if department_id is not None and unit_by_id(session, department_id).kind != UnitKind.DEPARTMENT:
            raise UnitRefused("所选的上级不是主管部门，没有登记。请重新选择主管部门。", department=department_id)
        unit = Unit(jurisdiction=by.jurisdiction, name=name, kind=UnitKind(kind), department_id=department_id)
        try:
            with session.begin_nested():
                session.add(unit)
        except IntegrityError as reason:
            who = last_outside_cases(session, by.jurisdiction, UnitAdded, unit_name=[name])
            raise UnitExists(
                f"已有同名的单位{who}，没有再登记。请从组织目录中选择，或换一个名称。", name=name
            ) from reason
        told = UnitAdded(unit=unit.id, unit_name=name, kind=UnitKind(kind).value, department=department_id)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"unit": unit.id}

    content = {"name": name, "kind": str(kind), "department": department_id}
    return once(session, Asked("add_unit", by, at, key, content=content), work)
