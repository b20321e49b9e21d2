"""再次认证: the password once more before what cannot be taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts import credentials, log
from engine.accounts.keys import Keys
from engine.accounts.model import Account, SignIn
from engine.accounts.refusals import NotProven
from engine.directory import Person
from engine.errors import EngineError
from engine.words import Access


def prove(
    session: Session, sign_in: SignIn, password: str, code: str, *, at: datetime, keys: Keys
) -> EngineError | None:
    """再次认证: take password and code again; what needs it may be done for five minutes.

    Gives the refusal instead of raising it, because the wrong try is counted as one of signing in and has to be
    committed. A code that opened the session does not open again.
    """
    person = session.get_one(Person, sign_in.person_id)
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None or account.password is None:
        return NotProven("这个账号没有密码，不能在这里再次认证。请用统一身份认证重新登录，或请安全管理员设置密码。")
    shown = credentials.Shown(person.login, password, code, sign_in.from_address, at)
    refusal = credentials.refusal_of(session, shown, person, account, keys)
    what, facts = (Access.PROVEN, {}) if refusal is None else (Access.NOT_PROVEN, {"why": refusal.code})
    log.record(session, what, person=person, at=at, from_address=sign_in.from_address, sign_in=sign_in.id, **facts)
    if refusal is None:
        sign_in.proven_at = at
        session.flush()
    return refusal
