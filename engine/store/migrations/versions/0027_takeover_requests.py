"""请求接手: requests to take a task over, and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLE = "takeover_requests"
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True)),
        sa.Column("declined_by", sa.BigInteger()),
        sa.Column("answer", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        *(
            sa.ForeignKeyConstraint(
                [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{TABLE}_{column}"
            )
            for column, referred in (
                ("case_id", "cases"), ("holder_id", "people"), ("asked_by", "people"), ("declined_by", "people"),
            )
        ),
    )  # fmt: skip
    op.create_index(f"ix_{TABLE}_task", TABLE, ["task_id"])
    op.create_index(
        f"uq_{TABLE}_waiting",
        TABLE,
        ["jurisdiction", "task_id", "asked_by"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING ({ALLOWED})")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    op.drop_table(TABLE)
