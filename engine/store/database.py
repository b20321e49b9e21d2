"""The database as the rest of the product sees it: a transaction for one tenant, retried when somebody was faster."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.errors import WrongState
from engine.store.storable import as_json, refuse_in_words

_T = TypeVar("_T")

APP_ROLE = "jixiao_app"
"""The database role every transaction runs as: row-level security holds for it, the journal is append-only for it."""

EVERYWHERE = "*"
"""The tenant word of an operator's transaction that looks across jurisdictions."""

_ENTER = text("SELECT set_config('role', :role, true), set_config('app.jurisdiction', :jurisdiction, true)")


class ChangedMeanwhile(WrongState):
    """Somebody else moved the case between our reading and our writing."""

    code = "case.changed_meanwhile"


class Database:
    """One PostgreSQL and what every session on it carries (`parts`: diagrams, packs, calendar, attachment folder)."""

    def __init__(self, url: str, parts: Mapping[str, Any] | None = None, pool_size: int = 8) -> None:
        self.url = url
        self.engine: Engine = create_engine(url, pool_size=pool_size, pool_pre_ping=False, json_serializer=as_json)
        event.listen(self.engine, "handle_error", refuse_in_words)
        self.parts: dict[str, Any] = {"unit_names": {}, **(parts or {})}

    @contextmanager
    def transaction(self, jurisdiction: str) -> Iterator[Session]:
        """One transaction that sees and writes only `jurisdiction`'s rows: all of it commits, or nothing."""
        with Session(self.engine, expire_on_commit=False, info=dict(self.parts)) as session, session.begin():
            session.execute(_ENTER, {"role": APP_ROLE, "jurisdiction": jurisdiction})
            yield session

    @contextmanager
    def upkeep(self) -> Iterator[Session]:
        """A transaction of the owner, for migrations, seeding and offline checks; row-level security does not hold."""
        with Session(self.engine, expire_on_commit=False, info=dict(self.parts)) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def retrying(database: Database, jurisdiction: str, work: Callable[[Session], _T], attempts: int = 3) -> _T:
    """What `work` gives, in one transaction; tried again when somebody was faster, `attempts` times in all."""
    for left in range(attempts - 1, -1, -1):
        try:
            with database.transaction(jurisdiction) as session:
                return work(session)
        except (ChangedMeanwhile, OperationalError) as refusal:
            if left == 0 or not _worth_another_try(refusal):
                raise
    raise AssertionError("unreachable")


def _worth_another_try(refusal: Exception) -> bool:
    if isinstance(refusal, ChangedMeanwhile):
        return True
    return getattr(getattr(refusal, "orig", None), "sqlstate", None) in {"40001", "40P01"}
