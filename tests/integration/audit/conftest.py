"""Somebody with the owner's password."""

from typing import Any

import pytest
from sqlalchemy import text

from engine.store import Database
from tests.integration.audit.offline import Tamper


@pytest.fixture
def tamper(database: Database) -> Tamper:
    """The database owner at work, with the trigger off."""

    def do(statement: str, **values: Any) -> None:
        with database.upkeep() as session:
            session.execute(text("ALTER TABLE journal DISABLE TRIGGER append_only"))
            session.execute(text(statement), values)
            session.execute(text("ALTER TABLE journal ENABLE TRIGGER append_only"))

    return do
