"""The access log: who came in, who did not, and what was done to accounts. It only grows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.accounts.model import AccessEntry
from engine.directory import Person
from engine.texts import minute_of, told_who
from engine.words import Access

_LONGEST = 200
"""Characters kept of what a browser says about itself."""


def record(
    session: Session,
    what: Access,
    *,
    person: Person | None,
    at: datetime,
    login: str = "",
    from_address: str = "",
    **facts: Any,
) -> None:
    """Write one line. Of a login nobody has only the beginning is kept: people type passwords there."""
    session.add(
        AccessEntry(
            jurisdiction=func.tenant() if person is None else person.jurisdiction,
            at=at, person_id=None if person is None else person.id,
            login=_beginning(login) if person is None else person.login,
            what=what, from_address=kept(from_address), facts=facts,
        )
    )  # fmt: skip


def entries(
    session: Session, *, person_id: int | None = None, before: int | None = None, most: int = 50
) -> Sequence[AccessEntry]:
    """The newest lines, the last one first; of one person only, and before the line of that number, if they are named.

    For the 审计管理员, who reads all, and for a person who reads the own ones.
    """
    asked = select(AccessEntry).order_by(AccessEntry.id.desc()).limit(most)
    if person_id is not None:
        asked = asked.where(AccessEntry.person_id == person_id)
    if before is not None:
        asked = asked.where(AccessEntry.id < before)
    return session.scalars(asked).all()


def last_of(session: Session, person_id: int, *what: Access, **facts: int) -> str:
    """Who last did one of these to a person's account, and when, in brackets; nothing where nobody did.

    `facts` are those of the line. Who did it to the own account is the person; of the operator at the machine the
    name is not known.
    """
    other = aliased(Person)
    last = session.execute(
        select(AccessEntry.what, AccessEntry.at, AccessEntry.facts, func.coalesce(other.name, Person.name))
        .join(Person, Person.id == AccessEntry.person_id)
        .outerjoin(other, other.id == AccessEntry.facts["by"].as_integer())
        .where(AccessEntry.person_id == person_id, AccessEntry.what.in_(what))
        .where(*(AccessEntry.facts[name].as_integer() == number for name, number in facts.items()))
        .order_by(AccessEntry.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return ""
    done_at_the_machine = "by" in last.facts and last.facts["by"] is None
    return told_who("本机操作员" if done_at_the_machine else last[3], last.what.label, minute_of(last.at))


def kept(text: str) -> str:
    """Foreign text as a row can keep it: no longer than 200 characters, what is no character replaced."""
    return text[:_LONGEST].encode("utf-8", "replace").decode().replace("\0", "?")


def _beginning(login: str) -> str:
    return f"{kept(login[:2])}…（{len(login)} 字）" if login else ""
