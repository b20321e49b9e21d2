"""名册: the lists of units and people that were brought, each row as it stands, and who has no account yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.accounts import Account
from engine.directory import Actor, DirectoryFile, Person
from engine.moves.directory_files import directory_file, rows_in, sound_rows_in
from engine.moves.listing import ListedRow
from engine.moves.permissions import READS
from engine.words import Role

LATEST = 20


@dataclass(frozen=True, slots=True)
class FileLine:
    """A list that was brought, by whom, and who settled its offices where somebody did."""

    file: DirectoryFile
    brought_by: str
    settled_by: str | None


@dataclass(frozen=True, slots=True)
class ListCheck:
    """A list with its rows checked against the directory as it is now; no rows once all of it is settled.

    `sound` are those that can be written without the others.
    """

    line: FileLine
    rows: tuple[ListedRow, ...]
    sound: tuple[ListedRow, ...]

    @property
    def file(self) -> DirectoryFile:
        """The list itself."""
        return self.line.file


def list_check(session: Session, by: Actor, file_id: int) -> ListCheck:
    """A list this person brought, or one that was written. Refuses any other."""
    _must_keep_it(by)
    kept = directory_file(session, by, file_id)
    names = [session.get(Person, number) for number in (kept.brought_by, kept.settled_by) if number is not None]
    told = [person.name if person is not None else "" for person in names]
    line, rows = FileLine(kept, told[0], told[1] if len(told) > 1 else None), rows_in(session, kept)
    return ListCheck(line, rows, sound_rows_in(session, kept) if any(row.is_wrong for row in rows) else rows)


def lists_brought(session: Session, by: Actor) -> Sequence[FileLine]:
    """The lists that were written and those this person brought, the latest first."""
    _must_keep_it(by)
    brought, settled = aliased(Person), aliased(Person)
    rows = session.execute(
        select(DirectoryFile, brought.name, settled.name)
        .join(brought, brought.id == DirectoryFile.brought_by)
        .outerjoin(settled, settled.id == DirectoryFile.settled_by)
        .where(or_(DirectoryFile.written_at.is_not(None), DirectoryFile.brought_by == by.person_id))
        .order_by(DirectoryFile.id.desc())
        .limit(LATEST)
    )
    return [FileLine(file, who, settler) for file, who, settler in rows]


def lists_waiting(session: Session, by: Actor) -> int:
    """How many lists propose offices the 安全管理员 has not settled."""
    _must_keep_it(by)
    waits = DirectoryFile.written_at.is_not(None), DirectoryFile.offices > 0, DirectoryFile.settled_at.is_(None)
    return session.scalar(select(func.count()).select_from(DirectoryFile).where(*waits)) or 0


def without_account(session: Session, by: Actor, *, most: int) -> tuple[Sequence[Person], int]:
    """The latest people for whom nobody opened an account yet, and how many there are."""
    _must_keep_it(by)
    without = Person.id.not_in(select(Account.person_id))
    people = session.scalars(select(Person).where(without).order_by(Person.id.desc()).limit(most)).all()
    return people, session.scalar(select(func.count()).select_from(Person).where(without)) or 0


def _must_keep_it(by: Actor) -> None:
    by.must_hold(*(role for role in Role if role in READS["see_directory"].offices))
