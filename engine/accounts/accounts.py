"""What happens to an account: opened, its password changed or given anew, unlocked, linked, closed, opened again.

`by` is the administrator who does it, None for the operator at the machine (the first administrator). Each is told to
the access log.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.accounts import credentials, limits, log, passwords, sessions
from engine.accounts.finding import account_of, found, must_be_for_another
from engine.accounts.model import Account, FormerPassword, SignIn
from engine.accounts.refusals import AccountExists, AccountStands, PasswordUsedBefore, SubjectRefused
from engine.directory import Actor, Person
from engine.errors import EngineError
from engine.words import Access, Role, SignInEnd


def open_account(
    session: Session, person: Person, first_password: str, *, by: Actor | None, at: datetime, must_change: bool = True
) -> Account:
    """Give a person an account; the 系统管理员 does it.

    The first password is to be changed at the first sign-in unless `must_change` is False (accounts of a demo).
    Refuses a weak password and a person who has an account.
    """
    _must_be(by, Role.SYSTEM_ADMIN)
    passwords.must_be_good(first_password, login=person.login, name=person.name)
    account = Account(jurisdiction=person.jurisdiction, person_id=person.id)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as reason:
        who = log.last_of(session, person.id, Access.OPENED, Access.REOPENED)
        raise AccountExists(
            f"这个人已经有账号{who}，没有再建。第一次的密码没有看到或忘了，请安全管理员重置。", person=person.id
        ) from reason
    _keep(session, account, first_password, at, must_change=must_change)
    _record(session, Access.OPENED, person, by, at)
    return account


def set_password(session: Session, sign_in: SignIn, old: str, new: str, *, at: datetime) -> EngineError | None:
    """Change one's own password, the old one given again; the person's other sessions are over.

    Gives the refusal instead of raising it (wrong old password, weak or used before), because a wrong try is counted
    as one of signing in and has to be committed. The caller then gives the session a new token (`renew_token`).
    """
    person, account = found(session, sign_in.person_id)
    shown = credentials.Shown(person.login, old, None, sign_in.from_address, at)
    refusal = credentials.refusal_of(session, shown, person, account, None) or _unfit(session, person, account, new)
    if refusal is not None:
        log.record(
            session, Access.PASSWORD_NOT_CHANGED, person=person, at=at, from_address=sign_in.from_address,
            why=refusal.code,
        )  # fmt: skip
        return refusal
    _, account = account_of(session, person.id)
    _keep(session, account, new, at, must_change=False)
    sign_in.must_change, sign_in.proven_at = False, at
    sessions.end_others(session, sign_in, SignInEnd.PASSWORD, at=at)
    log.record(session, Access.PASSWORD_CHANGED, person=person, at=at, from_address=sign_in.from_address)
    session.flush()
    return None


def give_password(session: Session, person_id: int, *, by: Actor | None, at: datetime) -> str:
    """A password for somebody who has forgotten his; the 安全管理员 gives it, never to himself.

    It is to be changed at the first sign-in and opens for seven days; gives it in clear, to be shown once. Locks and
    open sessions of the person are over. Refuses a closed account.
    """
    _must_be(by, Role.SECURITY_ADMIN, for_person=person_id)
    person, account = account_of(session, person_id)
    if account.closed_at is not None:
        who = log.last_of(session, person_id, Access.CLOSED)
        raise AccountStands(f"这个账号已停用{who}，没有重置密码。请系统管理员先恢复账号。", person=person_id)
    password = _give(session, person, account, at)
    _record(session, Access.PASSWORD_GIVEN, person, by, at)
    return password


def unlock(session: Session, person_id: int, *, by: Actor | None, at: datetime) -> bool:
    """Let somebody try again before the time is up; the 安全管理员 does it. False when nothing was counted."""
    _must_be(by, Role.SECURITY_ADMIN, for_person=person_id)
    person, _ = account_of(session, person_id)
    forgotten = limits.forget(session, credentials.LOGIN, person.login)
    _record(session, Access.UNLOCKED, person, by, at)
    return forgotten


def close_account(session: Session, person_id: int, *, by: Actor | None, at: datetime) -> None:
    """Let nobody in by this account any more and end its sessions; 系统管理员 or 安全管理员 does it, not for himself.

    What the person did stays. Refuses an account that is closed.
    """
    _must_be(by, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, for_person=person_id)
    person, account = account_of(session, person_id)
    if account.closed_at is not None:
        who = log.last_of(session, person_id, Access.CLOSED)
        raise AccountStands(f"这个账号已经停用{who}，没有改动。请核对这个人的状态。", person=person_id)
    account.closed_at = at
    sessions.end_all(session, person_id, SignInEnd.CLOSED, at=at)
    _record(session, Access.CLOSED, person, by, at)


def reopen_account(session: Session, person_id: int, *, by: Actor | None, at: datetime) -> str:
    """Open a closed account again with a new first password, in clear; the 系统管理员 does it. Refuses an open one."""
    _must_be(by, Role.SYSTEM_ADMIN, for_person=person_id)
    person, account = account_of(session, person_id)
    if account.closed_at is None:
        who = log.last_of(session, person_id, Access.OPENED, Access.REOPENED)
        raise AccountStands(
            f"这个账号正在使用{who}，没有改动。密码没有看到或忘了，请安全管理员重置。", person=person_id
        )
    account.closed_at = None
    password = _give(session, person, account, at)
    _record(session, Access.REOPENED, person, by, at)
    return password


def link(session: Session, person_id: int, subject: str | None, *, by: Actor | None, at: datetime) -> None:
    """Let whom 统一身份认证 calls `subject` in by this account, or nobody (None); the 系统管理员 does it.

    Refuses a subject somebody else has, and one no sign-in could bring.
    """
    _must_be(by, Role.SYSTEM_ADMIN, for_person=person_id)
    if subject is not None and log.kept(subject) != subject:
        raise SubjectRefused("统一身份认证的标识最多 200 个字符，没有改动。请核对标识。", length=len(subject))
    person, account = account_of(session, person_id)
    try:
        with session.begin_nested():
            account.oidc_subject = subject
    except IntegrityError as reason:
        holder = session.scalars(select(Account.person_id).where(Account.oidc_subject == subject)).one()
        who = log.last_of(session, holder, Access.LINKED)
        raise AccountExists(f"统一身份认证的这个标识已登记给另一个人{who}，没有改动。请核对标识。") from reason
    _record(session, Access.LINKED, person, by, at, linked=subject is not None)


def _unfit(session: Session, person: Person, account: Account, new: str) -> EngineError | None:
    try:
        passwords.must_be_good(new, login=person.login, name=person.name)
        _must_be_new(session, account, new)
    except EngineError as refusal:
        return refusal
    return None


def _must_be_new(session: Session, account: Account, password: str) -> None:
    former = session.scalars(_former(account).limit(passwords.REMEMBERED)).all()
    if any(passwords.matches(each.password, password) for each in former):
        raise PasswordUsedBefore(f"这个密码用过，没有保存。请换一个与最近 {passwords.REMEMBERED} 个都不同的密码。")


def _keep(session: Session, account: Account, password: str, at: datetime, *, must_change: bool) -> None:
    """Put a password in force and in the history, which forgets the oldest."""
    account.password, account.password_at, account.must_change = passwords.hashed(password), at, must_change
    session.add(
        FormerPassword(
            jurisdiction=account.jurisdiction, person_id=account.person_id, password=account.password, set_at=at
        )
    )
    session.flush()
    kept = _former(account).with_only_columns(FormerPassword.id).limit(passwords.REMEMBERED)
    session.execute(
        delete(FormerPassword).where(FormerPassword.person_id == account.person_id, FormerPassword.id.not_in(kept)),
        execution_options={"synchronize_session": False},
    )


def _former(account: Account) -> Select[FormerPassword]:
    return (
        select(FormerPassword)
        .where(FormerPassword.person_id == account.person_id)
        .order_by(FormerPassword.set_at.desc(), FormerPassword.id.desc())
    )


def _give(session: Session, person: Person, account: Account, at: datetime) -> str:
    password = passwords.new_password()
    _keep(session, account, password, at, must_change=True)
    limits.forget(session, credentials.LOGIN, person.login)
    sessions.end_all(session, person.id, SignInEnd.PASSWORD, at=at)
    return password


def _must_be(by: Actor | None, *roles: Role, for_person: int | None = None) -> None:
    if by is not None:
        by.must_hold(*roles)
        if for_person is not None:
            must_be_for_another(by, for_person)


def _record(session: Session, what: Access, person: Person, by: Actor | None, at: datetime, **facts: Any) -> None:
    log.record(session, what, person=person, at=at, by=None if by is None else by.person_id, **facts)
    session.flush()


def stopped_among(session: Session, person_ids: Collection[int]) -> frozenset[int]:
    """Those of these people whose account is closed; who never had one is not among them."""
    closed = select(Account.person_id).where(Account.person_id.in_(person_ids), Account.closed_at.is_not(None))
    return frozenset(session.scalars(closed)) if person_ids else frozenset()


def stopped_now(session: Session, person_ids: Collection[int]) -> frozenset[int]:
    """The same as they stand now; the others are not stopped either until this transaction is over.

    For whoever gives them something to do: it would be left in the hands of somebody who comes in no more.
    """
    asked = select(Account.person_id, Account.closed_at).where(Account.person_id.in_(sorted(person_ids)))
    found = session.execute(asked.order_by(Account.person_id).with_for_update(read=True)) if person_ids else ()
    return frozenset(person_id for person_id, closed_at in found if closed_at is not None)
