"""What is on record when it is read or taken away: pages shown to observers, and the journal checked or exported."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.accounts import log
from engine.accounts.model import SignIn
from engine.directory import Person
from engine.words import Access


def note_reading(session: Session, sign_in: SignIn, page: str, *, case: int | None, at: datetime) -> None:
    """查阅: a person has been shown a page (its address without what was asked for), of a case or of none."""
    facts: dict[str, Any] = {} if case is None else {"case": case}
    _note(session, sign_in, Access.READ, at, page=log.kept(page), **facts)


def note_check(session: Session, sign_in: SignIn, *, entries: int, chains: int, breaks: int, at: datetime) -> None:
    """校验: a person has had the journal recomputed, with that result."""
    _note(session, sign_in, Access.VERIFIED, at, entries=entries, chains=chains, breaks=breaks)


def note_export(session: Session, sign_in: SignIn, *, entries: int, at: datetime) -> None:
    """导出: a person has taken the journal away."""
    _note(session, sign_in, Access.EXPORTED, at, entries=entries)


def _note(session: Session, sign_in: SignIn, what: Access, at: datetime, **facts: Any) -> None:
    person = session.get_one(Person, sign_in.person_id)
    told = {"sign_in": sign_in.id, **facts}
    log.record(session, what, person=person, at=at, from_address=sign_in.from_address, **told)
    session.flush()
