"""上传名册: a list of units, people and offices is kept to be checked; nothing of it is in the directory yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.bringing import Sent, bring
from engine.moves.directory_files import LISTS
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once


def bring_directory_file(
    session: Session, name: str, raw: bytes, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Keep a list until it is imported; it takes the place of the one this person brought before.

    `gave` says the file. Refuses what is no such list at all, and a file that was imported here already.
    """
    sent = Sent(name, raw)
    asked = Asked("bring_directory_file", by, at, key, content=sent.content)
    return once(session, asked, lambda: bring(session, LISTS, sent, by, at))
