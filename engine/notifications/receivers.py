"""Who somebody is today: people in their offices, those who act for them, and nobody who has left."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from engine.accounts.model import Account
from engine.directory import Appointment, Person, Substitution
from engine.notifications.messages import Office, To
from engine.words import Role


class Receivers:
    """Looks up for some messages at once who they are for on a day."""

    def __init__(self, session: Session, asked: Iterable[To], on: date) -> None:
        told = list(asked)
        offices = {office for to in told for office in (to.office, *to.besides) if office is not None}
        self._in_office = _in_offices(session, offices)
        people = {person for to in told for person in to.people} | {
            person for held in self._in_office.values() for person in held
        }
        self._here = _still_here(session, people)
        self._acting = _acting_for(session, people, on)

    def of(self, to: To) -> set[int]:
        """Everybody a message goes to; nobody, where no one is left."""
        named = set(to.people) & self._here or self._held(to.office)
        besides = {person for office in to.besides for person in self._held(office)}
        found = named | besides
        return found | {person for absent in found for person in self._acting.get(absent, ())}

    def nobody_in(self, to: To) -> Office | None:
        """The office that is to do it and in which there is nobody."""
        if to.office is None or set(to.people) & self._here or self._held(to.office):
            return None
        return to.office

    def _held(self, office: Office | None) -> set[int]:
        return self._in_office.get(office, set()) & self._here if office is not None else set()


def holders_of(session: Session, *roles: Role) -> set[int]:
    """Everybody of the jurisdiction in the first of these offices that anybody holds."""
    rows = session.execute(select(Appointment.role, Appointment.person_id).where(Appointment.role.in_(roles))).all()
    here = _still_here(session, {row.person_id for row in rows})
    held = ({row.person_id for row in rows if row.role == role} & here for role in roles)
    return next((people for people in held if people), set())


def _in_offices(session: Session, offices: set[Office]) -> dict[Office, set[int]]:
    found: dict[Office, set[int]] = {}
    if not offices:
        return found
    held = select(Appointment.unit_id, Appointment.role, Appointment.person_id)
    for row in session.execute(held.where(tuple_(Appointment.unit_id, Appointment.role).in_(offices))):
        found.setdefault((row.unit_id, row.role), set()).add(row.person_id)
    return found


def _still_here(session: Session, people: set[int]) -> set[int]:
    """Those whose account nobody has closed."""
    closed = select(Account.person_id).where(Account.person_id == Person.id, Account.closed_at.is_not(None)).exists()
    return set(session.scalars(select(Person.id).where(Person.id.in_(people), ~closed))) if people else set()


def _acting_for(session: Session, people: set[int], on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    granted = select(Substitution.absent_id, Substitution.substitute_id).where(
        Substitution.absent_id.in_(people),
        Substitution.from_on <= on,
        Substitution.until_on >= on,
        Substitution.revoked.is_(False),
    )
    for row in session.execute(granted) if people else ():
        found.setdefault(row.absent_id, set()).add(row.substitute_id)
    return found
