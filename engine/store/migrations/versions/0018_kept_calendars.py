"""工作日历: writings of a year's days by a jurisdiction, a draft until a second person confirms it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "calendar_editions"
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("drafted_by", sa.BigInteger(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger()),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        *(
            sa.ForeignKeyConstraint(
                [column, "jurisdiction"], ["people.id", "people.jurisdiction"], name=f"fk_{TABLE}_{column}"
            )
            for column in ("drafted_by", "confirmed_by")
        ),
        sa.CheckConstraint("drafted_by <> confirmed_by", name="ck_calendar_editions_two_people"),
    )
    for state in ("draft", "confirmed"):
        op.create_index(
            f"uq_{TABLE}_{state}", TABLE, ["jurisdiction", "year"], unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )  # fmt: skip
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING ({ALLOWED})")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")
    op.execute(
        f"CREATE TRIGGER watched AFTER UPDATE OF state OR DELETE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
