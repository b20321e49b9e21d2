"""The indicator library with its changes, uses and files, and saved views of lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RIGHTS = {
    "indicators": "SELECT, INSERT, UPDATE",
    "indicator_changes": "SELECT, INSERT",
    "indicator_words": "SELECT, INSERT, DELETE",
    "indicator_uses": "SELECT, INSERT",
    "library_files": "SELECT, INSERT, UPDATE, DELETE",
    "saved_views": "SELECT, INSERT, UPDATE, DELETE",
}
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEP_WORDS = """
CREATE FUNCTION keep_indicator_words() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM indicator_words AS word USING changed
    WHERE word.jurisdiction = changed.jurisdiction AND word.code = changed.code;
  END IF;
  INSERT INTO indicator_words (jurisdiction, word, code)
  SELECT DISTINCT changed.jurisdiction, substr(changed.search, place, 2), changed.code
  FROM changed, generate_series(1, length(changed.search) - 1) AS place
  WHERE strpos(substr(changed.search, place, 2), ' ') = 0
  ORDER BY 2, 3;
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION keep_indicator_words() FROM PUBLIC;
CREATE TRIGGER keep_words_of_new AFTER INSERT ON indicators
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_indicator_words();
CREATE TRIGGER keep_words AFTER UPDATE ON indicators
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_indicator_words();
"""
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    _library()
    _files_and_views()
    for table, rights in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {table} TO jixiao_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO jixiao_app USING ({ALLOWED})")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")
    op.execute(KEEP_WORDS)


def downgrade() -> None:
    for table in reversed(RIGHTS):
        op.drop_table(table)
    op.execute("DROP FUNCTION keep_indicator_words()")


def _library() -> None:
    _table(
        "indicators",
        *_texts("code", "name", "level1", "level2", "industry", "direction", "unit", "calculation", "scope"),
        _number("owner_id"),
        *_texts("state", "search"),
        _number("version"),
        _instant("changed_at"),
        _refers("indicators", "owner_id", "units"),
        sa.UniqueConstraint("id", "jurisdiction", name="uq_indicators_id_jurisdiction"),
        sa.UniqueConstraint("jurisdiction", "code", name="uq_indicators_jurisdiction_code"),
    )
    op.create_index("ix_indicators_industry", "indicators", ["jurisdiction", "industry", "code"])
    op.create_index("ix_indicators_owner", "indicators", ["owner_id", "code"])
    op.create_index("ix_indicators_level2", "indicators", ["jurisdiction", "level2", "code"])
    op.create_table(
        "indicator_words",
        *_texts("jurisdiction", "word", "code"),
        sa.PrimaryKeyConstraint("jurisdiction", "word", "code", name="pk_indicator_words"),
    )
    _table(
        "indicator_changes",
        _number("indicator_id"),
        _number("version"),
        sa.Column("cells", JSONB(), nullable=False),
        *_texts("reason"),
        _number("changed_by"),
        _instant("changed_at"),
        _refers("indicator_changes", "indicator_id", "indicators"),
        _refers("indicator_changes", "changed_by", "people"),
        sa.UniqueConstraint("indicator_id", "version", name="uq_indicator_changes_indicator_id_version"),
    )
    op.create_table(
        "indicator_uses",
        *_texts("jurisdiction", "code"),
        _number("case_id"),
        _refers("indicator_uses", "case_id", "cases"),
        sa.PrimaryKeyConstraint("jurisdiction", "code", "case_id", name="pk_indicator_uses"),
    )


def _files_and_views() -> None:
    _table(
        "library_files",
        *_texts("name"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        _number("owner_id"),
        _number("brought_by"),
        _instant("brought_at"),
        _instant("written_at", nullable=True),
        sa.Column("added", sa.BigInteger()),
        _refers("library_files", "brought_by", "people"),
        _refers("library_files", "owner_id", "units"),
    )
    op.create_index("ix_library_files_brought_by", "library_files", ["brought_by", "id"])
    op.create_index(
        "ix_library_files_digest", "library_files", ["jurisdiction", "digest", "owner_id"], unique=True,
        postgresql_where=sa.text("written_at IS NOT NULL"),
    )  # fmt: skip
    _table(
        "saved_views",
        _number("person_id"),
        *_texts("page", "name"),
        sa.Column("asked", JSONB(), nullable=False),
        sa.Column("shared_with", JSONB(), nullable=False),
        _instant("saved_at"),
        _refers("saved_views", "person_id", "people"),
        sa.UniqueConstraint("person_id", "page", "name", name="uq_saved_views_person_id_page_name"),
    )
    op.create_index("ix_saved_views_page", "saved_views", ["jurisdiction", "page"])


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{table}_{column}"
    )
