"""A list of units and people somebody brought: found, checked against the directory, refused where it is wrong."""

import zlib
from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased

from engine.directory import Actor, Appointment, DirectoryFile, Person, Unit
from engine.directory.directory_file import kept_lines
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.listing import Known, KnownUnit, ListedRow, listed


class DirectoryFileGone(NotFound):
    """No such file, or one that is still somebody else's."""

    code = "directory.file_not_found"


class RowsRefused(InvalidInput):
    """Rows of a list that cannot be written; `rows` are their numbers."""

    code = "directory.rows_refused"


class ListChanged(WrongState):
    """Somebody else put one of these on the list at the same moment."""

    code = "directory.list_changed"


def one_list_at_a_time(session: Session, jurisdiction: str) -> None:
    """Whoever else writes a list into this directory waits until this transaction is over."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:kind))"), {"kind": f"directory {jurisdiction}"})


def directory_file(session: Session, by: Actor, file_id: int) -> DirectoryFile:
    """A file this person brought, or one that was written. Refuses any other."""
    found = session.get(DirectoryFile, file_id, populate_existing=True)
    if found is None or (found.written_at is None and found.brought_by != by.person_id):
        raise DirectoryFileGone("没有这个导入文件，或者不是您上传的。请重新上传。", file=file_id)
    return found


def rows_in(session: Session, kept: DirectoryFile) -> tuple[ListedRow, ...]:
    """The rows of a file over the directory as it is now; none once all of it is settled."""
    if kept.content is None:
        return ()
    lines = kept_lines(zlib.decompress(kept.content))
    return listed(lines, _known(session))


def must_be_sound(rows: Sequence[ListedRow]) -> None:
    """Refuse a list with any row that cannot be written."""
    wrong = [row for row in rows if row.is_wrong]
    if not wrong:
        return
    more = f"另有 {len(wrong) - 1} 行有错。" if len(wrong) > 1 else ""
    raise RowsRefused(
        f"第 {wrong[0].row} 行：{wrong[0].problems[0].message}{more}共 {len(rows)} 行，本次一行都没有写入。"
        "请更正后重新上传。",
        rows=[row.row for row in wrong[:100]],
    )


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
