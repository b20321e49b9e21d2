"""办理名册中的岗位: the offices of an imported list are given, all of them, or not given."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.accounts.finding import must_be_for_another
from engine.audit.events.directory import Appointed, ListedOfficesSettled
from engine.directory import Actor, Appointment, DirectoryFile
from engine.errors import InvalidInput, WrongState
from engine.moves.bringing import one_at_a_time
from engine.moves.conflicts import last_outside_cases
from engine.moves.directory_files import ListChanged, directory_file, numbers_of, rows_in
from engine.moves.listing import ListedRow
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.sheets import must_all_be_sound
from engine.texts import is_blank


class NoOfficesWait(WrongState):
    """The file proposes no offices, or they are settled."""

    code = "directory.no_offices_wait"


class NoReasonTold(InvalidInput):
    """Offices are not given without a word why."""

    code = "directory.no_reason_told"


def settle_listed_offices(
    session: Session,
    file_id: int,
    granted: bool,
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Give the offices a list proposes, or none of them with a reason; the 安全管理员 does it, never for himself.

    Each is judged as `appoint` judges it; with any row wrong by now none is given. Administrators' offices never come
    from a list. Where another list gave all of them meanwhile this one proposes none any more. `gave` says how many
    were given.
    """

    def work() -> dict[str, int]:
        one_at_a_time(session, DirectoryFile, by.jurisdiction)
        kept = directory_file(session, by, file_id)
        if not kept.waits:
            who = last_outside_cases(session, by.jurisdiction, ListedOfficesSettled, file=[file_id])
            raise NoOfficesWait(f"这份名册没有待授予的岗位{who}，没有办理。请核对办理结果。", file=file_id)
        if not granted and is_blank(reason or ""):
            raise NoReasonTold("没有写原因，没有办理。请写明为什么不授予，系统管理员会看到。")
        given = _give(session, rows_in(session, kept), by) if granted else []
        kept.settled_by, kept.settled_at, kept.granted, kept.content = by.person_id, at, len(given), None
        all_held = granted and not given
        kept.offices = 0 if all_held else kept.offices
        why = None if all_held else reason
        told = ListedOfficesSettled(file=kept.id, file_name=kept.name, granted=len(given), reason=why)
        record_outside_cases(session, by.jurisdiction, [*given, told], by=by, at=at)
        return {"granted": len(given)}

    content = {"file": file_id, "granted": granted, "reason": reason}
    return once(session, Asked("settle_listed_offices", by, at, key, content=content), work)


def _give(session: Session, rows: Sequence[ListedRow], by: Actor) -> list[Appointed]:
    must_all_be_sound(rows)
    units, people = numbers_of(session)
    told = [
        Appointed(
            person=people[row.cells.login], unit=units[row.cells.unit], unit_name=row.cells.unit, office=role.value
        )
        for row in rows
        for role in row.offices
    ]
    for each in told:
        must_be_for_another(by, each.person)
    try:
        with session.begin_nested():
            session.add_all(
                Appointment(jurisdiction=by.jurisdiction, person_id=each.person, unit_id=each.unit, role=each.office)
                for each in told
            )
    except IntegrityError as reason:
        given = {each.person for each in told}
        who = last_outside_cases(session, by.jurisdiction, Appointed, person=given)
        raise ListChanged(f"有岗位刚被别人授予{who}，没有授予任何一个。请重新打开后再办。") from reason
    return told
