"""Whatever a statement slipped in under the application's login says: no row of another tenant is read or changed."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from engine.store import Base, Database
from tests.integration.desk import SHORT, project_at
from tests.integration.refusals import traces
from tests.office import Office

TENANT_TABLES = sorted(name for name, table in Base.metadata.tables.items() if "jurisdiction" in table.columns)
CALLABLE = {
    "archive_case", "archived_case", "defer_job", "due_everywhere", "next_instant", "refuse_journal_change",
    "refuse_journal_loss", "serve_tenant", "tenant", "unnamed_files",
}  # fmt: skip
"""Every function of ours the application may call; the two that refuse are triggers and answer nobody."""


@pytest.fixture(scope="module")
def huaxi(shared_database: Database) -> Office:
    """花溪 with a case that is over and packed and one that is open, beside a 从化 that has just begun."""
    office = Office.opened(shared_database)
    office.finish(office.open_case(), sampled=True, selected=True, **SHORT)
    project_at(Office(shared_database, office.bureau), "check_target")
    Office.opened(shared_database, "conghua").open_case()
    return office


@pytest.fixture
def place(huaxi: Office) -> Iterator[Database]:
    """The same database over one connection, so that 花溪 gets the one 从化 had before."""
    database = Database(huaxi.database.logins, pool_size=1)
    yield database
    database.close()


def injected(driver: Any, statement: str) -> list[Any]:
    """What the statement brought; after an error it goes on as an intruder would."""
    try:
        cursor = driver.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
    except psycopg.Error:
        driver.execute("ROLLBACK")
        return []


def strangers_seen(driver: Any) -> dict[str, int]:
    """How many rows of others each table shows."""
    seen = {}
    for table in TENANT_TABLES:
        rows = injected(driver, f"SELECT count(*) FROM public.{table} WHERE jurisdiction <> 'conghua'")
        seen[table] = rows[0][0] if rows else 0
    return seen


def strangers_touched(driver: Any) -> int:
    """How many rows of others could be changed, taken away or brought in."""
    touched = 0
    for table in TENANT_TABLES:
        for statement in (
            f"UPDATE public.{table} SET jurisdiction = 'conghua' WHERE jurisdiction <> 'conghua' RETURNING 1",
            f"DELETE FROM public.{table} WHERE jurisdiction <> 'conghua' RETURNING 1",
        ):
            touched += len(injected(driver, statement))
    return touched


SAID = [
    "RESET ROLE",
    "SET ROLE jixiao",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION jixiao",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "GRANT jixiao TO jixiao_app",
    "SET app.jurisdiction = '*'",
    "SET app.jurisdiction = 'huaxi'",
    "SET LOCAL app.jurisdiction = 'huaxi'",
    "SELECT set_config('app.jurisdiction', 'huaxi', false), set_config('app.upkeep', 'on', false)",
    "COMMIT; BEGIN; SET app.jurisdiction = 'huaxi'",
    "COMMIT; DISCARD ALL; BEGIN; SET app.jurisdiction = 'huaxi'",
    "SET app.upkeep = 'on'",
    "SET row_security = off",
    "SET session_replication_role = replica",
    "SELECT serve_tenant('huaxi', '')",
    "COMMIT; SELECT serve_tenant('huaxi', ''); SET app.jurisdiction = 'huaxi'; BEGIN",
    "UPDATE servings SET serves = 'huaxi'",
    "INSERT INTO servings VALUES (pg_backend_pid(), now(), '', 'huaxi')",
    "DELETE FROM servings",
    "TRUNCATE servings",
    "CREATE OR REPLACE FUNCTION served() RETURNS text LANGUAGE sql AS $$ SELECT 'huaxi' $$",
    "ALTER FUNCTION tenant() SECURITY INVOKER",
    "CREATE FUNCTION public.all_cases() RETURNS SETOF cases LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM cases'",
    (
        "CREATE FUNCTION pg_temp.served() RETURNS text LANGUAGE sql AS $$ SELECT 'huaxi' $$; "
        "SET search_path = pg_temp, public; SET app.jurisdiction = 'huaxi'"
    ),
    (
        "CREATE TEMP TABLE servings AS SELECT pg_backend_pid() AS process, 'huaxi' AS serves; COMMIT; DISCARD PLANS; "
        "SET search_path = pg_temp, public; BEGIN; SET app.jurisdiction = 'huaxi'"
    ),
    "ALTER TABLE cases NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY tenant ON cases",
    "CREATE POLICY mine ON cases USING (true)",
    "COPY cases TO PROGRAM 'cat > /dev/null'",
    "COPY cases TO '/dev/null'",
    "COPY cases FROM PROGRAM 'true'",
    "SELECT lo_import('/etc/passwd')",
    "CREATE EXTENSION dblink",
]


@pytest.mark.parametrize("said", SAID)
def test_no_row_of_another_tenant_is_seen_or_touched_after_it(place: Database, huaxi: Office, said: str) -> None:
    before = traces(huaxi.database)

    with place.transaction("conghua") as session:
        driver = session.connection().connection.driver_connection
        injected(driver, said)
        seen, touched = strangers_seen(driver), strangers_touched(driver)

    assert seen == dict.fromkeys(TENANT_TABLES, 0)
    assert touched == 0
    assert traces(huaxi.database) == before


@pytest.mark.parametrize("said", SAID)
def test_whoever_gets_the_connection_next_is_served_as_if_nothing_had_been_said(place: Database, said: str) -> None:
    with place.transaction("conghua") as session:
        injected(session.connection().connection.driver_connection, said)

    with place.transaction("huaxi") as session:
        assert session.scalars(text("SELECT DISTINCT jurisdiction FROM cases")).all() == ["huaxi"]
        assert session.scalar(text("SELECT count(*) FROM cases")) == 2


def test_nothing_lies_in_wait_for_the_next_tenant_of_a_connection(place: Database) -> None:
    with place.transaction("conghua") as session:
        driver = session.connection().connection.driver_connection
        injected(driver, "DEALLOCATE ALL; PREPARE wire_0 AS SELECT 'caught'; SET search_path = pg_temp, public")
        injected(driver, "CREATE TEMP TABLE cases (jurisdiction text, id bigint); SET app.kept = 'caught'; COMMIT")

    with place.transaction("huaxi") as session:
        left = text(
            "SELECT current_setting('search_path'), current_setting('app.kept', true), to_regclass('cases')::oid"
        )
        path, kept, cases = session.execute(left).one()
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements WHERE from_sql")).all()
        own = session.scalar(text("SELECT 'public.cases'::regclass::oid"))

    assert ("pg_temp" in path, kept or "", cases, prepared) == (False, "", own, [])


def test_only_named_functions_can_be_called(place: Database) -> None:
    asked = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
        "AND has_function_privilege(current_user, oid, 'EXECUTE')"
    )
    pinned = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef "
        "AND NOT coalesce(proconfig && "
        "ARRAY['search_path=public, pg_temp', 'search_path=procrastinate, pg_temp'], false)"
    )

    with place.transaction("conghua") as session:
        assert set(session.scalars(asked)) == CALLABLE
        assert set(session.scalars(pinned)) == set()


def test_no_function_tells_or_changes_anything_of_another_tenant(place: Database, huaxi: Office) -> None:
    with huaxi.database.upkeep() as session:
        cases = session.scalars(text("SELECT id FROM cases WHERE jurisdiction = 'huaxi'")).all()
        packed = session.scalars(text("SELECT (unnest(tasks)).id FROM case_archives")).first()
    before = traces(huaxi.database)

    with place.transaction("conghua") as session:
        driver = session.connection().connection.driver_connection
        told = [injected(driver, f"SELECT archive_case({case}) IS NULL") for case in cases]
        told.append(injected(driver, f"SELECT 1 WHERE archived_case('{packed}') IS NOT NULL"))
        told.append(injected(driver, "SELECT * FROM due_everywhere('2100-01-01', 1000)"))
        told.append(injected(driver, "SELECT 1 WHERE next_instant() IS NOT NULL"))
        told.append(injected(driver, "SELECT unnamed_files(ARRAY['00'])"))
        told.append(injected(driver, "SET app.jurisdiction = '*'; SELECT * FROM due_everywhere('2100-01-01', 1000)"))

    assert told == [[]] * len(told)
    assert traces(huaxi.database) == before


def test_a_file_of_the_server_is_not_read(place: Database) -> None:
    with place.transaction("conghua") as session:
        driver = session.connection().connection.driver_connection
        told = [injected(driver, f"SELECT {way}('PG_VERSION')") for way in ("pg_read_file", "pg_read_binary_file")]

    assert told == [[], []]


def test_no_row_of_one_tenant_points_into_another(place: Database, huaxi: Office) -> None:
    with place.transaction("conghua") as session:
        driver = session.connection().connection.driver_connection
        foreign = huaxi.bureau.unit_id
        refused = injected(driver, f"UPDATE cases SET unit_id = {foreign} RETURNING id")

    assert refused == []


def test_the_clock_hears_what_is_due_and_sees_no_row_of_any(place: Database) -> None:
    with place.lookout() as session:
        due = session.scalars(text("SELECT DISTINCT jurisdiction FROM due_everywhere('2100-01-01', 1000)")).all()
        rows = session.scalar(text("SELECT count(*) FROM cases"))

    assert (sorted(due), rows) == (["conghua", "huaxi"], 0)
