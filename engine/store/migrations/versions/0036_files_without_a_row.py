"""The clock may ask which files no row names, whatever jurisdiction it is in."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

FUNCTION = "unnamed_files(text[])"
UNNAMED_FILES = """
CREATE FUNCTION unnamed_files(hashes text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT hash FROM unnest($1) AS hash
  WHERE tenant() = '*' AND NOT EXISTS (SELECT FROM attachments WHERE attachments.sha256 = hash)
$$
"""


def upgrade() -> None:
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])
    op.execute(UNNAMED_FILES)
    op.execute(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO jixiao_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {FUNCTION}")
    op.drop_index("ix_attachments_sha256", table_name="attachments")
