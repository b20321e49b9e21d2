"""身份 of a session: the seat somebody has taken, or the person he stands in for; asked of the directory each time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.accounts import log
from engine.accounts.model import SignIn
from engine.accounts.refusals import PasswordDue
from engine.clock import day_of
from engine.directory import Actor, Person, Seat, SeatNotChosen, acting_as, actor_of, seated, seats_of
from engine.errors import EngineError
from engine.words import Access, Role


def take_seat(session: Session, sign_in: SignIn, unit_id: int, roles: Sequence[Role] = (), *, at: datetime) -> Actor:
    """Work from now on in the offices of this unit, of `roles` only if some are named; no longer for somebody else.

    Refuses a unit or an office the person does not hold.
    """
    person = session.get_one(Person, sign_in.person_id)
    actor = actor_of(session, person.login, unit_id=unit_id, roles=roles)
    _sit(session, sign_in, actor, named=bool(roles))
    told = sorted(actor.roles)
    log.record(
        session, Access.SEAT_TAKEN, person=person, at=at, from_address=sign_in.from_address, unit=unit_id, roles=told
    )
    return actor


def sit_for(
    session: Session,
    sign_in: SignIn,
    acting_for: int,
    *,
    at: datetime,
    unit_id: int | None = None,
    roles: Sequence[Role] = (),
) -> Actor:
    """Work from now on for an absent person, in his offices as far as they are entrusted today; `take_seat` ends it.

    Refuses who was not asked to, and asks for the unit where the absent person has several.
    """
    person = session.get_one(Person, sign_in.person_id)
    actor = acting_as(session, _nobody_yet(person), acting_for, day_of(at), unit_id=unit_id, roles=roles)
    _sit(session, sign_in, actor, named=bool(roles))
    log.record(
        session,
        Access.STOOD_IN,
        person=person,
        at=at,
        from_address=sign_in.from_address,
        acting_for=acting_for,
        unit=actor.unit_id,
        roles=sorted(actor.roles),
    )
    return actor


def sit_as_before(session: Session, sign_in: SignIn, former: SignIn, *, at: datetime) -> None:
    """Take the seat of one's former session again; what is no longer held is left to be chosen anew."""
    if former.unit_id is None:
        return
    roles = tuple(map(Role, former.roles or ()))
    try:
        if former.acting_for is None:
            take_seat(session, sign_in, former.unit_id, roles, at=at)
        else:
            sit_for(session, sign_in, former.acting_for, at=at, unit_id=former.unit_id, roles=roles)
    except EngineError:
        return


def who_acts(session: Session, sign_in: SignIn, at: datetime, seats: Sequence[Seat] | None = None) -> Actor:
    """Who acts in this session now: what the directory says today of the seat taken; `seats`, if just asked for.

    Refuses when none is taken yet, when office or substitution are gone since, and before an old or foreign password
    is changed.
    """
    if sign_in.must_change:
        raise PasswordDue("密码须先修改，才能办理业务。请先修改密码。")
    person = session.get_one(Person, sign_in.person_id)
    if sign_in.unit_id is None:
        raise SeatNotChosen("还没有选择以哪个身份办理。请先选择身份。", seats=[])
    roles = tuple(map(Role, sign_in.roles or ()))
    if sign_in.acting_for is None:
        held = seats_of(session, person.id) if seats is None else seats
        return seated(person, held, unit_id=sign_in.unit_id, roles=roles)
    return acting_as(session, _nobody_yet(person), sign_in.acting_for, day_of(at), unit_id=sign_in.unit_id, roles=roles)


def _sit(session: Session, sign_in: SignIn, actor: Actor, *, named: bool) -> None:
    sign_in.unit_id, sign_in.acting_for = actor.unit_id, actor.acting_for
    sign_in.roles = sorted(actor.roles) if named else None
    session.flush()


def _nobody_yet(person: Person) -> Actor:
    """The person at the keyboard without an office: a substitute needs none of his own."""
    return Actor(person.id, person.name, person.jurisdiction, 0, frozenset())
