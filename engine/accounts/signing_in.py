"""登录: from what is typed, or what 统一身份认证 says, to a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.accounts import credentials, log, passwords, sessions
from engine.accounts.keys import Keys
from engine.accounts.model import Account, SignIn
from engine.accounts.refusals import AccountClosed, NoAccount, PasswordMissing, TooManyTries
from engine.directory import Person
from engine.errors import EngineError
from engine.words import Access

_LONGEST_LOGIN = 200


@dataclass(frozen=True, slots=True)
class Last:
    """The sign-in before this one, told so that a stranger's is noticed."""

    at: datetime
    from_address: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """In: the session, the token for the browser (kept nowhere else), the sign-in before.

    `must_change`: the password was given by somebody else or is too old, a new one comes first.
    """

    sign_in: SignIn
    token: str = field(repr=False)
    last: Last | None
    must_change: bool


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """Not in, and why, in the sentence to show; the transaction is to be committed, for the try was counted."""

    refusal: EngineError


def sign_in(
    session: Session, login: str, password: str, code: str, *, from_address: str, agent: str, at: datetime, keys: Keys
) -> SignedIn | NotSignedIn:
    """Open a session for login, password and, where the account has a second factor, a code or a recovery code.

    Never raises for what was typed: any text may be given for any of them.
    """
    login = login.strip()
    person, account = _known(session, login)
    shown = credentials.Shown(login, password, code, from_address, at)
    refusal = credentials.refusal_of(session, shown, person, account, keys)
    if refusal is not None or person is None or account is None:
        refusal = refusal or NoAccount("没有这个账号，不能登录。请核对账号。")
        return _refused(session, refusal, person, login=login, from_address=from_address, at=at)
    must_change = account.must_change or passwords.needs_change(account.password_at, at)
    return _begun(
        session,
        person,
        from_address=from_address,
        agent=agent,
        at=at,
        second_factor=account.has_second_factor,
        must_change=must_change,
        proven=True,
        display=account.display,
    )


def sign_in_elsewhere(
    session: Session, subject: str, *, from_address: str, agent: str, at: datetime, login: str | None = None
) -> SignedIn | NotSignedIn:
    """Open a session for whom 统一身份认证 vouches for; `subject` is what it calls the person, checked by the caller.

    Where the installation trusts its names, `login` finds who has no subject registered. What takes the password again
    is not proven by it.
    """
    found = _vouched_for(session, subject, login)
    if found is not None and found[1].closed_at is None:
        return _begun(
            session, found[0], from_address=from_address, agent=agent, at=at,
            second_factor=False, must_change=False, proven=False, display=found[1].display,
        )  # fmt: skip
    if found is None:
        refusal: EngineError = NoAccount("统一身份认证里的这个人还没有登记到本系统的账号，不能登录。请系统管理员登记。")
        return _refused(session, refusal, None, login="", from_address=from_address, at=at)
    refusal = AccountClosed("这个账号已停用，不能登录。需要恢复请联系系统管理员。")
    return _refused(session, refusal, found[0], login="", from_address=from_address, at=at)


def _vouched_for(session: Session, subject: str, login: str | None) -> Row[Person, Account] | None:
    """Whose subject it is; else whose login, unless the account belongs to another subject."""
    both = select(Person, Account).join(Account, Account.person_id == Person.id)
    if not _can_be_kept(subject):
        return None
    found = session.execute(both.where(Account.oidc_subject == subject)).one_or_none()
    if found is not None or login is None or not _can_be_kept(login):
        return found
    return session.execute(both.where(Person.login == login, Account.oidc_subject.is_(None))).one_or_none()


def _can_be_kept(text: str) -> bool:
    """Whether a row could hold it at all."""
    return 0 < len(text) <= _LONGEST_LOGIN and log.kept(text) == text


def _known(session: Session, login: str) -> tuple[Person | None, Account | None]:
    """The person and account of a login; a text no row can keep is nobody's."""
    if not _can_be_kept(login):
        login = ""
    found = session.execute(
        select(Person, Account).outerjoin(Account, Account.person_id == Person.id).where(Person.login == login)
    ).one_or_none()
    return (None, None) if found is None else (found[0], found[1])


def _begun(
    session: Session,
    person: Person,
    *,
    from_address: str,
    agent: str,
    at: datetime,
    second_factor: bool,
    must_change: bool,
    proven: bool,
    display: Mapping[str, Any],
) -> SignedIn:
    last = session.execute(
        select(SignIn.begun_at, SignIn.from_address)
        .where(SignIn.person_id == person.id)
        .order_by(SignIn.begun_at.desc(), SignIn.id.desc())
        .limit(1)
    ).one_or_none()
    begun, token = sessions.begin(
        session,
        person,
        from_address=from_address,
        agent=agent,
        at=at,
        second_factor=second_factor,
        must_change=must_change,
        proven=proven,
        display=display,
    )
    log.record(session, Access.SIGNED_IN, person=person, at=at, from_address=from_address, sign_in=begun.id)
    return SignedIn(begun, token, None if last is None else Last(*last), must_change)


def _refused(
    session: Session, refusal: EngineError, person: Person | None, *, login: str, from_address: str, at: datetime
) -> NotSignedIn:
    """Told to the log, but for what nobody counts and from addresses held up: whoever floods must not fill it."""
    if not isinstance(refusal, PasswordMissing | TooManyTries):
        log.record(
            session, Access.REFUSED, person=person, login=login, at=at, from_address=from_address, why=refusal.code
        )
        session.flush()
    return NotSignedIn(refusal)
