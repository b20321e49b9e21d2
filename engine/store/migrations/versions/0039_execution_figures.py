"""What is spent of the money of a case, as it is reported through the year, and the files such figures come in."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

FIGURES, FILES = "execution_figures", "execution_files"
MONEY = sa.Numeric(20, 6)
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        FILES,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("brought_by", sa.BigInteger(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True)),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("figures", "left_out")),
        _refers(FILES, "brought_by", "people"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{FILES}"),
        sa.UniqueConstraint("id", "jurisdiction", name=f"uq_{FILES}_id_jurisdiction"),
    )
    op.create_index(f"ix_{FILES}_brought_by", FILES, ["brought_by", "id"])
    op.create_index(
        f"ix_{FILES}_digest", FILES, ["jurisdiction", "digest"], unique=True,
        postgresql_where=sa.text("written_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        FIGURES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("executed_wan", MONEY, nullable=False),
        sa.Column("planned_wan", MONEY),
        sa.Column("lines", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("time_progress", sa.Numeric(7, 6)),
        sa.Column("money_light", sa.Text()),
        sa.Column("reported_by", sa.BigInteger(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.BigInteger()),
        _refers(FIGURES, "case_id", "cases"),
        _refers(FIGURES, "reported_by", "people"),
        _refers(FIGURES, "file_id", FILES),
        sa.PrimaryKeyConstraint("id", name=f"pk_{FIGURES}"),
        sa.UniqueConstraint("case_id", "version", name=f"uq_{FIGURES}_case_id_version"),
    )
    op.create_index(f"ix_{FIGURES}_newest", FIGURES, ["case_id", sa.text("as_of DESC"), sa.text("version DESC")])
    op.create_index(f"ix_{FIGURES}_reported_by", FIGURES, ["reported_by"])
    op.create_index(
        f"ix_{FIGURES}_file", FIGURES, ["file_id"], postgresql_where=sa.text("file_id IS NOT NULL")
    )  # fmt: skip
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {FILES} TO jixiao_app")
    op.execute(f"GRANT SELECT, INSERT, UPDATE (money_light) ON {FIGURES} TO jixiao_app")  # no figure is ever changed
    for table in (FILES, FIGURES):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO jixiao_app USING (jurisdiction = (SELECT tenant()))")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    op.drop_table(FIGURES)
    op.drop_table(FILES)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column, "jurisdiction"], [f"{other}.id", f"{other}.jurisdiction"], name=f"fk_{table}_{column}"
    )
