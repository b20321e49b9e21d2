"""主管部门: which office does what a competent department has to do for a unit."""

from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from engine.directory.model import Appointment
from engine.store.base import table_of
from engine.words import Role

_appointments = table_of(Appointment).c


def competent_office(session: Session, unit_id: int, department_id: int | None) -> tuple[int, Role]:
    """The unit and the office; a unit without a department is its own.

    There its office of a department does it, or, where nobody holds that, its head.
    """
    if department_id is not None:
        return department_id, Role.DEPARTMENT
    return unit_id, Role.DEPARTMENT if session.scalar(select(is_held(unit_id))) else Role.UNIT_HEAD


def is_held(unit_id: Any) -> ColumnElement[bool]:
    """Whether anybody in the unit holds the office of a department."""
    return exists().where(_appointments.unit_id == unit_id, _appointments.role == Role.DEPARTMENT)
