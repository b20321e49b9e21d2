"""A list of units and people somebody brought: found, checked against the directory, refused where it is wrong."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.audit.events.directory import DirectoryImported
from engine.directory import Actor, Appointment, DirectoryFile, Person, Unit
from engine.directory.directory_file import TEMPLATE
from engine.errors import WrongState
from engine.moves.bringing import Shelf, gone, lines_kept
from engine.moves.listing import Known, KnownUnit, ListedRow, listed, sound_part

LISTS = Shelf(DirectoryFile, TEMPLATE, DirectoryImported, "组织与人员")


class ListChanged(WrongState):
    """Somebody else put one of these on the list at the same moment."""

    code = "directory.list_changed"


def directory_file(session: Session, by: Actor, file_id: int) -> DirectoryFile:
    """A file this person brought, or one that was written. Refuses any other."""
    found = session.get(DirectoryFile, file_id, populate_existing=True)
    if found is None or (found.written_at is None and found.brought_by != by.person_id):
        raise gone(file_id)
    return found


def rows_in(session: Session, kept: DirectoryFile) -> tuple[ListedRow, ...]:
    """The rows of a file over the directory as it is now; none once all of it is settled."""
    return () if kept.content is None else listed(lines_kept(TEMPLATE, kept), _known(session))


def sound_rows_in(session: Session, kept: DirectoryFile) -> tuple[ListedRow, ...]:
    """The rows of a file that can be written without the others."""
    return () if kept.content is None else sound_part(lines_kept(TEMPLATE, kept), _known(session))


def numbers_of(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The units by name and the people by login."""
    units = {row[0]: row[1] for row in session.execute(select(Unit.name, Unit.id))}
    people = {row[0]: row[1] for row in session.execute(select(Person.login, Person.id))}
    return units, people


def _known(session: Session) -> Known:
    above = aliased(Unit)
    units = session.execute(select(Unit.name, Unit.kind, above.name).outerjoin(above, above.id == Unit.department_id))
    offices = session.execute(
        select(Person.login, Unit.name, Appointment.role)
        .join(Person, Person.id == Appointment.person_id)
        .join(Unit, Unit.id == Appointment.unit_id)
    )
    return Known(
        {name: KnownUnit(kind, department or "") for name, kind, department in units},
        {row[0]: row[1] for row in session.execute(select(Person.login, Person.name))},
        frozenset((login, unit, role) for login, unit, role in offices),
    )
