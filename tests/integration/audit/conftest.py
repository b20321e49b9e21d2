"""Somebody with the owner's password."""

from typing import Any

import pytest
from sqlalchemy import text

from engine.store import Database
from tests.integration.audit.offline import Tamper


@pytest.fixture
def tamper(database: Database) -> Tamper:
    """The database owner at work, with the triggers off."""

    def do(statement: str, **values: Any) -> None:
        with database.upkeep() as session:
            for table in ("journal", "case_archives"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            session.execute(text(statement), values)
            for table in ("journal", "case_archives"):
                session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))

    return do
