"""A person and the account, found or refused in words."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.accounts.model import Account
from engine.accounts.refusals import NoAccount, NotForOneself
from engine.directory import Actor, Person


def found(session: Session, person_id: int) -> tuple[Person, Account]:
    """The person and the account. Refuses who has no account here."""
    return _one(session, _BOTH.where(Person.id == person_id), person_id)


def account_of(session: Session, person_id: int) -> tuple[Person, Account]:
    """The same as they stand now, kept from changing until this transaction is over; refuses likewise.

    Who weighs a password does that first, and asks for this afterwards: signing in takes its locks in that order.
    """
    kept = _BOTH.where(Person.id == person_id).with_for_update(of=Account, key_share=True)
    return _one(session, kept.execution_options(populate_existing=True), person_id)


def must_be_for_another(by: Actor, person_id: int) -> None:
    """Refuse an administrator who does to himself what has to be done by somebody else."""
    if person_id in by.persons:
        raise NotForOneself("管理员不能为自己办理这一项，没有改动。请另一位管理员办理。", person=person_id)


_BOTH = select(Person, Account).join(Account, Account.person_id == Person.id)


def _one(session: Session, asked: Select[Person, Account], person_id: int) -> tuple[Person, Account]:
    both = session.execute(asked).one_or_none()
    if both is None:
        raise NoAccount("这个人没有账号，没有办理。请系统管理员先建立账号。", person=person_id)
    return both[0], both[1]
