"""动态口令: a six-digit code of the moment (TOTP, RFC 6238, 30 seconds), and recovery codes for a lost telephone."""

import unicodedata
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from secrets import token_bytes

import pyotp
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from engine.accounts import log, sessions
from engine.accounts.finding import account_of, must_be_for_another
from engine.accounts.keys import Keys
from engine.accounts.limits import digest_of
from engine.accounts.model import Account, RecoveryCode, SignIn
from engine.accounts.refusals import CodeNeeded, SecondFactorStands, WrongCode
from engine.accounts.rules import MUST_HAVE_ONE, second_factor_required
from engine.directory import Actor, Person, seats_of
from engine.errors import EngineError
from engine.words import Access, Role, SignInEnd

RECOVERY_CODES = 10
_CODE_BYTES = 15
"""120 random bits, so that a plain hash is enough to keep a recovery code. Source: ASVS 5.0 6.5.2 (112 or more)."""

_STEP_SECONDS = 30
_EITHER_SIDE = (0, -1, 1)
"""Steps a clock may be off."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the app on the telephone has to be told: the secret in base32 to type, the same as an address to scan."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin(session: Session, sign_in: SignIn, *, issuer: str, at: datetime, keys: Keys) -> Begun:
    """Make a secret for the person signed in; it counts once `confirm` has seen a code of it.

    `issuer` is what the app shows beside the login. Refuses who has not just proven the password, or has one already.
    """
    sessions.must_be_proven(sign_in, at)
    person, account = account_of(session, sign_in.person_id)
    if account.has_second_factor:
        raise SecondFactorStands("您已启用动态口令，没有改动。换手机请先停用，再重新启用。")
    secret = pyotp.random_base32()
    account.totp_secret, account.totp_step = keys.seal(secret), None
    session.flush()
    return Begun(secret, pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=issuer))


def confirm(session: Session, sign_in: SignIn, code: str, *, at: datetime, keys: Keys) -> tuple[str, ...]:
    """Switch the second factor on with a first code of it; gives ten recovery codes, which are never shown again.

    The person's other sessions are over. Refuses a wrong code, and a second factor that was not begun or is on.
    """
    person, account = account_of(session, sign_in.person_id)
    if account.totp_secret is None or account.has_second_factor:
        raise SecondFactorStands("没有待确认的动态口令，没有改动。请从“启用动态口令”重新开始。")
    step = _step_of(keys.open(account.totp_secret), _plain(code), at)
    if step is None:
        raise WrongCode("动态口令不对，还没有启用。请核对手机的时间，填写手机上新显示的六位数。")
    account.totp_since, account.totp_step = at, step
    sign_in.second_factor = True
    sessions.end_others(session, sign_in, SignInEnd.SECOND_FACTOR, at=at)
    log.record(session, Access.SECOND_FACTOR_ON, person=person, at=at, from_address=sign_in.from_address)
    return _new_codes(session, person)


def make_recovery_codes(session: Session, sign_in: SignIn, *, at: datetime) -> tuple[str, ...]:
    """Ten new recovery codes in place of all before. Refuses who has not just proven the password, or has no factor."""
    sessions.must_be_proven(sign_in, at)
    person, account = account_of(session, sign_in.person_id)
    _must_be_on(account)
    log.record(session, Access.RECOVERY_CODES_MADE, person=person, at=at, from_address=sign_in.from_address)
    return _new_codes(session, person)


def recovery_codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes can still be used."""
    asked = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalars(asked).one()


def switch_off(session: Session, sign_in: SignIn, *, at: datetime) -> None:
    """Take the second factor off the person signed in, whose other sessions are over.

    Refuses who has not just proven the password, has none, or must have one.
    """
    sessions.must_be_proven(sign_in, at)
    person, account = account_of(session, sign_in.person_id)
    _must_be_on(account)
    if must_have_one(session, person):
        raise SecondFactorStands(
            "本区要求管理员和签发人启用动态口令，没有停用。换手机请重新生成恢复码后，请安全管理员代为停用，再重新绑定。"
        )
    _take_off(session, account)
    sign_in.second_factor = False
    sessions.end_others(session, sign_in, SignInEnd.SECOND_FACTOR, at=at)
    log.record(session, Access.SECOND_FACTOR_OFF, person=person, at=at, from_address=sign_in.from_address)


def must_have_one(session: Session, person: Person) -> bool:
    """Whether the person holds an office for which this jurisdiction asks for a second factor."""
    roles = {role for seat in seats_of(session, person.id) for role in seat.roles}
    return not MUST_HAVE_ONE.isdisjoint(roles) and second_factor_required(session, person.jurisdiction)


def lacks_one(session: Session, person: Person, account: Account) -> bool:
    """Whether the person must have a second factor and has none."""
    return not account.has_second_factor and must_have_one(session, person)


def switch_off_for(session: Session, person_id: int, *, by: Actor, at: datetime) -> None:
    """Take it off somebody who lost telephone and recovery codes; the 安全管理员 does it, never for himself."""
    by.must_hold(Role.SECURITY_ADMIN)
    must_be_for_another(by, person_id)
    person, account = account_of(session, person_id)
    if not account.has_second_factor:
        who = log.last_of(session, person_id, Access.SECOND_FACTOR_OFF)
        raise SecondFactorStands(f"这个账号没有启用动态口令{who}，没有改动。请核对这个人的状态。", person=person_id)
    _take_off(session, account)
    sessions.end_all(session, person_id, SignInEnd.SECOND_FACTOR, at=at)
    log.record(session, Access.SECOND_FACTOR_OFF, person=person, at=at, by=by.person_id)


def refusal_of(session: Session, account: Account, code: str, *, at: datetime, keys: Keys) -> EngineError | None:
    """Why a code does not open this account now, or None and it is used up: a code of a moment, or a recovery code."""
    if not account.has_second_factor or account.totp_secret is None:
        return None
    told = _plain(code)
    if not told:
        return CodeNeeded("这个账号启用了动态口令，还没有登录。请填写手机上显示的六位动态口令，或一个恢复码。")
    if len(told) > 6:
        taken = _use_recovery_code(session, account, told, at)
    else:
        taken = _use_step(session, account, _step_of(keys.open(account.totp_secret), told, at))
    return (
        None if taken else WrongCode("动态口令不对。请核对手机的时间，等手机换出新的六位数再填；一个口令只能用一次。")
    )


def _use_step(session: Session, account: Account, step: int | None) -> bool:
    if step is None:
        return False
    unused = or_(Account.totp_step.is_(None), Account.totp_step < step)
    return _touched(session, Account, account.id, unused, totp_step=step)


def _use_recovery_code(session: Session, account: Account, code: str, at: datetime) -> bool:
    found = session.scalar(
        select(RecoveryCode.id).where(
            RecoveryCode.person_id == account.person_id, RecoveryCode.digest == digest_of(code)
        )
    )
    return found is not None and _touched(session, RecoveryCode, found, RecoveryCode.used_at.is_(None), used_at=at)


def _touched(
    session: Session, kind: type[Account | RecoveryCode], number: int, condition: ColumnElement[bool], **changes: object
) -> bool:
    """Whether the row still met the condition; of two who ask at once the second finds that it does not."""
    changed = update(kind).where(kind.id == number, condition).values(**changes).returning(kind.id)
    return session.execute(changed).first() is not None


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The 30-second step whose code this is, the running one or a neighbour."""
    now = int(at.timestamp()) // _STEP_SECONDS
    steps = (now + aside for aside in _EITHER_SIDE)
    totp = pyotp.TOTP(secret)
    return next((step for step in steps if compare_digest(totp.generate_otp(step).encode(), code.encode())), None)


def _plain(code: str) -> str:
    """A code as it is meant, however it was typed: without blanks and hyphens, full width or not."""
    narrow = unicodedata.normalize("NFKC", code[:100]).upper()
    return "".join(character for character in narrow if character.isascii() and character.isalnum())


def _new_codes(session: Session, person: Person) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = tuple(b32encode(token_bytes(_CODE_BYTES)).decode() for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCode(jurisdiction=person.jurisdiction, person_id=person.id, digest=digest_of(code)) for code in codes
    )
    session.flush()
    return tuple("-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes)


def _take_off(session: Session, account: Account) -> None:
    account.totp_secret = account.totp_since = account.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == account.person_id))
    session.flush()


def _must_be_on(account: Account) -> None:
    if not account.has_second_factor:
        raise SecondFactorStands("这个账号没有启用动态口令，没有改动。需要时请先启用。")
