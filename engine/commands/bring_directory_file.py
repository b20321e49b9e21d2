"""上传名册: a list of units, people and offices is kept to be checked; nothing of it is in the directory yet."""

import hashlib
import zlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.clock import day_of
from engine.directory import Actor, DirectoryFile
from engine.directory.directory_file import directory_table
from engine.errors import WrongState
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.sheets import as_csv
from engine.store.base import table_of

_files = table_of(DirectoryFile).c
LONGEST_NAME = 200


class ListedBefore(WrongState):
    """Exactly this file was written into the directory before."""

    code = "directory.listed_before"


def bring_directory_file(
    session: Session, name: str, raw: bytes, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Keep a list until it is imported; it takes the place of the one this person brought before.

    `gave` says the file. Refuses what is no such list at all, and a file that was imported here already. Not
    journalled: a file that was only brought is nobody's statement yet.
    """
    digest = hashlib.sha256(raw).digest()
    told = "".join(char for char in name if char.isprintable())[-LONGEST_NAME:].strip() or "未命名.csv"

    def work() -> dict[str, int]:
        _must_be_new(session, digest, by)
        content = as_csv(directory_table(told, raw))
        session.execute(delete(DirectoryFile).where(_files.brought_by == by.person_id, _files.written_at.is_(None)))
        kept = DirectoryFile(
            jurisdiction=by.jurisdiction, name=told, digest=digest, content=zlib.compress(content),
            brought_by=by.person_id, brought_at=at,
        )  # fmt: skip
        session.add(kept)
        session.flush()
        return {"file": kept.id}

    content = {"name": told, "digest": digest.hex()}
    return once(session, Asked("bring_directory_file", by, at, key, content=content), work)


def _must_be_new(session: Session, digest: bytes, by: Actor) -> None:
    written = session.scalar(
        select(_files.written_at).where(
            _files.jurisdiction == by.jurisdiction, _files.digest == digest, _files.written_at.is_not(None)
        )
    )
    if written is not None:
        day = day_of(written)
        raise ListedBefore(f"此文件 {day.year}年{day.month}月{day.day}日 已导入，没有再读入。请到组织与人员中查看。")
