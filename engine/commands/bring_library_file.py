"""上传指标库文件: a file of entries is kept to be checked; nothing of it is in the library yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.indicators import LibraryFile
from engine.indicators.library_file import TEMPLATE
from engine.moves.bringing import Sent, Shelf, bring
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once


def bring_library_file(
    session: Session, name: str, raw: bytes, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Keep a file of entries until it is imported; it takes the place of the one this person brought before.

    `gave` says the file. Refuses what is no library at all, and a file this unit has imported already.
    """
    sent, shelf = Sent(name, raw), Shelf(LibraryFile, TEMPLATE, "指标库", own={"owner_id": by.unit_id})
    asked = Asked("bring_library_file", by, at, key, content=sent.content)
    return once(session, asked, lambda: bring(session, shelf, sent, by, at))
