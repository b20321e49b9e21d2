"""Where everything is remembered: one PostgreSQL, one transaction a command, one tenant a transaction."""

from engine.store.base import Base, Row
from engine.store.database import Database, retrying

__all__ = ["Base", "Database", "Row", "retrying"]
