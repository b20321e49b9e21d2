"""The demo's clock: it stands until somebody moves it to the next working day; every process reads it in the database.

Nothing else reads this table, so a jurisdiction that really works has no such row and no way to get one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session

from engine.audit import Entry, read_entry
from engine.audit.events.deadlines import DeadlineFired, DeadlineReminded
from engine.cases import Case
from engine.clock import day_of, shanghai
from engine.deadlines import shifted
from engine.deadlines.wording import day_words
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.due import calendar_of
from engine.moves.permissions import must_be_let_in
from engine.queries.telling import words_for
from engine.store import Base, Database, Row
from engine.store.base import table_of

OPENS_AT = 9
"""The hour at which a day of the demo begins and stays."""


class ClockAt(Row, Base):
    """Where the clock of a demo stands."""

    __tablename__ = "demo_clocks"
    __table_args__ = (UniqueConstraint("jurisdiction"),)

    stands_at: Mapped[datetime]


_clocks, _journal, _cases = table_of(ClockAt), table_of(Entry).c, table_of(Case).c


class ClockMoved(WrongState):
    """Somebody else moved the clock since the page was read."""

    code = "demo.clock_moved"


class DemoClock:
    """The clock of one demo, for all processes that serve it; `begins_at` is where it stands until it is moved."""

    def __init__(self, database: Database, jurisdiction: str, begins_at: datetime) -> None:
        self._database, self._jurisdiction, self._begins_at = database, jurisdiction, begins_at

    def now(self) -> datetime:
        """Where it stands, asked anew each time."""
        with self._database.transaction(self._jurisdiction) as session:
            return stands_at(session) or self._begins_at


@dataclass(frozen=True, slots=True)
class Happened:
    """Something the clock did to a case: a deadline took effect (`fired`), or somebody was reminded."""

    case_id: int
    case_name: str
    case_code: str
    fired: bool
    sentence: str


def stands_at(session: Session) -> datetime | None:
    """Where the clock of this jurisdiction stands; None until it was moved."""
    found: datetime | None = session.scalar(select(_clocks.c.stands_at))
    return found


def move_demo_clock(session: Session, seen: datetime, *, by: Actor) -> datetime:
    """推进一个工作日: put the clock at nine of the next working day, and give that instant.

    `seen` is where the presser saw it stand; of two who press at once one moves it, the other is told. What is due by
    then is for `fire_due`. Refuses a day of a year whose holidays nobody has confirmed.
    """
    must_be_let_in("move_demo_clock", by)
    beginning = {"jurisdiction": by.jurisdiction, "stands_at": seen}
    session.execute(insert(_clocks).values(beginning).on_conflict_do_nothing())
    clock = session.scalars(select(ClockAt).with_for_update().execution_options(populate_existing=True)).one()
    if clock.stands_at != seen:
        words = day_words(day_of(clock.stands_at), shown_in=0)
        raise ClockMoved(f"演示时钟刚由别人推进到{words}，这一次没有再推进。需要再走一天，请再按一次。")
    day = shifted(day_of(seen), 1, calendar_of(session))
    clock.stands_at = shanghai(day.year, day.month, day.day, OPENS_AT)
    session.flush()
    return clock.stands_at


def happened_at(session: Session, actor: Actor, at: datetime) -> tuple[Happened, ...]:
    """What the clock did at an instant, case by case: deadlines that took effect, then reminders."""
    must_be_let_in("move_demo_clock", actor)
    rows = session.execute(
        select(_journal.case_id, _cases.name, _cases.code, _journal.type, _journal.version, _journal.payload)
        .join(Case, _cases.id == _journal.case_id)
        .where(
            _journal.jurisdiction == actor.jurisdiction, _journal.at == at,
            _journal.type.in_((DeadlineFired.name, DeadlineReminded.name)),
        )
        .order_by(_journal.case_id, _journal.seq)
    )  # fmt: skip
    words = words_for(step=str)
    found = [
        Happened(
            row.case_id, row.name, row.code, row.type == DeadlineFired.name,
            read_entry(row.type, row.version, row.payload).sentence(words),
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: not each.fired))
