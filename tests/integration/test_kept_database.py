"""Whatever a test did to its database, the next one finds what the template holds, and nobody else's connection."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL, event, make_url, text

from engine.stages import Library
from engine.store import Database, Logins
from tests.conftest import PROCESS, fresh_database
from tests.integration.desk import project_at
from tests.kept_database import KeptDatabase
from tests.office import Office

CONTENT = """
SELECT oid::regclass::text, CASE relkind WHEN 'r' THEN 'whole::text' ELSE 'last_value, is_called' END
FROM pg_class WHERE relkind IN ('r', 'S') AND oid >= 16384 AND relname <> 'servings'
"""
"""Tables and sequences, and what to look at in each; which tenant a connection serves is said by `servings`."""
HERE = "(SELECT oid FROM pg_database WHERE datname = current_database())"
QUESTIONS = f"""
SELECT relname, relkind, relacl::text, relrowsecurity, relforcerowsecurity, relpages, reltuples FROM pg_class
  WHERE oid >= 16384;
SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attnotnull, attacl::text, attisdropped
  FROM pg_attribute WHERE attrelid >= 16384;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE oid >= 16384;
SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index WHERE indrelid >= 16384;
SELECT pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger;
SELECT policyname, tablename, cmd, qual, with_check FROM pg_policies;
SELECT proname, prosrc, prosecdef, provolatile::text, proacl::text FROM pg_proc WHERE oid >= 16384;
SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp';
SELECT seqrelid::regclass::text, seqstart, seqincrement, seqmax FROM pg_sequence;
SELECT starelid::regclass::text, staattnum FROM pg_statistic WHERE starelid >= 16384;
SELECT count(*) FROM pg_largeobject_metadata;
SELECT objoid::regclass::text, description FROM pg_description WHERE objoid >= 16384;
SELECT setrole::text, setconfig::text FROM pg_db_role_setting WHERE setdatabase = {HERE};
SELECT datacl::text, datconnlimit, shobj_description(oid, 'pg_database') FROM pg_database WHERE oid = {HERE};
SELECT locktype, mode FROM pg_locks WHERE pid <> pg_backend_pid() AND database = {HERE}
""".split(";")
"""What there is besides rows, as the superuser sees it."""
SESSION = text("""
SELECT current_user::text, current_setting('search_path'), current_setting('statement_timeout'),
  nullif(current_setting('app.kept', true), ''), to_regclass('pg_temp.kept')::text,
  (SELECT count(*) FROM pg_prepared_statements WHERE name = 'kept'), (SELECT count(*) FROM pg_listening_channels())
""")

UNITS = "INSERT INTO units (jurisdiction, name, kind) SELECT 'huaxi', n::text, 'unit' FROM generate_series(1, {}) n"
PUT_BACK = {
    "rows with ids": UNITS.format(20),
    "more rows than a page of an index holds": UNITS.format(2000),
    "an id that was given back": "SELECT nextval(pg_get_serial_sequence('cases', 'id'))",
    "a sequence that stands elsewhere": "SELECT setval(pg_get_serial_sequence('cases', 'id'), 50, false)",
    "another number on the shelf": "UPDATE shelf SET number = 99",
    "nothing on the shelf": "DELETE FROM shelf",
    "statistics": f"{UNITS.format(20)}; ANALYZE units, tasks",
}
THROWN_AWAY = {
    "a calendar changed": "UPDATE calendars SET confirmed = NOT confirmed",
    "a calendar gone": "DELETE FROM calendars WHERE year = (SELECT max(year) FROM calendars)",
    "rules changed": "UPDATE definitions SET turn = turn + 1",
    "another version of the schema": "UPDATE alembic_version SET version_num = '0001'",
    "a table": "CREATE TABLE kept (a integer)",
    "a view less": "DROP VIEW all_drafts",
    "a column": "ALTER TABLE cases ADD COLUMN kept integer",
    "an index": "CREATE INDEX kept ON cases (state)",
    "a sequence that begins elsewhere": "ALTER SEQUENCE cases_id_seq START 50",
    "a trigger asleep": "ALTER TABLE journal DISABLE TRIGGER append_only",
    "a policy gone": "DROP POLICY tenant ON cases",
    "a policy not forced": "ALTER TABLE cases NO FORCE ROW LEVEL SECURITY",
    "a function": "CREATE FUNCTION kept() RETURNS integer LANGUAGE sql RETURN 1",
    "another function": "CREATE OR REPLACE FUNCTION served() RETURNS text LANGUAGE sql AS $$ SELECT 'huaxi' $$",
    "a schema": "CREATE SCHEMA kept",
    "a right": "GRANT SELECT ON servings TO jixiao_app",
    "a right on the schema": "GRANT CREATE ON SCHEMA public TO jixiao_app",
    "a remark": "COMMENT ON TABLE cases IS 'kept'",
    "a large object": "SELECT lo_create(0)",
    "a right on the database": "GRANT CREATE ON DATABASE {database} TO jixiao_app",
    "a setting": "ALTER DATABASE {database} SET statement_timeout TO 1",
    "a setting of a login": "ALTER ROLE jixiao_app IN DATABASE {database} SET statement_timeout TO 1",
}
ON_A_CONNECTION = {
    "a setting": "SET search_path TO pg_catalog",
    "a setting of ours": "SET app.kept = 'kept'",
    "a time limit": "SET statement_timeout TO 1",
    "a lock": "SELECT pg_advisory_lock(4711)",
    "a prepared statement": "PREPARE kept AS SELECT 1",
    "a listener": "LISTEN kept",
    "a temporary table": "CREATE TEMPORARY TABLE kept (a integer)",
    "another tenant": "SELECT 1",
}


@pytest.fixture
def kept(server: Logins, template: str, library: Library, administrator: URL) -> Iterator[KeptDatabase]:
    """What lends the database to all tests; here each has one of its own."""
    kept = KeptDatabase(server, template, library, f"{PROCESS}_here", administrator)
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def as_copied(server: Logins, template: str, library: Library, administrator: URL) -> dict[str, Any]:
    """Everything there is in a new copy of the template."""
    with fresh_database(server, template, library) as database:
        return everything_in(database, administrator)


def as_superuser(database: Database, administrator: URL) -> psycopg.Connection[Any]:
    place = administrator.set(drivername="postgresql", database=name_of(database))
    return psycopg.connect(place.render_as_string(hide_password=False), autocommit=True)


def name_of(database: Database) -> str:
    return str(make_url(database.logins.application).database)


def everything_in(database: Database, administrator: URL) -> dict[str, Any]:
    """Question → answers, and name of a table or sequence → what is in it."""
    with as_superuser(database, administrator) as connection:
        asked = {question: question for question in QUESTIONS}
        asked |= {name: f"SELECT {what} FROM {name} whole" for name, what in connection.execute(CONTENT)}
        return {name: sorted(map(str, connection.execute(question))) for name, question in asked.items()}


def session_in(database: Database) -> Any:
    with database.transaction("huaxi") as session:
        return session.execute(SESSION).one()


@pytest.mark.parametrize("change", PUT_BACK.values(), ids=PUT_BACK.keys())
def test_what_tests_usually_leave_is_put_back(
    kept: KeptDatabase, administrator: URL, as_copied: dict[str, Any], change: str
) -> None:
    """One time of three is enough: the copy is also thrown away when the server happens to look through it."""

    def is_the_same_copy() -> bool:
        with kept.lent() as database, as_superuser(database, administrator) as connection:
            before = name_of(database)
            connection.execute(change)
        with kept.lent() as database:
            assert everything_in(database, administrator) == as_copied
            return name_of(database) == before

    assert any(is_the_same_copy() for _ in range(3))


@pytest.mark.parametrize("change", THROWN_AWAY.values(), ids=THROWN_AWAY.keys())
def test_after_any_other_change_there_is_a_new_copy(
    kept: KeptDatabase, administrator: URL, as_copied: dict[str, Any], change: str
) -> None:
    with kept.lent() as database, as_superuser(database, administrator) as connection:
        before = name_of(database)
        connection.execute(change.format(database=before))

    with kept.lent() as database:
        assert everything_in(database, administrator) == as_copied
        assert name_of(database) != before


@pytest.mark.parametrize("left", ON_A_CONNECTION.values(), ids=ON_A_CONNECTION.keys())
def test_what_a_connection_was_told_is_forgotten(
    kept: KeptDatabase, administrator: URL, as_copied: dict[str, Any], left: str
) -> None:
    with kept.lent() as database:
        as_new = session_in(database)
    with kept.lent() as database, database.transaction("conghua") as session:
        session.execute(text(left))

    with kept.lent() as database:
        assert session_in(database) == as_new
        assert everything_in(database, administrator) == as_copied


def test_a_case_at_work_leaves_nothing_and_its_number_is_given_again(
    kept: KeptDatabase, administrator: URL, as_copied: dict[str, Any]
) -> None:
    with kept.lent() as database:
        first = project_at(Office.opened(database), "check_target")

    with kept.lent() as database:
        assert everything_in(database, administrator) == as_copied
        assert project_at(Office.opened(database), "check_target") == first


def test_what_a_forgotten_connection_has_not_committed_is_never_seen(
    kept: KeptDatabase, administrator: URL, as_copied: dict[str, Any]
) -> None:
    with kept.lent() as database:
        forgotten = as_superuser(database, administrator)
        forgotten.execute(f"BEGIN; {UNITS.format(1)}; SELECT pg_advisory_lock(4711)")

    with kept.lent() as database:
        assert everything_in(database, administrator) == as_copied
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("COMMIT")
    forgotten.close()


def test_a_session_that_was_never_ended_is_not_met_again(
    kept: KeptDatabase, administrator: URL, as_copied: dict[str, Any]
) -> None:
    with kept.lent() as database:
        forgotten = database.engine.connect()
        forgotten.execute(text("SELECT 1"))

    with kept.lent() as database:
        assert everything_in(database, administrator) == as_copied
    forgotten.invalidate()
    forgotten.close()


def test_who_listens_in_one_test_does_not_hear_the_next(kept: KeptDatabase) -> None:
    heard: list[Any] = []
    with kept.lent() as database:
        event.listen(database.engine, "before_cursor_execute", lambda *said: heard.append(said))
    with kept.lent() as database:
        database.wire.listeners.append(heard.append)

    with kept.lent() as database:
        Office.opened(database)

    assert heard == []


def test_a_test_that_changes_a_login_of_the_server_fails(kept: KeptDatabase, administrator: URL) -> None:
    with (
        pytest.raises(AssertionError, match="login"),
        kept.lent() as database,
        as_superuser(database, administrator) as connection,
    ):
        connection.execute("ALTER ROLE jixiao_app VALID UNTIL '2999-01-01'")
    with as_superuser(database, administrator) as connection:
        connection.execute("ALTER ROLE jixiao_app VALID UNTIL 'infinity'")
