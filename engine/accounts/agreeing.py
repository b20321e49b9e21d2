"""同意: a second person shows password and code beside the one who acts, for what nobody may do alone."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts import credentials, log
from engine.accounts.keys import Keys
from engine.accounts.model import Account, SignIn
from engine.accounts.refusals import NotProven
from engine.accounts.second_factor import lacks_one
from engine.accounts.signing_in import NotSignedIn
from engine.directory import Actor, NoOffice, Person, actor_of, seats_of
from engine.words import Access, Role


def agreed(
    session: Session,
    sign_in: SignIn,
    login: str,
    password: str,
    code: str,
    roles: frozenset[Role],
    *,
    at: datetime,
    keys: Keys,
) -> Actor | NotSignedIn:
    """The second person, in the seat that may agree (one of `roles`), or why not; no session is begun.

    The refusal is given instead of raised, because the wrong try is counted as one of signing in and has to be
    committed.
    """
    if not login.strip() or not password:
        return NotSignedIn(NotProven("没有填写同意人的账号和密码，没有办理。请同意人填写后再办。"))
    person = session.scalar(select(Person).where(Person.login == login.strip()))
    account = None if person is None else session.scalar(select(Account).where(Account.person_id == person.id))
    shown = credentials.Shown(login.strip(), password, code, sign_in.from_address, at)
    refusal = credentials.refusal_of(session, shown, person, account, keys)
    if refusal is None and account is not None and account.must_change:
        refusal = NotProven("同意人的密码还是别人给的，须先登录修改。请其修改后再来同意，或请另一位同事。")
    if refusal is None and person is not None and account is not None and lacks_one(session, person, account):
        refusal = NotProven("同意人按本区规定须先启用动态口令，没有办理。请其登录启用后再来同意，或请另一位同事。")
    what, facts = (Access.PROVEN, {}) if refusal is None else (Access.NOT_PROVEN, {"why": refusal.code})
    log.record(session, what, person=person, login=login, at=at, from_address=sign_in.from_address, **facts)
    if refusal is not None or person is None:
        return NotSignedIn(refusal or NotProven("同意人的账号或密码不对，没有办理。请核对后再试。"))
    return _seated(session, person, roles)


def _seated(session: Session, person: Person, roles: frozenset[Role]) -> Actor | NotSignedIn:
    """The first of the person's seats in which they may agree."""
    fit = [seat for seat in seats_of(session, person.id) if seat.roles & roles]
    if not fit:
        named = "、".join(role.label for role in Role if role in roles)
        return NotSignedIn(NoOffice(f"同意要由{named}作出，{person.name}没有这个岗位，没有办理。请另一位同事同意。"))
    return actor_of(session, person.login, unit_id=fit[0].unit_id)
