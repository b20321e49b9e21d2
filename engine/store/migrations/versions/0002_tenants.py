"""One tenant a transaction: the application's role, row-level security, an append-only journal, compact rows."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TENANT_TABLES = (
    "units",
    "people",
    "appointments",
    "substitutions",
    "cases",
    "fund_lines",
    "incidents",
    "tasks",
    "drafts",
    "submissions",
    "attachments",
    "reviews",
    "deadlines",
    "scores",
    "letters",
    "rectifications",
    "result_effects",
    "evaluation_candidates",
    "deliberations",
    "disclosures",
    "samples",
    "assignments",
    "launches",
    "journal",
    "journal_heads",
    "journal_anchors",
    "done_commands",
)
SHARED_TABLES = ("definitions", "calendars")
COMPRESSED = ("submissions", "cases", "journal")

MAKE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jixiao_app') THEN
    CREATE ROLE jixiao_app LOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
REFUSE_CHANGE = """
CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""


def upgrade() -> None:
    op.execute(MAKE_ROLE)
    op.execute("GRANT USAGE ON SCHEMA public TO jixiao_app")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jixiao_app")
    for table in TENANT_TABLES:
        rights = "SELECT, INSERT" if table == "journal" else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO jixiao_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO jixiao_app "
            "USING (current_setting('app.jurisdiction', true) IN (jurisdiction, '*'))"
        )
    for table in SHARED_TABLES:
        op.execute(f"GRANT SELECT ON {table} TO jixiao_app")
    for table in COMPRESSED:
        op.execute(f"ALTER TABLE {table} SET (toast_tuple_target = 256)")
    op.execute(REFUSE_CHANGE)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER append_only ON journal")
    op.execute("DROP FUNCTION refuse_journal_change()")
    for table in COMPRESSED:
        op.execute(f"ALTER TABLE {table} RESET (toast_tuple_target)")
    for table in TENANT_TABLES:
        op.execute(f"DROP POLICY tenant ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM jixiao_app")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM jixiao_app")
    op.execute("REVOKE USAGE ON SCHEMA public FROM jixiao_app")
