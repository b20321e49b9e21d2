"""People who begin at the same moment, and what came of each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from engine.accounts import open_account
from engine.audit.verify import verify
from engine.directory import Actor, Person, Unit
from engine.errors import EngineError
from engine.store import retrying
from engine.texts import minute_of, told_who
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import sound
from tests.office import Office

Work = Callable[[], Any]


def whole(office: Office) -> None:
    """Nothing half-written, and no hole in the journal."""
    sound(office)
    with office.transactions() as session:
        assert verify(session, office.bureau.jurisdiction).holds


def both(*works: Work) -> list[EngineError | None]:
    """What came of each, begun at the same moment: None where it was done."""
    together = Barrier(len(works))

    def tried(work: Work) -> EngineError | None:
        together.wait()
        try:
            work()
        except EngineError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(works)) as people:
        return list(people.map(tried, works))


def asked(office: Office, command: Callable[..., Any], *given: Any, by: Actor, **how: Any) -> Work:
    """A command as a page does it: in a transaction of its own, again when somebody was faster at a case."""
    return lambda: retrying(
        office.database,
        office.bureau.jurisdiction,
        lambda session: command(session, *given, by=by, at=office.now, **how),
    )


def one_refused(told: list[EngineError | None]) -> EngineError:
    """The refusal of the one who was slower."""
    (refused,) = (each for each in told if each is not None)
    return refused


def names_one_of(office: Office, refused: EngineError, what: str, *people: Actor) -> bool:
    """Whether a refusal says which of these did that, and when."""
    return any(told_who(each.name, what, minute_of(office.now)) in refused.message for each in people)


def somebody(office: Office, name: str, role: Role, unit_id: int | None = None) -> Actor:
    """One more person of an office of the finance bureau, or of another unit, with an account."""
    with office.transactions() as session:
        actor: Actor = person_in(session, session.get_one(Unit, unit_id or office.bureau.finance_id), name, role)
        person = session.get_one(Person, actor.person_id)
        open_account(session, person, "石桥马灯秋雨晚风竹林石径", by=None, at=office.now)
        return actor
