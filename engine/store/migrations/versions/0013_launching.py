"""A day finance gives with a launch, draws prepared by two people, and who was reminded of what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RIGHTS = {"samplings": "SELECT, INSERT, UPDATE", "reminders": "SELECT, INSERT"}
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.add_column("launches", sa.Column("due_on", sa.Date()))
    op.add_column("launches", sa.Column("due_reason", sa.Text()))
    _samplings()
    _reminders()
    for table, rights in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {table} TO jixiao_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO jixiao_app USING ({ALLOWED})")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    for table in reversed(RIGHTS):
        op.drop_table(table)
    for column in ("due_reason", "due_on"):
        op.drop_column("launches", column)


def _samplings() -> None:
    _table(
        "samplings",
        sa.Column("fiscal_year", sa.SmallInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("organizer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("frame", JSONB(), nullable=False),
        sa.Column("frame_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        _instant("opened_at"),
        *(part for side in ("handler", "supervisor") for part in _seed(side)),
        sa.Column("sample_id", sa.BigInteger()),
        sa.Column("voided_by", sa.BigInteger()),
        _instant("voided_at", nullable=True),
        sa.Column("void_reason", sa.Text()),
        *(
            _refers("samplings", column, "people")
            for column in ("opened_by", "handler_id", "supervisor_id", "voided_by")
        ),
    )
    op.create_index("ix_samplings_list", "samplings", ["jurisdiction", "fiscal_year", "id"])
    op.create_index(
        "uq_samplings_open", "samplings", ["jurisdiction", "fiscal_year", "purpose"], unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip


def _seed(side: str) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(f"{side}_seed", sa.Text()),
        sa.Column(f"{side}_id", sa.BigInteger()),
        _instant(f"{side}_at", nullable=True),
    )


def _reminders() -> None:
    _table(
        "reminders",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("to_head", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reminded_by", sa.BigInteger(), nullable=False),
        _instant("reminded_at"),
        _refers("reminders", "case_id", "cases"),
        _refers("reminders", "unit_id", "units"),
        _refers("reminders", "person_id", "people"),
        _refers("reminders", "reminded_by", "people"),
        sa.UniqueConstraint("task_id", "number", name="uq_reminders_task_id_number"),
    )
    op.create_index("ix_reminders_unit", "reminders", ["unit_id", "id"])


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{table}_{column}"
    )
