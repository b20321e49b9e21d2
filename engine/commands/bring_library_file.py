"""上传指标库文件: a file of entries is kept to be checked; nothing of it is in the library yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.bringing import Sent, bring
from engine.moves.indicators import shelf_of
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once


def bring_library_file(
    session: Session, name: str, raw: bytes, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Keep a file of entries until it is imported; it takes the place of the one this person brought before.

    `gave` says the file. Refuses what is no library at all, and a file this unit has imported already.
    """
    sent = Sent(name, raw)
    asked = Asked("bring_library_file", by, at, key, content=sent.content)
    return once(session, asked, lambda: bring(session, shelf_of(by), sent, by, at))
