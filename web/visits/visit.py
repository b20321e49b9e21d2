"""One request of one person: who they are, in which office they act, and the transaction it happens in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import request
from sqlalchemy.orm import Session

from engine.accounts import SignIn, take_seat, who_acts
from engine.accounts.rules import second_factor_due
from engine.clock import day_of
from engine.directory import Actor, Person, Seat, seats_of
from engine.store import Database
from engine.words import Role
from web.visits.site import site

COOKIE = "jx_session"
"""Holds `jurisdiction.token`: whose tenant to look in, and what only its owner knows."""
LONGEST_COOKIE = 200


def session_cookie() -> str:
    """The name of the cookie; over HTTPS one that no other host of the domain and no plain page can set."""
    return f"__Host-{COOKIE}" if site().secure else COOKIE


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who has signed in, before it is settled in which office they act; `seats` are all they could take.

    `at` is when it happens by the site's clock, `now` by the watch that times sessions.
    """

    database: Database
    session: Session
    sign_in: SignIn
    person: Person
    seats: tuple[Seat, ...]
    at: datetime
    now: datetime

    @property
    def today(self) -> date:
        """The day in China."""
        return day_of(self.at)

    def second_factor_due(self, roles: Iterable[Role] | None = None) -> bool:
        """Whether they have to set up a second factor first, for one of `roles`, or of all they hold themselves."""
        held = (role for seat in self.seats for role in seat.roles) if roles is None else roles
        return second_factor_due(self.session, self.sign_in, held)

    def actor(self) -> Actor | None:
        """In whose office they act today; None until they chose one of several.

        Who has one seat only takes it. Refuses a seat or a substitution that is over, and an old password.
        """
        if self.sign_in.unit_id is None and not self.sign_in.must_change:
            if len(self.seats) != 1:
                return None
            take_seat(self.session, self.sign_in, self.seats[0].unit_id, at=self.now)
        return who_acts(self.session, self.sign_in, self.at, self.seats)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is given: somebody acting in one office of one unit, in one transaction."""

    arrival: Arrival
    actor: Actor

    @property
    def session(self) -> Session:
        """The transaction of the request."""
        return self.arrival.session

    @property
    def database(self) -> Database:
        """For what needs a transaction of its own."""
        return self.arrival.database

    @property
    def at(self) -> datetime:
        """When it happens, by the site's clock."""
        return self.arrival.at

    @property
    def today(self) -> date:
        """The day in China."""
        return self.arrival.today

    @property
    def jurisdiction(self) -> str:
        """The tenant of everything this request sees."""
        return self.actor.jurisdiction

    @property
    def unit_name(self) -> str:
        """The unit acted in; empty where a colleague's office in another unit is used."""
        return next((seat.unit_name for seat in self.arrival.seats if seat.unit_id == self.actor.unit_id), "")


def told_session(known: dict[str, str]) -> tuple[str, str] | None:
    """Jurisdiction and token of the request's cookie; None without a cookie one of ours could be."""
    jurisdiction, _, token = request.cookies.get(session_cookie(), "")[:LONGEST_COOKIE].partition(".")
    return (jurisdiction, token) if jurisdiction in known and token else None


def arrived(
    database: Database, session: Session, sign_in: SignIn, person: Person, at: datetime, now: datetime
) -> Arrival:
    """The person of a session, with the seats they hold today."""
    return Arrival(database, session, sign_in, person, seats_of(session, person.id), at, now)
