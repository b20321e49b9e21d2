"""The schema goes up and down, is the one the models say, and keeps every tenant to itself."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

import engine.jobs  # noqa: F401
import engine.portions
import engine.rehearsal.demo_clock  # noqa: F401  their tables belong to the schema, whatever else is imported
from engine.store import Logins
from engine.store.base import Base
from engine.store.schema import MIGRATIONS, is_current, migrate, step_back
from web.wiring import create_empty, drop

_numbers = count(1)
_OURS = "relnamespace = 'public'::regnamespace"
"""Not the tables of jobs, which are the library's and nobody's but the clock's."""


@pytest.fixture
def empty(server: Logins) -> Iterator[Engine]:
    """An empty database of its own."""
    name = f"migrations_{next(_numbers)}"
    engine = create_engine(create_empty(server, name).as_owner())
    yield engine
    engine.dispose()
    drop(server, name)


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_schema_goes_up_down_and_up_again(empty):
    migrate(_url(empty))
    built = _tables(empty)
    step_back(_url(empty), "base")
    emptied = _tables(empty)
    migrate(_url(empty))

    assert built == set(Base.metadata.tables)
    assert emptied == set()
    assert _tables(empty) == built


def test_every_single_step_down_can_be_taken_up_again(empty):
    migrate(_url(empty))

    for revision in ScriptDirectory(str(MIGRATIONS)).walk_revisions():
        step_back(_url(empty), str(revision.down_revision or "base"))
        migrate(_url(empty))

    with empty.connect() as connection:
        assert is_current(connection)


def test_the_models_say_exactly_what_the_migrations_build(empty):
    migrate(_url(empty))

    with empty.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []


def test_migrations_are_numbered_without_a_gap():
    revisions = [revision.revision for revision in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]

    assert sorted(revisions) == [f"{number:04}" for number in range(1, len(revisions) + 1)]


def test_every_table_of_a_tenant_is_kept_to_the_tenant(empty):
    migrate(_url(empty))
    owned = {name for name, table in Base.metadata.tables.items() if "jurisdiction" in table.columns}

    with empty.connect() as connection:
        guarded = set(connection.scalars(text(f"SELECT relname FROM pg_class WHERE relrowsecurity AND {_OURS}")))
        even_from_the_owner = set(
            connection.scalars(text(f"SELECT relname FROM pg_class WHERE relforcerowsecurity AND {_OURS}"))
        )

    assert owned == guarded
    assert owned == even_from_the_owner


def test_no_reference_within_a_jurisdiction_can_leave_it(empty):
    migrate(_url(empty))
    owned = {name for name, table in Base.metadata.tables.items() if "jurisdiction" in table.columns}

    with empty.connect() as connection:
        found = inspect(connection)
        leaving = {
            (table, *key["constrained_columns"])
            for table in owned
            for key in found.get_foreign_keys(table)
            if key["referred_table"] in owned and "jurisdiction" not in key["constrained_columns"]
        }

    assert leaving == set()


def test_the_owner_sees_no_row_until_he_says_that_he_keeps_up(empty):
    migrate(_url(empty))
    with empty.begin() as connection:
        connection.execute(_KEEPING_UP)
        connection.exec_driver_sql(_PEOPLE)

    with empty.connect() as connection:
        before = connection.scalar(text("SELECT count(*) FROM people"))
        connection.execute(_KEEPING_UP)
        then = connection.scalar(text("SELECT count(*) FROM people"))

    assert (before, then) == (0, 1)


_PEOPLE = """
INSERT INTO units (jurisdiction, name, kind) VALUES ('huaxi', '示例单位', 'unit');
INSERT INTO people (jurisdiction, login, name) VALUES ('huaxi', '示例', '示例');
INSERT INTO definitions (kind, name, hash, files, kept_at, turn) VALUES ('diagrams', '示例', '', '', now(), 1);
"""
_CASE_OVER = """
INSERT INTO cases (id, jurisdiction, object_kind, code, name, unit_id, finance_id, fiscal_year, amount_wan, facts,
    forms, waits, state, diagrams_id, policy_id, process, process_state, version, journal_seq, journal_head, opened_at)
SELECT n, 'huaxi', 'project', 'A-' || n, '示例', 1, 1, 2021, 1, '{}', '{}', '{}', (ARRAY['closed', 'active'])[n], 1, 1,
    'case', '', 1, 1, '', now() FROM generate_series(1, 2) n;
INSERT INTO tasks (id, jurisdiction, case_id, process, element, role, unit_id, state, round, opened_at)
SELECT gen_random_uuid(), 'huaxi', n, 'case', 'a', 'unit_clerk', 1, 'completed', 1, now() FROM generate_series(1, 2) n;
INSERT INTO journal (jurisdiction, case_id, seq, type, payload, at, hash)
SELECT 'huaxi', n, 1, 'case.started', '{"a": 1.50}', now(), '\\x01' FROM generate_series(1, 2) n;
"""


_KEEPING_UP = text("SELECT set_config('app.upkeep', 'on', true)")


def _lying(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        connection.execute(_KEEPING_UP)
        return {
            table: sorted(connection.scalars(text(f"SELECT {table}::text FROM {table}")))
            for table in ("cases", "tasks", "journal")
        }


def test_cases_that_were_over_before_are_packed_on_the_way_up_and_rows_again_on_the_way_down(empty):
    migrate(_url(empty), "0007")
    with empty.begin() as connection:
        connection.exec_driver_sql(_PEOPLE + _CASE_OVER)
    before = _lying(empty)

    migrate(_url(empty))
    after = _lying(empty)
    with empty.connect() as connection:
        connection.execute(_KEEPING_UP)
        told = sorted(connection.scalars(text("SELECT case_id FROM all_journal")))
    step_back(_url(empty), "0007")

    assert {table: len(rows) for table, rows in after.items()} == {"cases": 2, "tasks": 1, "journal": 1}
    assert told == [1, 2]
    assert _lying(empty) == before


_ASKED = """jsonb_build_object('amount_wan', (n * 10.5)::text)"""
_IN_FORCE = """UPDATE cases SET forms = '{"target": {"id": "x", "v": 1, "form": "F02"}}' WHERE id = 1;"""


def test_what_earlier_cases_asked_for_is_read_from_how_they_began_packed_or_not(empty):
    migrate(_url(empty), "0007")
    with empty.begin() as connection:
        connection.exec_driver_sql(_PEOPLE + _CASE_OVER.replace("'{\"a\": 1.50}'", _ASKED) + _IN_FORCE)

    migrate(_url(empty))

    with empty.connect() as connection:
        connection.execute(_KEEPING_UP)
        rows = connection.execute(text("SELECT id, asked_wan, settled_wan FROM cases ORDER BY id")).all()
        packed = connection.scalar(text("SELECT count(*) FROM case_archives"))
    assert [tuple(row) for row in rows] == [(1, Decimal("10.5"), Decimal("10.5")), (2, Decimal(21), None)]
    assert packed == 1
