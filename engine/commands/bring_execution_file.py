"""上传执行数: a file of execution figures is kept to be checked; nothing of it is in any case yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.moves.bringing import Sent, bring
from engine.moves.execution_files import FIGURES
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once


def bring_execution_file(
    session: Session, name: str, raw: bytes, *, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Keep a file of figures until it is imported; it takes the place of the one this person brought before.

    `gave` says the file. Refuses what is no such file at all, and one that was imported here already.
    """
    sent = Sent(name, raw)
    asked = Asked("bring_execution_file", by, at, key, content=sent.content)
    return once(session, asked, lambda: bring(session, FIGURES, sent, by, at))
