"""What the clock does once a day: a row for each job, done for one jurisdiction and counted.

When a job is due stands in `engine.jobs.slots`, who takes it up in `engine.jobs.runs`. A job may be killed at any
moment and is then done again from its start: what it did stays done, and is not done twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from engine.audit.anchoring import anchor_what_is_over
from engine.audit.keeping import AnchorKeeper
from engine.clock import day_of
from engine.commands.begin_substitutions import begin_substitutions
from engine.commands.check_days import check_days
from engine.commands.clear_files import clear_files
from engine.commands.fire_due import fire_due
from engine.commands.forget_keys import forget_keys
from engine.commands.forget_sessions import forget_sessions
from engine.commands.remind_publications import remind_publications
from engine.moves.dating import date_waiting
from engine.moves.delivering import Transactions
from engine.moves.due import calendar_of
from engine.moves.lookahead import policies_ending, publications_near
from engine.store import Database
from engine.submissions.file_store import FileStore
from engine.words import Job
from web.wiring import transactions_of


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a job is done: a jurisdiction of a database, the `keeper` of its anchors and the `files` beside it.

    In a demo nobody keeps anchors outside the database.
    """

    database: Database
    place: str
    keeper: AnchorKeeper | None
    files: FileStore

    @property
    def transactions(self) -> Transactions:
        """How the job opens one transaction of the jurisdiction after the other."""
        return transactions_of(self.database, self.place)


def _check_days(ground: Ground, at: datetime) -> int:
    fire_due(ground.transactions, at=at)
    return check_days(ground.transactions, at=at)


def _anchor(ground: Ground, at: datetime) -> int:
    with ground.transactions() as session:
        return len(anchor_what_is_over(session, ground.place, at=at, keeper=ground.keeper))


def _date_waiting(ground: Ground, at: datetime) -> int:
    with ground.transactions() as session:
        return date_waiting(session, ground.place, calendar_of(session), at=at)


def _look_for_policies(ground: Ground, at: datetime) -> int:
    with ground.transactions() as session:
        return len(policies_ending(session, ground.place, day_of(at)))


def _look_for_publications(ground: Ground, at: datetime) -> int:
    told = remind_publications(ground.transactions, ground.place, at=at)
    with ground.transactions() as session:
        return told + len(publications_near(session, ground.place, day_of(at)))


def _begin_substitutions(ground: Ground, at: datetime) -> int:
    return begin_substitutions(ground.transactions, at=at)


def _forget_keys(ground: Ground, at: datetime) -> int:
    return forget_keys(ground.transactions, at=at)


def _forget_sessions(ground: Ground, at: datetime) -> int:
    return forget_sessions(ground.transactions, at=at)


def _clear_files(ground: Ground, at: datetime) -> int:
    return clear_files(ground.database.lookout, ground.files, at=at)


WORK: Mapping[Job, Callable[[Ground, datetime], int]] = MappingProxyType(
    {
        Job.CHECK_DAYS: _check_days,
        Job.ANCHOR: _anchor,
        Job.CALENDAR: _date_waiting,
        Job.POLICIES: _look_for_policies,
        Job.PUBLICATIONS: _look_for_publications,
        Job.SUBSTITUTIONS: _begin_substitutions,
        Job.FORGET_KEYS: _forget_keys,
        Job.FORGET_SESSIONS: _forget_sessions,
        Job.CLEAR_FILES: _clear_files,
    }
)
"""What each daily job does; gives how much of it there was to do."""
