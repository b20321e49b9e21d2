"""The ground every measure of commands stands on: a PostgreSQL that loses nothing, and a small bureau in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, create_engine, event, text

from bench.way import BEGUN, JURISDICTION
from engine.stages import Library
from engine.store import Database, Logins, embedded
from engine.store.storable import as_json
from tests.factories import Bureau, bureau_in
from web.settings import Settings
from web.wiring import create_empty, drop, logins_of, open_database

BPMN = Settings.from_environment().bpmn


@dataclass(frozen=True, slots=True)
class Ground:
    """The database, the definitions and the people.

    `plain` is the same database as SQLAlchemy alone reaches it as its owner, `serving` as the application.
    """

    database: Database
    library: Library
    bureau: Bureau
    plain: Engine
    serving: Engine


@contextmanager
def ground(library: Library) -> Iterator[Ground]:
    """A new database with one bureau, gone afterwards; on DATABASE_URL's server, else on our own with fsync on."""
    with _server() as server:
        name = f"jixiao_bench_{os.getpid()}"
        database = open_database(create_empty(server, name), BPMN, BEGUN, library)
        try:
            with _plain(database.logins) as plain, _serving(database.logins) as serving:
                yield Ground(database, library, settled(database), plain, serving)
        finally:
            database.close()
            drop(server, name)


@contextmanager
def existing(logins: Logins, bureau: Bureau) -> Iterator[Ground]:
    """The same ground seen from another process, with definitions of its own."""
    database = open_database(logins, BPMN, BEGUN)
    try:
        with _plain(logins) as plain, _serving(logins) as serving:
            yield Ground(database, database.parts["library"], bureau, plain, serving)
    finally:
        database.close()


def settled(database: Database) -> Bureau:
    """The people of the bench."""
    with database.transaction(JURISDICTION) as session:
        return bureau_in(session, JURISDICTION)


def durability(database: Database) -> str:
    """What the server promises about a commit, and its version, in words."""
    with database.upkeep() as session:
        told = {
            name: session.scalar(text(f"SHOW {name}")) for name in ("server_version", "fsync", "synchronous_commit")
        }
    return (
        f"PostgreSQL {told['server_version']}，fsync {told['fsync']}，synchronous_commit {told['synchronous_commit']}"
    )


@contextmanager
def _plain(logins: Logins) -> Iterator[Engine]:
    engine = create_engine(logins.as_owner(), json_serializer=as_json)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _serving(logins: Logins) -> Iterator[Engine]:
    """Connections that serve the tenant of the bench from the start."""
    engine = create_engine(logins.application, json_serializer=as_json)

    @event.listens_for(engine, "connect")
    def serve(connection: Any, record: Any) -> None:
        connection.execute("SELECT serve_tenant(%s, %s)", (JURISDICTION, b"bench"))
        connection.commit()

    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _server() -> Iterator[Logins]:
    settings = Settings.from_environment()
    if settings.database_url is not None:
        yield logins_of(settings)
        return
    with TemporaryDirectory(prefix="jixiao-bench-") as folder:
        Path(folder).chmod(0o755)  # started by root, the server runs under an account of its own
        home = Path(folder) / "pg"
        try:
            yield Logins.of_owner(embedded.start(home))
        finally:
            embedded.leave(home)
