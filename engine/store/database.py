"""The database as the rest of the product sees it: a transaction for one tenant, retried when somebody was faster."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import Connection, Engine, ExecutionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine.errors import WrongState
from engine.store.logins import Logins
from engine.store.serving import LOOKOUT
from engine.store.storable import PATIENCE_SECONDS, as_json, refuse_in_words
from engine.store.wire import ENTERING, TENANT, UPKEEP, Wire, enter, shelf_number

_T = TypeVar("_T")
_ATTEMPTS = 3

_DRIVER = {"prepare_threshold": None}
"""The wire prepares statements; the driver, which would forget them all at every rollback, prepares none."""
_SETTINGS = "-c jit=off"
"""What no page is worth: translating a sum over a year into machine code takes four times as long as adding it up."""

_PATIENCE = f"-c lock_timeout={PATIENCE_SECONDS}s"


class ChangedMeanwhile(WrongState):
    """Somebody else moved the case between our reading and our writing."""

    code = "case.changed_meanwhile"


class Database:
    """One PostgreSQL and what every session on it carries (`parts`: diagrams, packs, calendar, attachment folder).

    `on_change` reads again those parts that somebody changed for all servers; it is asked when a transaction finds
    another number on the shelf than before.
    """

    def __init__(self, logins: Logins, parts: Mapping[str, Any] | None = None, pool_size: int = 8) -> None:
        self.logins = logins
        self.wire = Wire()
        self._pool_size = pool_size
        self.engine = _engine(logins.application, pool_size)
        self._owner: Engine | None = None
        self._engines: dict[str, Engine] = {}
        self.parts: dict[str, Any] = dict(parts or {})
        self.on_change: Callable[[Session], None] | None = None
        self._shelf: int | None = None

    def transaction(self, jurisdiction: str) -> AbstractContextManager[Session]:
        """One transaction that sees and writes only `jurisdiction`'s rows: all of it commits, or nothing.

        It begins with its first statement; one that says nothing to the database costs nothing.
        """
        if jurisdiction not in self._engines:
            self._engines[jurisdiction] = self.engine.execution_options(**{TENANT: jurisdiction})
        return self._session(self._engines[jurisdiction])

    def lookout(self) -> AbstractContextManager[Session]:
        """A transaction of the clock: it is no tenant's and sees no rows, but may ask when something is due where."""
        return self.transaction(LOOKOUT)

    def upkeep(self) -> AbstractContextManager[Session]:
        """A transaction of the owner that sees all tenants, for seeding and offline checks; refuses without his URL."""
        return self._session(self.owner)

    @property
    def owner(self) -> Engine:
        """The owner's connections; each of their transactions sees all tenants."""
        if self._owner is None:
            self._owner = _engine(self.logins.as_owner(), 2, {UPKEEP: True})
        return self._owner

    def be_waited_for_by_people(self) -> None:
        """From now on the application waits `PATIENCE_SECONDS` for a row somebody else holds, and is then refused."""
        self.engine.dispose()
        self.engine = _engine(self.logins.application, self._pool_size, settings=f"{_SETTINGS} {_PATIENCE}")
        self._engines.clear()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        if self._owner is not None:
            self._owner.dispose()

    def freshen(self, session: Session) -> None:
        """Have the parts read again when they are not those this transaction should go by."""
        if self.on_change is not None and (number := shelf_number(session)) != self._shelf:
            self.on_change(session)
            self._shelf = number

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        told = {"database": self, "wire": self.wire}
        with _Session(engine, expire_on_commit=False, info=told) as session, session.begin():
            yield session


def _engine(url: str, pool_size: int, options: Mapping[str, Any] | None = None, settings: str = _SETTINGS) -> Engine:
    told = make_url(url).query.get("options", "")
    of_the_url = told if isinstance(told, str) else " ".join(told)
    engine = create_engine(
        url, pool_size=pool_size, pool_pre_ping=False, json_serializer=as_json, execution_options=options or {},
        connect_args=_DRIVER | {"options": f"{settings} {of_the_url}".strip()},
    )  # fmt: skip
    event.listen(engine, "before_cursor_execute", _enter_first)
    event.listen(engine, "handle_error", refuse_in_words)
    return engine


def part(session: Session, name: str) -> Any:
    """The part of that name wired into the session's database, as it was when it was last looked at."""
    return session.info["database"].parts[name]


def part_in_force(session: Session, name: str) -> Any:
    """The same as it is for this transaction, whatever another server changed meanwhile."""
    if "fresh" not in session.info:
        session.info["database"].freshen(session)
        session.info["fresh"] = True
    return part(session, name)


def tenant_of(session: Session) -> str | None:
    """The jurisdiction a transaction serves; None for the owner's and the clock's, which serve none."""
    tenant = session.get_bind().get_execution_options().get(TENANT)
    return tenant if tenant != LOOKOUT else None


@contextmanager
def beside(session: Session) -> Iterator[Session]:
    """Another transaction of the same tenant: what others have committed, when the session's own is lost."""
    told = {name: part for name, part in session.info.items() if name != "written"}
    with _Session(session.get_bind(), expire_on_commit=False, info=told) as other, other.begin():
        yield other


class _Session(Session):
    """A session whose connection, asked for by name, has its transaction begun: the driver behind it is safe to use."""

    def connection(self, *given: Any, **how: Any) -> Connection:
        connection = super().connection(*given, **how)
        enter(connection)
        return connection


def _enter_first(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: ExecutionContext | None, many: bool
) -> None:
    if context is None or ENTERING not in context.execution_options:
        enter(connection)


def retrying(database: Database, jurisdiction: str, work: Callable[[Session], _T]) -> _T:
    """What `work` gives, in one transaction; tried again when somebody was faster, three times in all."""
    for left in reversed(range(_ATTEMPTS)):
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
