"""Where everything is remembered: one PostgreSQL, one transaction a command, one tenant a transaction."""

from engine.store.base import Base, Row
from engine.store.database import Database, retrying
from engine.store.logins import Logins

__all__ = ["Base", "Database", "Logins", "Row", "retrying"]
