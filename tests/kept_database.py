"""One database for all tests of a process, which every test finds exactly as the template is.

A copy of the template costs its making, its dropping, and everything that is slow the first time: connections, what the
server remembers of its tables, compiled statements. So one copy is kept. After a test it is put back; where that cannot
be done, or cannot be known to be done, it is thrown away and the next test takes a new one:

- rows: tables the template leaves empty are emptied down to their last page, and `shelf` is written anew; in the other
  tables every row must be the very one that was copied;
- sequences: set to where they stand in the template;
- schema, rights, settings, large objects: in no catalogue of the database may a row be missing, or be newer than what
  was there before the test; statistics, which the server also gathers by itself, are set to those of the template;
- connections: those of the application forget everything (DISCARD ALL), as they do before they serve another tenant;
  the owner's are closed; any other must be gone within a second, with its locks and what it has not committed.

What belongs to the whole server outlives every database: a test that changes one of the two logins fails.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from engine.stages import Library
from engine.store import Database, Logins
from tests.office import memory
from web.wiring import create_empty, drop, wired

WARM = 2
"""Connections that stay from test to test; of a test with many threads the others are closed."""

_ALONE = """
DO $$ BEGIN
  FOR turn IN 1..500 LOOP
    PERFORM pg_stat_clear_snapshot();
    IF NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
                   AND backend_type = 'client backend' AND pid NOT IN ({processes})) THEN
      RETURN;
    END IF;
    PERFORM pg_sleep(0.002);
  END LOOP;
  RAISE EXCEPTION 'somebody is still in the database';
END $$
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_CATALOGUES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace AND NOT relisshared
  AND relname <> 'pg_statistic'
"""
_CATALOGUE = "SELECT '{0}' AS name, count(*), count(*) FILTER (WHERE age(xmin) < age($1)) AS newer FROM pg_catalog.{0}"
_ROWS = "SELECT '{0}', string_agg(format('%s %s', ctid, xmin), ',' ORDER BY ctid) FROM public.{0}"
"""Who wrote a row and where it lies: no two versions of a row have both in common."""
_SETTINGS = """
SELECT here.xmin::text, shobj_description(here.oid, 'pg_database'),
  (SELECT string_agg(kept::text, ',' ORDER BY kept::text) FROM pg_db_role_setting kept WHERE setdatabase = here.oid)
FROM pg_database here WHERE datname = current_database()
"""
_LOGINS = """
SELECT string_agg(said, ',' ORDER BY said) FROM (
  SELECT login::text AS said FROM pg_authid login WHERE rolname IN ('{owner}', '{application}')
  UNION ALL SELECT kept::text FROM pg_db_role_setting kept
  WHERE setdatabase = 0 AND setrole IN (SELECT oid FROM pg_authid WHERE rolname IN ('{owner}', '{application}'))
  UNION ALL SELECT roleid::regrole::text FROM pg_auth_members WHERE member = '"{application}"'::regrole) AS of_both
"""
_USED = """
SELECT oid::regclass::text,
  EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND pg_relation_size(indexrelid) > 16384)
FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'procrastinate'::regnamespace)
  AND pg_relation_size(oid) > 0
"""
"""Tables with at least a page (without one there never was a row); True where an index has more than one page of rows,
which VACUUM would not give back."""
_SIZES = """
SELECT string_agg(format('%s %s', oid, pg_relation_size(oid)), ',' ORDER BY oid) FROM pg_class
WHERE relkind IN ('r', 't') AND oid >= 16384
"""
_STATISTICS = """
SELECT json_agg(json_build_object('oid', oid, 'pages', relpages, 'rows', reltuples, 'seen', relallvisible))::text
FROM pg_class WHERE oid >= 16384
"""
"""Of columns the template has none: nobody has looked at its tables yet."""
_SET_STATISTICS = """
SELECT pg_stat_reset();
DELETE FROM pg_statistic WHERE starelid >= 16384;
UPDATE pg_class SET relpages = pages, reltuples = rows, relallvisible = seen
FROM json_to_recordset('{}') AS told (oid oid, pages integer, rows real, seen integer)
WHERE pg_class.oid = told.oid AND (relpages, reltuples, relallvisible) <> (pages, rows, seen)
"""
_NOW = "SELECT pg_current_xact_id()::xid::text"


@dataclass(frozen=True, slots=True)
class Rows:
    """What a test has written: each table as the server copies it, and the statements that set the sequences."""

    tables: dict[str, bytes]
    sequences: list[str]


class KeptDatabase:
    """Lends one database to one test after the other; `administrator` is the URL of the server's superuser.

    `shared` says that other test processes use the server too.
    """

    def __init__(
        self, server: Logins, template: str, library: Library, process: str, administrator: URL, *, shared: bool = False
    ) -> None:
        self._shared = shared
        self._server, self._template, self._library = server, template, library
        self._administrator = administrator.set(drivername="postgresql")
        self._names = (f"kept_{process}_{number}" for number in count(1))
        self._copy: _Copy | None = None
        self._known = memory.Known()

    @contextmanager
    def lent(self) -> Iterator[Database]:
        """The database for one test. Fails afterwards when a login of the server is not what it was before."""
        copy = self._copy = self._copy or self._new_copy()
        said = copy.say_of_logins()  # what other tests did to them on databases of their own is no matter of this one
        database = wired(copy.logins, self._library)
        own, database.engine, database.wire = database.engine, copy.engine.execution_options(), copy.wire
        copy.counts(database.owner)
        try:
            with database.transaction("huaxi") as session:
                database.freshen(session)
            with memory.lent(database, memory.Way(copy, self._known)):
                yield database
        finally:
            database.engine = own
            database.close()
            if not copy.put_back():
                self.close()
        if not self._shared:  # on a server with other test processes it may be theirs
            assert copy.said_of_logins == said, "a login of the whole server was changed; no new copy takes that back"

    def close(self) -> None:
        """Throw the copy away; the next test takes a new one."""
        copy, self._copy = self._copy, None
        if copy is not None:
            copy.leave()
            drop(self._server, copy.name)

    def _new_copy(self) -> "_Copy":
        name = next(self._names)
        logins = create_empty(self._server, name, self._template)
        return _Copy(name, wired(logins, self._library), self._administrator.set(database=name))


class _Copy:
    """One copy of the template, with all that is kept of it from test to test."""

    def __init__(self, name: str, database: Database, administrator: URL) -> None:
        self.name, self.logins = name, database.logins
        self.engine, self.wire = database.engine, database.wire
        self.said_of_logins: Any = None
        self._superuser = psycopg.connect(administrator.render_as_string(hide_password=False), autocommit=True)
        self._filled = {name for name, _ in self._ask(_USED)} - {"shelf"}
        catalogues = " UNION ALL ".join(_CATALOGUE.format(name) for (name,) in self._ask(_CATALOGUES))
        self._ask(f"PREPARE looked_through (xid) AS {catalogues} ORDER BY name")
        ((self._mark,), (self._statistics,), (self._sizes,), (self._shelf,)) = self._ask(
            _NOW, _STATISTICS, _SIZES, "SELECT shelf::text FROM shelf"
        )
        self._sequences = [self._set(name) for (name,) in self._ask("SELECT seqrelid::regclass::text FROM pg_sequence")]
        self._found, _ = self._look([])
        self._checkouts = 0
        self.counts(self.engine)

    def counts(self, engine: Engine) -> None:
        """What `uses` counts: how often the connections of this engine are asked for."""
        event.listen(engine, "checkout", self._count)

    def uses(self) -> int:
        """How often its connections were asked for so far."""
        return self._checkouts

    def taken_out(self) -> Rows:
        """The rows of all tables a test may fill, and where the sequences stand."""
        return Rows(
            {name: self._copied_out(name) for name in self._fillable()},
            [self._set(name) for (name,) in self._ask("SELECT seqrelid::regclass::text FROM pg_sequence")],
        )

    def put_in(self, rows: Rows) -> None:
        """Exactly these rows instead of those that are there."""
        there = self._fillable()
        self._ask("BEGIN", "SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in there))
        for name, content in rows.tables.items():
            with self._superuser.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                copy.write(content)
        self._ask(*rows.sequences, "COMMIT")

    def _fillable(self) -> list[str]:
        """The tables with rows of a test; whom a connection serves is a matter of that connection."""
        return [name for name, _ in self._ask(_USED) if name not in {*self._filled, "servings"}]

    def _copied_out(self, name: str) -> bytes:
        with self._superuser.cursor() as cursor, cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as copy:
            return b"".join(copy)

    def _count(self, *_: Any) -> None:
        self._checkouts += 1

    def put_back(self) -> bool:
        """Make it what it was before the test. False when that did not succeed, or something else was changed."""
        if self.engine.pool.checkedout() or self.wire.listeners:
            return False
        try:
            found, used = self._look(_forget(self.engine))
            return found == self._found and self._empty(used)
        except (psycopg.Error, DBAPIError):
            return False

    def say_of_logins(self) -> Any:
        """Everything the server keeps of the two logins."""
        owner, application = (make_url(url).username for url in (self.logins.as_owner(), self.logins.application))
        return self._ask(_LOGINS.format(owner=owner, application=application))[0]

    def leave(self) -> None:
        """Close all connections, whoever has them."""
        self.engine.dispose()
        with suppress(psycopg.Error):
            self._ask("ROLLBACK", _END_OTHERS)
        self._superuser.close()

    def _look(self, kept: list[int]) -> tuple[list[Any], dict[str, bool]]:
        """Everything that no test may change, and the tables to be emptied; nobody but `kept` is in the database."""
        processes = ", ".join(map(str, (self._superuser.info.backend_pid, *kept)))
        self.said_of_logins = self.say_of_logins()
        found = self._ask(
            _ALONE.format(processes=processes),
            f"EXECUTE looked_through ('{self._mark}')",
            *(_ROWS.format(name) for name in sorted(self._filled)),
            _SETTINGS,
        )
        return found, {name: grown for name, grown in self._ask(_USED) if name not in self._filled}

    def _empty(self, used: dict[str, bool]) -> bool:
        """Put back what every test changes; False when some page stays."""
        grown = [name for name, is_grown in used.items() if is_grown]
        self._ask(
            "BEGIN",
            "SET LOCAL session_replication_role = replica",  # neither what guards the journal nor what counts changes
            *([f"TRUNCATE {', '.join(grown)} CASCADE"] if grown else ()),
            *(f"DELETE FROM {name}" for name in used),
            *self._sequences,
            "COMMIT",
        )
        self._ask(f"VACUUM (TRUNCATE, INDEX_CLEANUP) {', '.join(used)}")
        sizes, mark, *_ = self._ask(
            "BEGIN",
            "SET LOCAL session_replication_role = replica",
            f"INSERT INTO shelf SELECT ('{self._shelf}'::shelf).*",
            _SIZES,
            _NOW,
            _SET_STATISTICS.format(self._statistics),
            "COMMIT",
        )
        (self._mark,) = mark
        return bool(sizes == (self._sizes,))

    def _set(self, sequence: str) -> str:
        ((last, is_called),) = self._ask(f"SELECT last_value, is_called FROM {sequence}")
        return f"SELECT FROM setval('{sequence}', {last}, {is_called})"

    def _ask(self, *statements: str) -> list[Any]:
        """The rows of all statements, one after the other, in one trip."""
        with self._superuser.cursor() as cursor:
            cursor.execute(";".join(statements).encode())
            rows = []
            while True:
                rows += cursor.fetchall() if cursor.description else ()
                if not cursor.nextset():
                    return rows


def _forget(engine: Engine) -> list[int]:
    """Let the connections that nobody uses be as new ones; gives the numbers of their processes on the server."""
    connections = [engine.raw_connection() for _ in range(engine.pool.checkedin())]
    try:
        for each in connections[:WARM]:
            each.info.clear()
            each.driver_connection.autocommit = True
            each.driver_connection.execute("DISCARD ALL")
            each.driver_connection.autocommit = False  # as the driver has it at first
        for each in connections[WARM:]:
            each.detach()
        return [each.driver_connection.info.backend_pid for each in connections[:WARM]]
    finally:
        for each in connections:
            each.close()
