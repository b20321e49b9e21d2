"""`jixiao demo`: a database of its own with 花溪 as it stands on the day of the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from engine.accounts import Account, open_account
from engine.clock import SystemClock, day_of, shanghai
from engine.directory import Person
from engine.errors import NotFound, WrongState
from engine.rehearsal.demo import (
    ACCOUNTS,
    COMPANIONS,
    JURISDICTION,
    STORIES,
    TODAY,
    YEARS,
    demo_clock,
    demo_year,
    standings,
)
from engine.rehearsal.demo_clock import DemoClock, stands_at
from engine.rehearsal.demo_stories import leave_stories
from engine.rehearsal.demo_versions import former
from engine.rehearsal.elsewhere import elsewhere, processes_for
from engine.rehearsal.inputs import read_departments, read_projects
from engine.stages import Library
from engine.store import Database, Logins
from engine.submissions.file_store import FileStore
from engine.words import CaseState, OtherDiagram, Stage
from web.rehearsing import progress_bar
from web.serving import site_of
from web.settings import PROJECT, Settings
from web.visits import Site
from web.visits.site import Demo
from web.wiring import create_empty, drop, logins_of, open_database
from web.worker.carrying import tell_only_since

NAME = "jixiao_demo"
UNFINISHED = "jixiao_demo_unfinished"
OURS = "绩效演示数据"
"""What is written on a database that a demo made; no other is touched."""
PASSWORD = "Yanshi-Huaxi-2022"
"""Of every account of the demo; its login page shows it."""
CARDS = Demo(JURISDICTION, ACCOUNTS | COMPANIONS, PASSWORD, STORIES)
"""What the login page shows."""
BEGAN = shanghai(min(YEARS) - 1, 1, 1)
TOLD_OF = timedelta(days=7)
"""So far back what happened before the day of the demo is told to those whom it concerned."""

"""When the diagrams of the years before came into force: before the first of them was asked for."""
DEPARTMENTS, PROJECTS = "huaxi_2021_departments.csv", "huaxi_2021_projects.csv"
BETWEEN = "阶段之间"
"""Where a case stands that has left one stage and not reached the next."""


class NotOurDatabase(WrongState):
    """The database of that name was not made by a demo."""

    code = "demo.not_our_database"


class DemoBeingMade(WrongState):
    """Somebody else is making the demo database on this server right now."""

    code = "demo.being_made"


class DemoNotMade(WrongState):
    """The server does not let us make a database for the demo."""

    code = "demo.not_made"


class NoDemo(NotFound):
    """Nobody has made the demo database on this server yet."""

    code = "demo.none"


def demo_logins(settings: Settings) -> Logins:
    """Who comes in to the demo database of this installation; refuses when none has been made."""
    server = logins_of(settings)
    if not _is_there(server):
        raise NoDemo("还没有演示库。请先运行 jixiao demo。")
    return server.beside(NAME)


def demonstrate(settings: Settings, *, fresh: bool = False) -> dict[str, Any]:
    """What stands in the demo database; it is made on first use (or `fresh`) and left alone afterwards.

    It is made aside and gets its name when it is whole. Refuses a database of that name that no demo made.
    """
    server, library = logins_of(settings), Library.read(settings.bpmn)
    made = fresh or not _is_there(server)
    if made:
        with _alone(server):
            _make(server, settings.bpmn, library)
    database = open_database(server.beside(NAME), settings.bpmn, demo_clock().now(), library)
    try:
        return {"database": NAME, "made_now": made, **_what_is_there(database)}
    finally:
        database.close()


def demo_site(settings: Settings) -> Site:
    """The pages of the demo, on the day of the demo, for the process that asks."""
    site = site_of(demo_logins(settings), settings, clock=demo_clock(), demo=CARDS)
    kept = FileStore(demo_files(settings).folder, site.scanner)
    return replace(site, clock=demo_clock_of(site.database), kept=kept)


def demo_clock_of(database: Database) -> DemoClock:
    """The clock of a demo database, wherever somebody moved it."""
    return DemoClock(database, JURISDICTION, demo_clock().now())


def demo_files(settings: Settings) -> FileStore:
    """Where the attached files of the demo lie: apart from those of the installation, whose rows do not name them."""
    return FileStore(settings.files / "demo")


def demo_database(settings: Settings) -> Database:
    """The demo database; refuses when none has been made."""
    return open_database(demo_logins(settings), settings.bpmn, demo_clock().now())


def open_accounts(settings: Settings) -> None:
    """Let everybody of the demo in who has no account yet, with the password the login page shows."""
    database = demo_database(settings)
    try:
        let_in(database, SystemClock().now())
    finally:
        database.close()


def let_in(database: Database, at: datetime) -> None:
    """The same in a database of a demo that is open."""
    with database.transaction(JURISDICTION) as session:
        known = set(session.scalars(select(Account.person_id)))
        people = session.scalars(select(Person).where(Person.login.in_([*ACCOUNTS, *COMPANIONS])))
        for person in people:
            if person.id not in known:
                open_account(session, person, PASSWORD, by=None, at=at, must_change=False)


def demo_words(shown: dict[str, Any]) -> str:
    """Clock, accounts and how many cases stand where."""
    accounts = "、".join(f"{account['login']}（{account['office']}）" for account in shown["accounts"])
    lines = [
        f"演示数据库 {shown['database']}，{'刚刚建好' if shown['made_now'] else '已有，原样保留'}。",
        f"演示时钟 {shown['clock']}。账号：{accounts}。",
        f"案卷 {shown['cases']} 份，已办结 {shown['cases_finished']} 份，待办任务 {shown['open_tasks']} 件：",
        *(_standing_words(row) for row in shown["stages"]),
    ]
    return "\n".join(lines)


def _standing_words(row: dict[str, Any]) -> str:
    return f"  {row['fiscal_year']} 年度 {row['name']}：{row['cases']} 份，待办 {row['open_tasks']} 件"


def _what_is_there(database: Database) -> dict[str, Any]:
    with database.transaction(JURISDICTION) as session:
        found = standings(session, JURISDICTION)
        moved_to = stands_at(session)
    names = Stage.labels() | {OtherDiagram.CASE: BETWEEN, CaseState.CLOSED: CaseState.CLOSED.label}
    return {
        "jurisdiction": JURISDICTION,
        "clock": (day_of(moved_to) if moved_to else TODAY).isoformat(),
        "accounts": [{"login": login, "office": office} for login, office in ACCOUNTS.items()],
        "cases": sum(row.cases for row in found),
        "cases_finished": sum(row.cases for row in found if row.stage == CaseState.CLOSED),
        "open_tasks": sum(row.open_tasks for row in found),
        "stages": [asdict(row) | {"name": names[row.stage]} for row in found],
    }


def _make(server: Logins, bpmn: Path, library: Library) -> None:
    _is_there(server)  # a stranger's database of our name is refused before anything is made
    data = PROJECT / "data"
    departments, lines = read_departments(data / DEPARTMENTS), read_projects(data / PROJECTS)
    logins = _empty_aside(server)
    database = _as_before(logins, bpmn, library)
    processes = processes_for(len(departments) + len(YEARS) * len(lines))
    try:
        with elsewhere(partial(_as_before, logins, bpmn), processes - 1) as others:
            year = demo_year(database, library, departments, lines, others)
            with progress_bar(year.finance.planned[0].on, TODAY) as progress:
                year.run(until=TODAY, progress=progress)
            leave_stories(year)
        tell_only_since(database, JURISDICTION, demo_clock().now() - TOLD_OF)
    finally:
        database.close()
    if _is_there(server):
        drop(server, NAME)
    _on_server(
        server,
        f'ALTER DATABASE "{UNFINISHED}" RESET synchronous_commit',
        f'ALTER DATABASE "{UNFINISHED}" RENAME TO "{NAME}"',
        f"COMMENT ON DATABASE \"{NAME}\" IS '{OURS}'",
    )


def _as_before(logins: Logins, bpmn: Path, library: Library | None = None) -> Database:
    """The database on the diagrams of the years before; today's come into force on their day in the demo."""
    return open_database(logins, bpmn, BEGAN, former(library or Library.read(bpmn)))


@contextmanager
def _alone(server: Logins) -> Iterator[None]:
    """One demo at a time is made on a server."""
    engine = create_engine(server.as_owner(), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name))"), {"name": NAME}):
                raise DemoBeingMade("另一个 jixiao demo 正在建立演示库，这里没有启动。请等它完成后再试。")
            yield
    finally:
        engine.dispose()


def _empty_aside(server: Logins) -> Logins:
    """An empty database under a name that says it is not finished; what an interrupted demo left there goes."""
    try:
        drop(server, UNFINISHED)
        logins = create_empty(server, UNFINISHED)
    except (OperationalError, ProgrammingError) as reason:
        raise DemoNotMade(
            "数据库账号没有建库权限，演示库没有建立。请给它 CREATEDB 权限，或不设 DATABASE_URL 而用内置数据库。"
        ) from reason
    _on_server(server, f'ALTER DATABASE "{UNFINISHED}" SET synchronous_commit TO off')
    return logins


def _is_there(server: Logins) -> bool:
    """Whether the demo database exists; refuses one of that name that is somebody else's."""
    engine = create_engine(server.as_owner())
    try:
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :name"),
                {"name": NAME},
            ).first()
    finally:
        engine.dispose()
    if found is not None and found[0] != OURS:
        raise NotOurDatabase(
            f"数据库“{NAME}”不是演示程序建立的，没有启动，也没有改动它。"
            "请把它改名，或让 DATABASE_URL 指向另一台服务器。",
            database=NAME,
        )
    return found is not None


def _on_server(server: Logins, *statements: str) -> None:
    engine = create_engine(server.as_owner(), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()
