"""登记人员: somebody who will work here; the account is opened and the offices are given apart from it."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit.events.directory import PersonAdded
from engine.directory import Actor, Person
from engine.errors import WrongState
from engine.moves.appointing import must_be_a_name
from engine.moves.conflicts import last_outside_cases
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases


class LoginTaken(WrongState):
    """Somebody has this login already."""

    code = "directory.login_taken"


def add_person(session: Session, login: str, name: str, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Put a person on the list, without office and account; the 系统管理员 does it. `gave` says the person.

    Refuses a login somebody has.
    """

    def work() -> dict[str, int]:
        must_be_a_name("账号", login)
        must_be_a_name("姓名", name)
        person = Person(jurisdiction=by.jurisdiction, login=login, name=name)
        try:
            with session.begin_nested():
                session.add(person)
        except IntegrityError as reason:
            who = last_outside_cases(session, by.jurisdiction, PersonAdded, login=[login])
            raise LoginTaken(f"这个账号已有人使用{who}，没有登记。请换一个账号。", login=login) from reason
        record_outside_cases(session, by.jurisdiction, [PersonAdded(person=person.id, login=login)], by=by, at=at)
        return {"person": person.id}

    return once(session, Asked("add_person", by, at, key, content={"login": login, "name": name}), work)
