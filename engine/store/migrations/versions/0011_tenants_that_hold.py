"""Tenants that hold: which tenant a connection serves is kept where no statement of the application reaches it.

The policies ask `tenant()`, foreign keys carry the jurisdiction, the owner sees rows only where he says that he keeps
up, and what the clock must know of all tenants is told by functions that answer to nobody else.
"""

from typing import Any

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "units", "people", "appointments", "substitutions", "cases", "fund_lines", "incidents", "tasks", "drafts",
    "submissions", "attachments", "reviews", "deadlines", "scores", "letters", "rectifications", "result_effects",
    "evaluation_candidates", "deliberations", "disclosures", "samples", "assignments", "launches", "journal",
    "journal_heads", "journal_anchors", "done_commands", "case_archives",
)  # fmt: skip

REFERRED_TO = ("units", "people", "cases", "tasks", "submissions")
REFERENCES = {
    "units": {"department_id": "units"},
    "appointments": {"person_id": "people", "unit_id": "units"},
    "substitutions": {"absent_id": "people", "substitute_id": "people"},
    "cases": dict.fromkeys(("unit_id", "department_id", "finance_id", "agency_id"), "units"),
    "fund_lines": {"case_id": "cases"},
    "incidents": {"case_id": "cases"},
    "tasks": {
        "case_id": "cases", "unit_id": "units", "holder_id": "people", "completed_by": "people", "acting_for": "people",
    },
    "drafts": {"task_id": "tasks", "saved_by": "people"},
    "submissions": {"case_id": "cases", "filled_by": "people", "submitted_by": "people"},
    "attachments": {"case_id": "cases", "added_by": "people"},
    "reviews": {"case_id": "cases", "by": "people"},
    "deadlines": {"case_id": "cases"},
    "scores": {"case_id": "cases", "submission_id": "submissions"},
    "letters": {"case_id": "cases", "signed_by": "people"},
    "rectifications": {"case_id": "cases", "unit_id": "units", "verified_by": "people"},
    "result_effects": {"case_id": "cases", "decided_by": "people"},
    "evaluation_candidates": {"case_id": "cases"},
    "deliberations": {"case_id": "cases", "recorded_by": "people"},
    "disclosures": {"case_id": "cases", "recorded_by": "people"},
    "samples": {"drawn_by": "people"},
    "assignments": {"case_id": "cases", "agency_id": "units", "assigned_by": "people"},
    "case_archives": {"case_id": "cases"},
}  # fmt: skip
"""Table → column → the table whose `id` it holds, within the same jurisdiction."""

LET_IN = """
DO $$ BEGIN
  IF NOT (SELECT rolcanlogin FROM pg_roles WHERE rolname = 'jixiao_app') THEN
    ALTER ROLE jixiao_app LOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN NULL;  -- an administrator made it, as a group of logins
END $$
"""
OVERSEE = """
DO $$ BEGIN
  IF NOT pg_has_role('jixiao_app', 'USAGE') THEN
    EXECUTE format('GRANT jixiao_app TO %I', current_user);
  END IF;
EXCEPTION WHEN insufficient_privilege THEN NULL;  -- then an administrator has to
END $$
"""
"""Only a member of a role is told by PostgreSQL when its connections began, which `serve_tenant` has to know."""


SERVINGS = """
CREATE UNLOGGED TABLE servings (
  process integer NOT NULL, since timestamptz NOT NULL, key bytea NOT NULL, serves text NOT NULL,
  CONSTRAINT pk_servings PRIMARY KEY (process)
)
"""
SERVE = """
CREATE FUNCTION serve_tenant(wanted text, shown bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE servings SET serves = wanted WHERE process = pg_backend_pid() AND key = sha256(shown);
  IF FOUND THEN
    RETURN;
  END IF;
  DELETE FROM servings WHERE process IN (
    SELECT process FROM servings
    WHERE NOT EXISTS (SELECT FROM pg_stat_get_activity(NULL) WHERE pid = process) FOR UPDATE SKIP LOCKED);
  INSERT INTO servings
  SELECT pid, backend_start, sha256(shown), wanted FROM pg_stat_get_activity(pg_backend_pid())
  ON CONFLICT (process) DO UPDATE SET since = excluded.since, key = excluded.key, serves = excluded.serves
  WHERE servings.since <> excluded.since;  -- of a process that is gone, whose number came again
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this connection serves somebody already' USING ERRCODE = '42501';
  END IF;
END $$
"""
"""The first who names a tenant on a connection keeps it; naming another takes the key that was shown then."""

SERVED = """
CREATE FUNCTION served() RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT serves FROM servings WHERE process = pg_backend_pid());
END $$
"""
"""Said to be immutable, because it is while a connection keeps its plans: so `tenant()` looks it up once, not each
time. Before a connection serves another tenant it throws its plans away."""

TENANT = """
CREATE FUNCTION tenant() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE said text := current_setting('app.jurisdiction', true);
BEGIN
  IF said IS NULL OR said = '' THEN
    RETURN NULL;
  END IF;
  IF said = served() THEN
    RETURN said;
  END IF;
  RAISE EXCEPTION 'this connection does not serve that tenant' USING ERRCODE = '42501';
END $$
"""
"""Whose transaction this is: what it says, if that is what its connection serves."""

HELD_BY_NOTHING = """deadlines.state = 'pending'
    AND (SELECT cases.state FROM cases WHERE cases.id = deadlines.case_id) <> 'suspended'
    AND NOT EXISTS (SELECT FROM incidents WHERE incidents.case_id = deadlines.case_id AND incidents.state = 'open')"""

DUE_EVERYWHERE = f"""
CREATE FUNCTION due_everywhere(by timestamptz, most integer)
RETURNS TABLE (jurisdiction text, deadline_id uuid, case_id bigint, since timestamptz, reminder boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM (
    (SELECT jurisdiction, id, case_id, due_at AS since, false AS reminder FROM deadlines
     WHERE {HELD_BY_NOTHING} AND due_at <= $1
     ORDER BY due_at, id LIMIT $2)
    UNION ALL
    (SELECT jurisdiction, id, case_id, remind_at, true FROM deadlines
     WHERE {HELD_BY_NOTHING} AND remind_at <= $1 AND due_at > $1
     ORDER BY remind_at, id LIMIT $2)
  ) both_kinds
  WHERE tenant() = '*'
  ORDER BY since, id LIMIT $2
$$
"""
NEXT_INSTANT = f"""
CREATE FUNCTION next_instant() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT least(
    (SELECT due_at FROM deadlines WHERE {HELD_BY_NOTHING} ORDER BY due_at LIMIT 1),
    (SELECT remind_at FROM deadlines WHERE {HELD_BY_NOTHING} AND remind_at IS NOT NULL ORDER BY remind_at LIMIT 1))
  WHERE tenant() = '*'
$$
"""
"""Both say what the clock has to know of all tenants, and only to a connection that serves the clock."""

FUNCTIONS = (
    "serve_tenant(text, bytea)", "tenant()", "due_everywhere(timestamptz, integer)", "next_instant()",
    "archive_case(bigint)", "archived_case(uuid)",
)  # fmt: skip
ALLOWED_BEFORE = "current_setting('app.jurisdiction', true) IN (jurisdiction, '*')"
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"
"""In a function that was called with the owner's rights, or where the owner says so himself."""


def upgrade() -> None:
    op.execute(LET_IN)
    op.execute(OVERSEE)
    _refer("(id, jurisdiction)")
    for statement in (SERVINGS, SERVE, SERVED, TENANT, DUE_EVERYWHERE, NEXT_INSTANT):
        op.execute(statement)
    _archives_with_keys_apart()
    for table in TENANT_TABLES:
        op.execute(f"ALTER POLICY tenant ON {table} USING ({ALLOWED})")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute("REVOKE ALL ON FUNCTION count_change(), served() FROM PUBLIC")
    op.execute(f"REVOKE ALL ON FUNCTION {', '.join(FUNCTIONS)} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {', '.join(FUNCTIONS)} TO jixiao_app")
    op.execute("GRANT SELECT ON alembic_version TO jixiao_app")


def downgrade() -> None:
    op.execute("REVOKE SELECT ON alembic_version FROM jixiao_app")
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"DROP POLICY upkeep ON {table}")
        op.execute(f"ALTER POLICY tenant ON {table} USING ({ALLOWED_BEFORE})")
    _archives_with_keys_inside()
    for name in (
        "next_instant()",
        "due_everywhere(timestamptz, integer)",
        "tenant()",
        "served()",
        "serve_tenant(text, bytea)",
    ):
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP TABLE servings")
    _refer("(id)")


def _refer(key: str) -> None:
    """Let every reference within a jurisdiction point to that key of the table it points to."""
    carried = key.removeprefix("(id").removesuffix(")")
    for table in REFERRED_TO if carried else ():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT uq_{table}_id_jurisdiction UNIQUE {key}")
    for table, columns in REFERENCES.items():
        changes = (
            f"DROP CONSTRAINT fk_{table}_{column}, ADD CONSTRAINT fk_{table}_{column} "
            f'FOREIGN KEY ("{column}"{carried}) '
            f"REFERENCES {referred} {key}"
            for column, referred in columns.items()
        )
        op.execute(f"ALTER TABLE {table} {', '.join(changes)}")
    for table in REFERRED_TO if not carried else ():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT uq_{table}_id_jurisdiction")


def _archives_with_keys_apart() -> None:
    """Keys lie in a table of their own that nobody but the owner reads: under row-level security PostgreSQL uses no
    index over an array, and the owner is under it from now on."""
    op.execute(
        "CREATE TABLE archive_keys (case_id bigint NOT NULL, keys int[] NOT NULL, "
        "CONSTRAINT pk_archive_keys PRIMARY KEY (case_id), "
        "CONSTRAINT fk_archive_keys_case_id FOREIGN KEY (case_id) REFERENCES cases (id))"
    )
    op.execute("INSERT INTO archive_keys SELECT case_id, keys FROM case_archives")
    op.execute("ALTER TABLE case_archives DROP COLUMN keys")
    op.create_index(
        "ix_archive_keys_keys", "archive_keys", ["keys"], postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    before = _of_0010()
    _replace(
        before.archive_case(),
        (ALLOWED_BEFORE, "jurisdiction = tenant()"),
        ("  archive case_archives;", "  archive case_archives;\n  packed_keys int[];"),
        ("archive.keys := ", "packed_keys := "),
        (
            "INSERT INTO case_archives SELECT archive.*;",
            "INSERT INTO case_archives SELECT archive.*;\n  INSERT INTO archive_keys VALUES (archived, packed_keys);",
        ),
    )
    _replace(
        before.ARCHIVED_CASE,
        (
            "SELECT case_id FROM case_archives\n",
            "SELECT case_id FROM archive_keys JOIN case_archives USING (case_id)\n",
        ),
        (ALLOWED_BEFORE, "jurisdiction = tenant()"),
    )


def _archives_with_keys_inside() -> None:
    op.execute("ALTER TABLE case_archives ADD COLUMN keys int[]")
    op.execute("ALTER TABLE case_archives DISABLE TRIGGER append_only")
    op.execute(
        "UPDATE case_archives SET keys = apart.keys FROM archive_keys apart WHERE apart.case_id = case_archives.case_id"
    )
    op.execute("ALTER TABLE case_archives ENABLE TRIGGER append_only")
    op.execute("ALTER TABLE case_archives ALTER COLUMN keys SET NOT NULL")
    op.create_index(
        "ix_case_archives_keys", "case_archives", ["keys"], postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )  # fmt: skip
    op.execute("DROP TABLE archive_keys")
    for function in (_of_0010().archive_case(), _of_0010().ARCHIVED_CASE):
        _replace(function)


def _replace(function: str, *changes: tuple[str, str]) -> None:
    """The function as an earlier migration made it, with these changes."""
    for before, now in (("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"), *changes):
        assert function.count(before) == 1, before
        function = function.replace(before, now)
    op.execute(function)


def _of_0010() -> Any:
    environment = op.get_context().environment_context
    assert environment is not None
    return environment.script.get_revision("0010").module
