"""The one place where parts are joined: settings, database, definitions, calendar."""

import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from tempfile import gettempdir

from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.deadlines import CalendarYear, WorkingCalendar
from engine.deadlines.checking import deadlines_must_be_sound
from engine.deadlines.editions import confirmed_here, keep_version
from engine.deadlines.model import WAITS_FOR_A_YEAR, CalendarRecord, Deadline
from engine.moves.dating import date_waiting
from engine.moves.due import calendar_of
from engine.stages import Library
from engine.store import Database, Logins, embedded
from engine.store.fitness import (
    MIGRATE_FIRST,
    DatabaseRefused,
    must_be_application,
    must_be_owner,
    opening,
    postgresql,
    reached,
)
from engine.store.schema import migrate, one_machine_at_a_time
from engine.submissions.scanning import Scanner
from web.settings import Settings


def logins_of(settings: Settings) -> Logins:
    """Both logins of our own server, started when need be, or those of DATABASE_URL and DATABASE_OWNER_URL."""
    if settings.database_url is not None:
        owner = settings.database_owner_url
        return Logins(
            postgresql(settings.database_url, "DATABASE_URL"),
            None if owner is None else postgresql(owner, "DATABASE_OWNER_URL"),
        )
    if settings.database_owner_url is not None:
        raise DatabaseRefused(
            "设了 DATABASE_OWNER_URL，却没有设 DATABASE_URL。"
            "请把应用账号的地址设为 DATABASE_URL，或两个都不设而用内置数据库。"
        )
    return Logins.of_owner(embedded.start())


def open_database(logins: Logins, bpmn: Path, at: datetime, library: Library | None = None) -> Database:
    """The database with everything wired in, looked over first: what does not fit is refused in words.

    Who knows the owner migrates it and puts today's definitions on its shelf; who does not finds both done, or refuses.
    """
    library = library or Library.read(bpmn)
    deadlines_must_be_sound(library)
    if logins.owner is not None:
        with reached(logins.owner, "DATABASE_OWNER_URL") as connection:
            must_be_owner(connection)
        with opening():
            migrate(logins.owner)
    with reached(logins.application, "DATABASE_URL") as connection:
        must_be_application(connection)
    database = wired(logins, library)
    try:
        with opening():
            if logins.owner is not None:
                _make_ready(database, bpmn, at)
            else:
                _must_be_ready(database)
    except BaseException:
        database.close()
        raise
    return database


def _make_ready(database: Database, bpmn: Path, at: datetime) -> None:
    with database.upkeep() as session:
        one_machine_at_a_time(session)
        database.parts["library"].keep(session, at)
        seed_calendar(session, bpmn / "calendars")
        database.freshen(session)
        keep_calendars(session, database)
        waiting = sorted(session.scalars(select(Deadline.jurisdiction).where(text(WAITS_FOR_A_YEAR)).distinct()))
    for jurisdiction in waiting:
        with database.transaction(jurisdiction) as session:
            date_waiting(session, jurisdiction, calendar_of(session), at=at)


def _must_be_ready(database: Database) -> None:
    with database.lookout() as session:
        if not database.parts["library"].is_kept(session):
            raise DatabaseRefused(f"数据库里还没有登记本程序的流程和规则。{MIGRATE_FIRST}")
        database.freshen(session)


def wired(logins: Logins, library: Library, pool_size: int = 8) -> Database:
    """The database with its parts wired in; what all servers share is read when it is first needed."""
    shelf = Library(library.diagrams, library.policies)  # its numbers are those of this database
    database = Database(logins, {"library": shelf}, pool_size)

    def look_again(session: Session) -> None:
        shelf.take_stock(session)
        database.parts |= {"calendar": calendar_in(session), "calendars": {}, "unit_names": {}}

    database.on_change = look_again
    return database


def scanner_of(settings: Settings) -> Scanner | None:
    """The virus scanner of this installation, if it has one."""
    return None if settings.clamd is None else Scanner(settings.clamd)


def seed_calendar(session: Session, folder: Path) -> None:
    """Put the years of `folder` that the database does not know yet into its calendar table."""
    known = set(session.scalars(select(CalendarRecord.year)))
    for file in sorted(folder.glob("*.toml")):
        plain = tomllib.loads(file.read_text(encoding="utf-8"))
        year = CalendarYear.parse(plain, file.name)
        if year.year not in known:
            content = json.loads(json.dumps(plain, default=lambda day: day.isoformat()))
            session.add(CalendarRecord(year=year.year, confirmed=year.confirmed, content=content))
    session.flush()


def keep_calendars(session: Session, database: Database) -> None:
    """Keep the calendar that is now in force in every jurisdiction, so that days can be told with it for ever."""
    shared = database.parts["calendar"]
    for jurisdiction in sorted(database.parts["library"].policy_ids):
        keep_version(session, jurisdiction, shared.with_years(confirmed_here(session, jurisdiction)))


def calendar_files(bpmn: Path) -> WorkingCalendar:
    """The working days as the files below `bpmn/calendars` have them."""
    return WorkingCalendar.load(bpmn / "calendars")


def calendar_in(session: Session) -> WorkingCalendar:
    """The working days the database knows for all jurisdictions; each lays the years it confirmed over them."""
    rows = session.scalars(select(CalendarRecord).order_by(CalendarRecord.year))
    return WorkingCalendar(
        CalendarYear.parse({**row.content, "confirmed": row.confirmed}, f"工作日历 {row.year} 年") for row in rows
    )


def transactions_of(database: Database, jurisdiction: str) -> Callable[[], AbstractContextManager[Session]]:
    """How a bulk command opens one transaction after the other for one tenant."""
    return lambda: database.transaction(jurisdiction)


@contextmanager
def throwaway_database(bpmn: Path, at: datetime, library: Library | None = None) -> Iterator[Database]:
    """A database that is gone afterwards, on a server of its own that forgets everything."""
    with _folder_for_a_while() as folder:
        folder.chmod(0o755)  # started by root, the server runs under an account of its own
        home = folder / "pg"
        try:
            logins = Logins.of_owner(embedded.start(home, throwaway=True))
            database = open_database(logins, bpmn, at, library)
            try:
                yield database
            finally:
                database.close()
        finally:
            embedded.leave(home, throwaway=True)


@contextmanager
def _folder_for_a_while() -> Iterator[Path]:
    """Gone afterwards, without a word also when an interruption comes while it is made."""
    names = (Path(gettempdir()) / f"jixiao-{token_hex(4)}" for _ in count())
    folder = next(name for name in names if not name.exists())
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def create_empty(server: Logins, name: str, template: str = "template0") -> Logins:
    """A new database `name` beside the one of `server`, empty or a copy of `template`; gives its logins."""
    engine = create_engine(server.as_owner(), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            how = "ENCODING 'UTF8'" if template == "template0" else "STRATEGY FILE_COPY"  # a copy goes with few writes
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {how}'))
    finally:
        engine.dispose()
    return server.beside(name)


def drop(server: Logins, name: str) -> None:
    """Remove the database `name` beside the one of `server`."""
    engine = create_engine(server.as_owner(), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            try:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            except OperationalError:  # somebody is still in it; FORCE alone would stumble over a passing autovacuum
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()
