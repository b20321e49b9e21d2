"""Weighing what somebody shows: password and code against an account, with the wrong tries counted.

It takes the same time, counts the same and says the same whether a login exists or not. Nothing is raised for what a
person may get wrong, so that the caller can commit the count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.accounts import limits, log, passwords, second_factor
from engine.accounts.keys import Keys
from engine.accounts.model import Account, Attempts
from engine.accounts.refusals import (
    AccountClosed,
    AccountLocked,
    FirstPasswordExpired,
    PasswordMissing,
    SecretUnreadable,
    TooManyTries,
    WrongCode,
    WrongCredentials,
)
from engine.clock import SHANGHAI
from engine.directory import Person
from engine.errors import EngineError
from engine.words import Access

TRIES = 5
"""Wrong tries in a row lock a login. Source: 等保三级 GB/T 22239-2019 8.1.4.1 b (限制非法登录次数), ×5."""

LOCKED = timedelta(minutes=15)
"""How long. Source: as above, ×15."""

REMEMBERED = timedelta(hours=24)
"""A wrong try counts so long if no right one comes."""

TRIES_FROM_ONE_ADDRESS, ADDRESS_WINDOW = 50, timedelta(minutes=15)
"""A whole office may sit behind one address; right sign-ins do not count."""

FIRST_PASSWORD = timedelta(days=7)
"""A password given by somebody else opens so long."""

LOGIN, ADDRESS = "wrong by login", "wrong by address"

_WRONG = {WrongCredentials: "账号或密码", WrongCode: "动态口令"}
_HINTS = {WrongCredentials: "", WrongCode: "一个口令只能用一次，请核对手机的时间，等换出新的六位数再填。"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows; `code` is None where none is asked for."""

    login: str
    password: str = field(repr=False)
    code: str | None = field(repr=False)
    from_address: str
    at: datetime


def refusal_of(
    session: Session, shown: Shown, person: Person | None, account: Account | None, keys: Keys | None
) -> EngineError | None:
    """Why it does not open the account, or None and the count begins anew.

    `person` and `account` are those of the login, or None. Keys are needed where a code is asked for. The wrong try is
    counted, and a login locked by it told to the access log; a password nobody filled in is none.
    """
    if not shown.password:
        return PasswordMissing("没有填写密码，没有办理。请填写密码后再试。")
    refusal = _held_up(session, shown) or _weighed(session, shown, person, account, keys)
    if isinstance(refusal, WrongCredentials | WrongCode | AccountLocked):
        limits.counted(session, ADDRESS, shown.from_address, int(ADDRESS_WINDOW.total_seconds()), shown.at)
    return refusal


def _weighed(
    session: Session, shown: Shown, person: Person | None, account: Account | None, keys: Keys | None
) -> EngineError | None:
    weighed = None if account is None else account.password
    right = passwords.matches(weighed, shown.password)
    limits.one_at_a_time(session, LOGIN, shown.login)
    if refusal := _held_up(session, shown):
        return refusal
    if not right or account is None:
        return _counted(session, shown, person, WrongCredentials)
    session.refresh(
        account, with_for_update={"key_share": True}
    )  # who closes it waits, and ends the session begun here
    if account.password is None or account.password != weighed:  # changed while it was weighed
        return _counted(session, shown, person, WrongCredentials)
    refusal = _stands_in_the_way(account, shown.at) or _of_code(session, account, shown, keys)
    if isinstance(refusal, WrongCode):
        return _counted(session, shown, person, WrongCode)
    if refusal is None:
        if passwords.is_outdated(account.password):
            account.password = passwords.hashed(shown.password)
            session.flush()
        limits.forget(session, LOGIN, shown.login)
    return refusal


def locked_until(session: Session, login: str, at: datetime) -> datetime | None:
    """Until when a login is locked, or None."""
    count = limits.count_of(session, LOGIN, login, at)
    return count.until if count.times >= TRIES else None


def locked_people(session: Session, at: datetime) -> Sequence[tuple[Person, datetime]]:
    """Whose login is locked, and until when; the last to be free first. For the 安全管理员."""
    locked = (
        select(Person, Attempts.ends_at)
        .join(Attempts, Attempts.key == func.sha256(func.convert_to(Person.login, "UTF8")))
        .where(Attempts.kind == LOGIN, Attempts.count >= TRIES, Attempts.ends_at > at)
        .order_by(Attempts.ends_at.desc(), Person.id)
    )
    return [(row[0], row[1]) for row in session.execute(locked)]


def _held_up(session: Session, shown: Shown) -> EngineError | None:
    """Too many wrong tries before this one, on the login or from the address."""
    if until := locked_until(session, shown.login, shown.at):
        return _locked(until)
    tried = limits.count_of(session, ADDRESS, shown.from_address, shown.at)
    if tried.until is not None and tried.times >= TRIES_FROM_ONE_ADDRESS:
        return TooManyTries(
            f"从这个网络地址登录，不成功的次数太多，暂时不能登录。请在 {_said(tried.until)} 以后再试，"
            "急用请联系安全管理员。",
            until=tried.until,
        )
    return None


def _counted(
    session: Session, shown: Shown, person: Person | None, kind: type[WrongCredentials | WrongCode]
) -> EngineError:
    """The refusal of one more wrong try; the last one locks the login."""
    count = limits.counted(session, LOGIN, shown.login, int(REMEMBERED.total_seconds()), shown.at)
    left = TRIES - count.times
    if left > 0:
        return kind(f"{_WRONG[kind]}不对，还可再试 {left} 次。{_HINTS[kind]}", left=left)
    until = shown.at + LOCKED
    limits.hold(session, LOGIN, shown.login, until)
    log.record(
        session, Access.LOCKED, person=person, login=shown.login, at=shown.at, from_address=shown.from_address,
        until=until.isoformat(),
    )  # fmt: skip
    return _locked(until)


def _locked(until: datetime) -> AccountLocked:
    return AccountLocked(f"连续 {TRIES} 次不成功，已锁定至 {_said(until)}，可请安全管理员解锁。", until=until)


def _said(until: datetime) -> str:
    return f"{until.astimezone(SHANGHAI):%H:%M}"


def _stands_in_the_way(account: Account, at: datetime) -> EngineError | None:
    """Told only to who knows the password."""
    if account.closed_at is not None:
        return AccountClosed("这个账号已停用，不能登录。需要恢复请联系系统管理员。")
    if account.must_change and account.password_at is not None and account.password_at + FIRST_PASSWORD <= at:
        return FirstPasswordExpired(
            f"初始密码已超过 {FIRST_PASSWORD.days} 天没有使用，不能再用来登录。请安全管理员重置密码。"
        )
    return None


def _of_code(session: Session, account: Account, shown: Shown, keys: Keys | None) -> EngineError | None:
    if shown.code is None or keys is None:
        return None
    try:
        return second_factor.refusal_of(session, account, shown.code, at=shown.at, keys=keys)
    except SecretUnreadable as refusal:
        return refusal
