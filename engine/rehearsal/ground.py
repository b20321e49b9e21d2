"""What a rehearsal stands on: one jurisdiction in a database, the people in it, and the dice they throw."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from sqlalchemy.orm import Session

from engine.clock import shanghai
from engine.deadlines import WorkingCalendar
from engine.moves.delivering import Transactions
from engine.rehearsal.people import Town
from engine.rehearsal.plan import dice
from engine.store import Database


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that is the same for all cases of a rehearsal."""

    database: Database
    town: Town
    seed: int

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days of the office."""
        calendar = self.database.parts["calendar"]
        assert isinstance(calendar, WorkingCalendar)
        return calendar

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction of this jurisdiction."""
        with self.database.transaction(self.town.jurisdiction) as session:
            yield session

    @property
    def transactions(self) -> Transactions:
        """How a bulk command opens its transactions here."""
        return self.transaction

    def dice(self, *what: object) -> Random:
        """Chance for something, the same in every rehearsal with this seed."""
        return dice(self.seed, *what)


def nine_on(day: date) -> datetime:
    """The hour of a day at which a rehearsal does everything."""
    return shanghai(day.year, day.month, day.day)
