"""Doing a thing once, however often it is asked: the key of a command and the answer kept under it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.errors import InvalidInput
from engine.store import Base
from engine.store.base import table_of


class DoneCommand(Base):
    """A command that was carried out under this key; the same key again gets the same answer and changes nothing."""

    __tablename__ = "done_commands"

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    answer: Mapped[dict[str, Any]]
    at: Mapped[datetime]


_done = table_of(DoneCommand)
_BEGIN = insert(_done).on_conflict_do_nothing().returning(_done.c.key)


class KeyTaken(InvalidInput):
    """The key was used for another command, or for the same command done to something else."""

    code = "command.key_taken"


def done_before(
    session: Session, jurisdiction: str, key: str | None, command: str, at: datetime, answer: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The answer already given under `key`, or None when this is the first time (and `answer` is now kept).

    Two at once: the second waits for the first to commit, then gets its answer. Without a key nothing is remembered.
    Refuses a key that stands for another command, or for the same command done to something else.
    """
    if key is None:
        return None
    row = {"jurisdiction": jurisdiction, "key": key, "command": command, "answer": dict(answer), "at": at}
    if session.scalar(_BEGIN, row) is not None:
        return None
    known = known_answer(session, jurisdiction, key, command) or {}
    if any(known[name] != value for name, value in answer.items()):
        raise KeyTaken("这个请求编号已用于办理另一件，没有办理。请换一个编号。", key=key)
    return known


def known_answer(session: Session, jurisdiction: str, key: str | None, command: str) -> dict[str, Any] | None:
    """What was answered under `key`, or None; refuses a key that stands for another command."""
    if key is None:
        return None
    known = session.execute(
        select(_done.c.command, _done.c.answer).where(_done.c.jurisdiction == jurisdiction, _done.c.key == key)
    ).one_or_none()
    if known is None:
        return None
    if known.command != command:
        raise KeyTaken("这个请求编号已用于另一项操作，没有办理。请换一个编号。", key=key)
    return dict(known.answer)


def remember(session: Session, jurisdiction: str, key: str | None, answer: Mapping[str, Any]) -> None:
    """Keep the final answer of a command whose answer was not known at its start."""
    if key is not None:
        session.execute(
            update(_done).where(_done.c.jurisdiction == jurisdiction, _done.c.key == key).values(answer=dict(answer))
        )
