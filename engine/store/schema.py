"""Bringing a database to the schema this program needs, and back."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from engine.errors import DefinitionError

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaUnknown(DefinitionError):
    """The database was built by migrations this program does not have."""

    code = "store.schema_unknown"


def one_machine_at_a_time(connection: Connection | Session) -> None:
    """Of machines that start at once the others wait here until this transaction is over."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('jixiao starts'))"))


def migrate(url: str, to: str = "head") -> None:
    """Run the migrations up to `to` ('head' is all of them) as the owner, whose URL it takes."""
    _run(url, lambda config: command.upgrade(config, to))


def step_back(url: str, to: str) -> None:
    """Undo migrations down to `to` ('base' is an empty database)."""
    _run(url, lambda config: command.downgrade(config, to))


def is_current(connection: Connection) -> bool:
    """Whether the database has exactly the migrations this program knows."""
    heads = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == heads


def is_known(revision: str) -> bool:
    """Whether this program has the migration that made a schema."""
    return revision in {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def config_for(connection: Connection, **attributes: Any) -> Config:
    """Alembic's settings for one open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(connection=connection, **attributes)
    return config


def _run(url: str, work: Any) -> None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            one_machine_at_a_time(connection)
            connection.execute(text("SELECT set_config('app.upkeep', 'on', true)"))
            work(config_for(connection))
            connection.commit()
    except CommandError as unknown:
        raise SchemaUnknown(
            "数据库的结构不是本程序认识的版本，可能来自更新的程序，没有改动。请使用与数据库相配的程序。"
        ) from unknown
    finally:
        engine.dispose()
