"""请求接手: requests to take a task over, and their answers; 关注: which cases somebody follows."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

RIGHTS = {"takeover_requests": "SELECT, INSERT, UPDATE", "followed_cases": "SELECT, INSERT, DELETE"}
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    _requests()
    _followed()
    for table, rights in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {table} TO jixiao_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO jixiao_app USING ({ALLOWED})")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    for table in reversed(RIGHTS):
        op.drop_table(table)


def _requests() -> None:
    table = "takeover_requests"
    op.create_table(
        table,
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
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *_same_tenant(table, case_id="cases", holder_id="people", asked_by="people", declined_by="people"),
    )
    op.create_index(f"ix_{table}_task", table, ["task_id"])
    op.create_index(
        f"uq_{table}_waiting",
        table,
        ["jurisdiction", "task_id", "asked_by"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )


def _followed() -> None:
    table = "followed_cases"
    op.create_table(
        table,
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "case_id", name=f"pk_{table}"),
        *_same_tenant(table, person_id="people", case_id="cases"),
    )


def _same_tenant(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{table}_{column}"
        )
        for column, referred in columns.items()
    ]
