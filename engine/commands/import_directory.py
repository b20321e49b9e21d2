"""导入单位和人员: the units and people of a list are registered, all rows or none, or the sound ones only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit.events.directory import DirectoryImported, PersonAdded, UnitAdded
from engine.directory import Actor, DirectoryFile, Person, Unit
from engine.directory.directory_file import TEMPLATE
from engine.errors import WrongState
from engine.moves.bringing import keep_only, must_be_new, one_at_a_time
from engine.moves.conflicts import last_outside_cases
from engine.moves.directory_files import LISTS, ListChanged, directory_file, numbers_of, rows_in, sound_rows_in
from engine.moves.listing import ListedRow, new_units
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.sheets import must_all_be_sound


class NothingToList(WrongState):
    """The directory has all of the file already, or it was written before."""

    code = "directory.nothing_to_list"


def import_directory(
    session: Session, file_id: int, *, only_sound: bool = False, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Register the units and people of a file this person brought; the 系统管理员 does it.

    With any row wrong nothing is written, unless `only_sound` leaves the wrong ones out, and those that need them.
    Offices are not his to give: those of the file wait until the 安全管理员 settles them. Accounts are opened apart
    from it. `gave` says how many units and people were registered, how many offices wait, and how many rows were left
    out.
    """

    def work() -> dict[str, int]:
        one_at_a_time(session, DirectoryFile, by.jurisdiction)
        kept = directory_file(session, by, file_id)
        if kept.written_at is not None:
            who = last_outside_cases(session, by.jurisdiction, DirectoryImported, file=[file_id])
            raise NothingToList(f"这份名册已登记{who}，没有再写入。请到组织与人员中查看。", file=file_id)
        must_be_new(session, LISTS, kept.digest, by, at)
        rows, left_out = _rows(session, kept, only_sound)
        offices = sum(len(row.offices) for row in rows)
        try:
            with session.begin_nested():
                units, people = _units(session, rows, by), _people(session, rows, by)
        except IntegrityError as reason:
            who = _who_registered(session, by, [row for row in rows if row.new_unit or row.new_person])
            raise ListChanged(f"有单位或账号刚被别人登记{who}，没有写入任何一行。请重新核对后再导入。") from reason
        if not (units or people or offices):
            who = _who_registered(session, by, rows)
            raise NothingToList(
                f"文件里没有可以新登记的单位、人员和岗位{who}，没有再写入。请到组织与人员中查看。", file=file_id
            )
        kept.written_at, kept.units, kept.people, kept.offices = at, len(units), len(people), offices
        keep_only(TEMPLATE, kept, rows if offices else ())
        told = DirectoryImported(
            file=kept.id, file_name=kept.name, digest=kept.digest.hex(), units=len(units), people=len(people),
            offices=offices, left_out=left_out,
        )  # fmt: skip
        record_outside_cases(session, by.jurisdiction, [*units, *people, told], by=by, at=at)
        return {"units": len(units), "people": len(people), "offices": offices, "left_out": left_out}

    content = {"file": file_id, "only_sound": only_sound}
    return once(session, Asked("import_directory", by, at, key, content=content), work)


def _rows(session: Session, kept: DirectoryFile, only_sound: bool) -> tuple[Sequence[ListedRow], int]:
    """The rows to be written, and how many are left out."""
    rows = rows_in(session, kept)
    if not only_sound:
        must_all_be_sound(rows)
        return rows, 0
    sound = sound_rows_in(session, kept)
    return sound, len(rows) - len(sound)


def _units(session: Session, rows: Sequence[ListedRow], by: Actor) -> list[UnitAdded]:
    """Register the new units, departments before what is under them."""
    told: list[UnitAdded] = []
    there, _ = numbers_of(session)
    new = new_units(rows)
    for name, (kind, above) in new.items():
        unit = Unit(jurisdiction=by.jurisdiction, name=name, kind=kind, department_id=there.get(above))
        session.add(unit)
        session.flush()
        there[name] = unit.id
        told.append(UnitAdded(unit=unit.id, unit_name=name, kind=kind.value, department=unit.department_id))
    return told


def _who_registered(session: Session, by: Actor, rows: Sequence[ListedRow]) -> str:
    """Who registered the last of these people, else of these units."""
    logins, units = [row.cells.login for row in rows], [row.cells.unit for row in rows]
    return last_outside_cases(session, by.jurisdiction, PersonAdded, login=logins) or last_outside_cases(
        session, by.jurisdiction, UnitAdded, unit_name=units
    )


def _people(session: Session, rows: Sequence[ListedRow], by: Actor) -> list[PersonAdded]:
    new: list[Any] = [
        Person(jurisdiction=by.jurisdiction, login=row.cells.login, name=row.cells.name)
        for row in rows
        if row.new_person
    ]
    session.add_all(new)
    session.flush()
    return [PersonAdded(person=person.id, login=person.login) for person in new]
