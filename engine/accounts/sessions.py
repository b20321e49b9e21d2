"""会话: kept in the database, so that each can be seen and ended; the browser holds nothing but a token.

Whoever has the token is the person, so only its SHA-256 is kept, and a new one is given at every sign-in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from engine.accounts import log
from engine.accounts.limits import digest_of
from engine.accounts.model import IDLE, LONGEST, SignIn
from engine.accounts.refusals import NotProven
from engine.directory import Actor, Person
from engine.words import Access, Role, SignInEnd

_TOKEN_BYTES = 32
_SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)
"""So long a session that is over is still told of."""


def session_of(session: Session, token: str, at: datetime) -> tuple[SignIn, Person] | None:
    """The session of a token and whose it is, in one statement, because every page begins with it.

    None when there is none, or it is ended, too long unused or too old.
    """
    asked = select(SignIn, Person).join(Person, Person.id == SignIn.person_id)
    found = session.execute(asked.where(SignIn.digest == digest_of(token), *_open(at))).one_or_none()
    return None if found is None else (found[0], found[1])


def former_session(session: Session, token: str) -> SignIn | None:
    """The session a token opened, be it over or not; None for a token nobody was given."""
    return session.scalar(select(SignIn).where(SignIn.digest == digest_of(token)))


def begin(
    session: Session,
    person: Person,
    *,
    from_address: str,
    agent: str,
    at: datetime,
    second_factor: bool,
    must_change: bool,
    proven: bool = True,
    display: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[SignIn, str]:
    """Open a session for somebody who has shown who he is; gives it and the token, which is kept nowhere.

    Sessions of the person that were over long ago are forgotten.
    """
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.ends_at < at - KEPT))
    token = token_urlsafe(_TOKEN_BYTES)
    sign_in = SignIn(
        jurisdiction=person.jurisdiction,
        digest=digest_of(token),
        person_id=person.id,
        begun_at=at,
        seen_at=at,
        ends_at=at + LONGEST,
        from_address=log.kept(from_address),
        agent=log.kept(agent),
        second_factor=second_factor,
        must_change=must_change,
        proven_at=at if proven else None,
        data=dict(display),
    )
    session.add(sign_in)
    session.flush()
    return sign_in, token


def renew_token(session: Session, sign_in: SignIn) -> str:
    """A new token for the same session; the one before opens nothing any more."""
    token = token_urlsafe(_TOKEN_BYTES)
    sign_in.digest = digest_of(token)
    session.flush()
    return token


def keep_alive(session: Session, sign_in: SignIn, at: datetime) -> None:
    """Note that the session is used, once a minute at the most; so it may be over up to a minute before its time."""
    if at - sign_in.seen_at >= _SEEN_EVERY:
        sign_in.seen_at = at
        session.flush()


def end(session: Session, sign_in: SignIn, why: SignInEnd, *, at: datetime, by: Actor | None = None) -> None:
    """End a session; one that has ended stays as it was. `by` is the 安全管理员 who ends somebody else's."""
    if by is not None:
        by.must_hold(Role.SECURITY_ADMIN)
    if _end(session, why, at, SignIn.id == sign_in.id):
        what = Access.SIGNED_OUT if why is SignInEnd.SIGNED_OUT else Access.ENDED
        facts: dict[str, Any] = {} if by is None else {"by": by.person_id}
        person = session.get_one(Person, sign_in.person_id)
        log.record(
            session, what, person=person, at=at, from_address=sign_in.from_address, sign_in=sign_in.id, why=why, **facts
        )


def end_others(session: Session, sign_in: SignIn, why: SignInEnd = SignInEnd.BY_ONESELF, *, at: datetime) -> int:
    """End all sessions of the person but this one; says how many."""
    return _end_several(session, sign_in.person_id, why, at, SignIn.id != sign_in.id)


def end_all(session: Session, person_id: int, why: SignInEnd, *, at: datetime) -> int:
    """End all sessions of a person; says how many."""
    return _end_several(session, person_id, why, at)


def open_sessions_of(session: Session, person_id: int, at: datetime) -> Sequence[SignIn]:
    """The sessions of a person that are open, the one used last first."""
    return _listed(session, at, SignIn.person_id == person_id)


def open_sessions(session: Session, at: datetime) -> Sequence[SignIn]:
    """The open sessions of everybody here, the one used last first; for the 安全管理员."""
    return _listed(session, at)


def must_be_proven(sign_in: SignIn, at: datetime) -> None:
    """Refuse to go on until the password has been given again within the last minutes."""
    if not sign_in.is_proven(at):
        raise NotProven("这一步要再次认证，还没有办理。请重新输入密码，五分钟内有效。")


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignIn.ended_at.is_(None), SignIn.seen_at >= at - IDLE, SignIn.ends_at > at


def _listed(session: Session, at: datetime, *which: ColumnElement[bool]) -> Sequence[SignIn]:
    return session.scalars(select(SignIn).where(*_open(at), *which).order_by(SignIn.seen_at.desc(), SignIn.id)).all()


def _end(session: Session, why: SignInEnd, at: datetime, *which: ColumnElement[bool]) -> int:
    ended = (
        update(SignIn)
        .where(SignIn.ended_at.is_(None), *which)
        .values(ended_at=at, ended_why=why)
        .returning(SignIn.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(session.execute(ended).all())


def _end_several(session: Session, person_id: int, why: SignInEnd, at: datetime, *which: ColumnElement[bool]) -> int:
    number = _end(session, why, at, SignIn.person_id == person_id, *which)
    if number:
        person = session.get_one(Person, person_id)
        log.record(session, Access.ENDED, person=person, at=at, number=number, why=why)
    return number
