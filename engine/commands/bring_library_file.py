"""上传指标库文件: a file of entries is kept to be checked; nothing of it is in the library yet."""

import hashlib
import zlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.clock import day_of
from engine.directory import Actor
from engine.errors import WrongState
from engine.indicators import LibraryFile
from engine.indicators.library_file import library_table
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.sheets import as_csv
from engine.store.base import table_of

_files = table_of(LibraryFile).c
LONGEST_NAME = 200


class ImportedBefore(WrongState):
    """Exactly this file was written into the library before."""

    code = "indicator.imported_before"


def bring_library_file(
    session: Session, name: str, raw: bytes, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Keep a file of entries until it is imported; it takes the place of the one this person brought before.

    It is kept as CSV, whatever it was, with the numbers of its rows. `gave` says the file. Refuses what is no library
    at all, and a file this unit has imported already. Not journalled: a file that was only brought is nobody's
    statement yet.
    """
    digest = hashlib.sha256(raw).digest()
    told = "".join(char for char in name if char.isprintable())[-LONGEST_NAME:].strip() or "未命名.csv"

    def work() -> dict[str, int]:
        _must_be_new(session, digest, by)
        content = as_csv(library_table(told, raw))
        session.execute(delete(LibraryFile).where(_files.brought_by == by.person_id, _files.written_at.is_(None)))
        kept = LibraryFile(
            jurisdiction=by.jurisdiction, name=told, digest=digest, content=zlib.compress(content), owner_id=by.unit_id,
            brought_by=by.person_id, brought_at=at, written_at=None, added=None,
        )  # fmt: skip
        session.add(kept)
        session.flush()
        return {"file": kept.id}

    return once(session, Asked("bring_library_file", by, at, key, content={"name": told, "digest": digest.hex()}), work)


def _must_be_new(session: Session, digest: bytes, by: Actor) -> None:
    written = session.scalar(
        select(_files.written_at).where(
            _files.jurisdiction == by.jurisdiction, _files.digest == digest, _files.owner_id == by.unit_id,
            _files.written_at.is_not(None),
        )
    )  # fmt: skip
    if written is not None:
        day = day_of(written)
        raise ImportedBefore(f"此文件 {day.year}年{day.month}月{day.day}日 已导入，没有再读入。请到指标库中查看。")
