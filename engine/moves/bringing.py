"""Files that are brought to be imported: kept until they are written, found again, written one at a time."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from engine.audit.events import Event
from engine.clock import day_of
from engine.directory import Actor, DirectoryFile
from engine.errors import NotFound, WrongState
from engine.executions import ExecutionFile
from engine.indicators import LibraryFile
from engine.moves.conflicts import last_outside_cases
from engine.sheets import CheckedRow, Line, Row, Table, Template, as_csv
from engine.store.base import table_of

LONGEST_NAME = 200
Kept = DirectoryFile | ExecutionFile | LibraryFile


class WrittenBefore(WrongState):
    """Exactly this file was imported before."""

    code = "import.written_before"


class FileGone(NotFound):
    """No such file, somebody else's, or one whose content is not kept any more."""

    code = "import.file_not_found"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files of a kind are kept, what they are to look like, and the event that tells of an import.

    `shown_in` is where people find what came of them. `own` are columns that part them further: a file written by one
    owner may be brought by another.
    """

    files: type[Kept]
    template: Template
    told: type[Event]
    shown_in: str
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as somebody sent it."""

    called: str
    raw: bytes

    @property
    def name(self) -> str:
        """What it is called, as far as that can be read."""
        return "".join(char for char in self.called if char.isprintable())[-LONGEST_NAME:].strip() or "未命名.csv"

    @property
    def digest(self) -> bytes:
        """Its SHA-256."""
        return hashlib.sha256(self.raw).digest()

    @property
    def content(self) -> dict[str, str]:
        """What makes sending it this request and no other."""
        return {"name": self.name, "digest": self.digest.hex()}


def bring(session: Session, shelf: Shelf, sent: Sent, by: Actor, at: datetime) -> dict[str, int]:
    """Keep a file as CSV, with the numbers of its rows, in place of the one this person brought before; says the file.

    Refuses what the template does not read, and a file that was imported already. Not journalled: a file that was only
    brought is nobody's statement yet.
    """
    must_be_new(session, shelf, sent.digest, by, at)
    table, files = shelf.template.table_in(sent.name, sent.raw), table_of(shelf.files).c
    session.execute(delete(shelf.files).where(files.brought_by == by.person_id, files.written_at.is_(None)))
    kept = shelf.files(
        jurisdiction=by.jurisdiction, name=sent.name, digest=sent.digest, content=_packed(table),
        brought_by=by.person_id, brought_at=at, **shelf.own,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return {"file": kept.id}


def lines_kept(template: Template, kept: Kept) -> tuple[Line, ...]:
    """The rows of a file as they were brought. Refuses one whose content is not kept any more."""
    if kept.content is None:
        raise FileGone("这个文件已经写入，内容不再保存。请刷新查看。", file=kept.id)
    return template.lines_kept(zlib.decompress(kept.content))


def keep_only(template: Template, kept: Kept, rows: Sequence[CheckedRow]) -> None:
    """Keep these rows of a file, under the numbers they have, and forget the others."""
    kept.content = _packed(Table(template.header, tuple(Row(row.row, row.cells) for row in rows))) if rows else None


def gone(file_id: int) -> FileGone:
    """The refusal of a file this person has not brought."""
    return FileGone("没有这个导入文件，或者不是您上传的。请重新上传。", file=file_id)


def one_at_a_time(session: Session, files: type[Kept], jurisdiction: str) -> None:
    """Whoever else writes a file of this kind here waits until this transaction is over."""
    what = f"{files.__tablename__} {jurisdiction}"
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def _packed(table: Table) -> bytes:
    return zlib.compress(as_csv(table))


def must_be_new(session: Session, shelf: Shelf, digest: bytes, by: Actor, at: datetime) -> None:
    """Refuse a file of this digest when one was imported, whoever brought it; says when and by whom."""
    files = table_of(shelf.files).c
    same = files.jurisdiction == by.jurisdiction, files.digest == digest, files.written_at.is_not(None)
    own = [files[column] == value for column, value in shelf.own.items()]
    written = session.execute(select(files.id, files.written_at).where(*same, *own)).first()
    if written is not None:
        day = day_of(written.written_at)
        on = f"{'' if day.year == day_of(at).year else f'{day.year}年'}{day.month}月{day.day}日"
        who = last_outside_cases(session, by.jurisdiction, shelf.told, file=[written.id])
        raise WrittenBefore(f"此文件 {on}已导入{who}，没有再读入。请到{shelf.shown_in}中查看。", file=written.id)
