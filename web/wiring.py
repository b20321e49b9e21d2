"""The one place where parts are joined: settings, database, definitions, calendar."""

import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, create_engine, make_url, select, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from engine.deadlines import CalendarYear, WorkingCalendar
from engine.deadlines.model import CalendarRecord
from engine.errors import DefinitionError
from engine.stages import Library
from engine.store import Database, embedded
from engine.store.schema import migrate, one_machine_at_a_time
from web.settings import Settings

PATIENCE_SECONDS = 10
"""How long a database server may take to answer at all."""


class DatabaseRefused(DefinitionError):
    """DATABASE_URL names no PostgreSQL that can be reached."""

    code = "settings.database"


def database_url(settings: Settings) -> str:
    """The server of DATABASE_URL, or our own, started when need be."""
    if settings.database_url is None:
        return embedded.start()
    try:
        url = make_url(settings.database_url)
    except ArgumentError as reason:
        raise DatabaseRefused("DATABASE_URL 写法不对。请写成 postgresql://用户:密码@主机:5432/库名。") from reason
    if not url.drivername.startswith("postgres"):
        raise DatabaseRefused(f"DATABASE_URL 指的是 {url.drivername}，本程序只用 PostgreSQL。请改正。")
    return _answering(url.set(drivername="postgresql+psycopg"))


def _answering(url: URL) -> str:
    """The URL of a server that takes connections."""
    engine = create_engine(url, connect_args={"connect_timeout": PATIENCE_SECONDS})
    try:
        engine.connect().close()
    except OperationalError as reason:
        raise DatabaseRefused(
            f"连不上 DATABASE_URL 指定的数据库（{url.host or '本机'}:{url.port or 5432}/{url.database or ''}）。"
            "请核对地址、用户和密码，并确认数据库已经启动。"
        ) from reason
    finally:
        engine.dispose()
    return url.render_as_string(hide_password=False)


def open_database(url: str, bpmn: Path, at: datetime, library: Library | None = None) -> Database:
    """The migrated database at `url` with everything wired in; today's definitions are put on its shelf."""
    migrate(url)
    library = library or Library.read(bpmn)
    database = wired(url, library)
    with database.upkeep() as session:
        one_machine_at_a_time(session)
        database.parts["library"].keep(session, at)
        seed_calendar(session, bpmn / "calendars")
        database.freshen(session)
    return database


def wired(url: str, library: Library, pool_size: int = 8) -> Database:
    """The database at `url` with its parts wired in; what all servers share is read when it is first needed."""
    shelf = Library(library.diagrams, library.policies)  # its numbers are those of this database
    database = Database(url, {"library": shelf}, pool_size)

    def look_again(session: Session) -> None:
        shelf.take_stock(session)
        database.parts |= {"calendar": calendar_in(session), "unit_names": {}}

    database.on_change = look_again
    return database


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


def calendar_files(bpmn: Path) -> WorkingCalendar:
    """The working days as the files below `bpmn/calendars` have them."""
    return WorkingCalendar.load(bpmn / "calendars")


def calendar_in(session: Session) -> WorkingCalendar:
    """The working days the database knows; what an administrator changed there holds, not the files."""
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
    with TemporaryDirectory(prefix="jixiao-") as folder:
        Path(folder).chmod(0o755)  # started by root, the server runs under an account of its own
        home = Path(folder) / "pg"
        try:
            database = open_database(embedded.start(home, throwaway=True), bpmn, at, library)
            try:
                yield database
            finally:
                database.close()
        finally:
            embedded.leave(home, throwaway=True)


def create_empty(server: str, name: str, template: str = "template0") -> str:
    """A new database `name` beside the one `server` names, empty or a copy of `template`; gives its URL."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    finally:
        engine.dispose()
    return _beside(server, name)


def drop(server: str, name: str) -> None:
    """Remove the database `name` beside the one `server` names."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            try:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            except OperationalError:  # somebody is still in it; FORCE alone would stumble over a passing autovacuum
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


def _beside(server: str, name: str) -> str:
    url: URL = make_url(server).set(database=name)
    return url.render_as_string(hide_password=False)
