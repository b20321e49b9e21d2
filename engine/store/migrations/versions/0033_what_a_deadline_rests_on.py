"""What a deadline rests on: the row and the calendar it was counted with, and the day laid down first.

One whose day falls into a year nobody confirmed has no day yet; one of a timer has no consequence of its own. Those
that are there already say nothing of it. Of the working calendar every version in force is kept.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE = "calendar_versions"
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"
COLUMNS = {
    "row_id": "text",
    "calendar": "text",
    "laid_down_on": "date",
    "working_days": "smallint",
    "awaits_year": "smallint",
    "interrupting": "boolean",
    "rectification_id": "bigint",
}
OPTIONAL = ("due_on", "due_at", "consequence")
PACKED_LAST = "live.closed_at"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction", "version", name=f"pk_{TABLE}"),
    )
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING ({ALLOWED})")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")
    op.create_unique_constraint("uq_rectifications_id_jurisdiction", "rectifications", ["id", "jurisdiction"])
    op.execute("DROP VIEW all_deadlines")
    for column in OPTIONAL:
        op.alter_column("deadlines", column, nullable=True)
    for column, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE deadlines ADD COLUMN {column} {kind}")
        op.execute(f"ALTER TYPE packed_deadline ADD ATTRIBUTE {column} {kind} CASCADE")
    op.create_foreign_key(
        "fk_deadlines_rectification_id", "deadlines", "rectifications", ["rectification_id", "jurisdiction"],
        ["id", "jurisdiction"],
    )  # fmt: skip
    op.create_check_constraint(
        op.f("ck_deadlines_dated_or_waiting"), "deadlines", "due_on IS NOT NULL OR awaits_year IS NOT NULL"
    )
    op.create_check_constraint(op.f("ck_deadlines_day_and_instant"), "deadlines", "(due_on IS NULL) = (due_at IS NULL)")
    op.create_index(
        "ix_deadlines_awaits_year", "deadlines", ["jurisdiction", "awaits_year"],
        postgresql_where=sa.text("state = 'pending' AND awaits_year IS NOT NULL"),
    )  # fmt: skip
    packed = "".join(f", live.{column}" for column in COLUMNS)
    _packing(PACKED_LAST, PACKED_LAST + packed)
    _view(with_them=True)


def downgrade() -> None:
    op.execute("DROP VIEW all_deadlines")
    packed = "".join(f", live.{column}" for column in COLUMNS)
    _packing(PACKED_LAST + packed, PACKED_LAST)
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute("DELETE FROM deadlines WHERE due_on IS NULL")
    op.execute("UPDATE deadlines SET consequence = 'remind' WHERE consequence IS NULL")
    op.execute("SELECT set_config('app.upkeep', '', true)")
    op.drop_index("ix_deadlines_awaits_year", table_name="deadlines")
    for column in COLUMNS:
        op.execute(f"ALTER TYPE packed_deadline DROP ATTRIBUTE {column} CASCADE")
    op.drop_constraint("ck_deadlines_dated_or_waiting", "deadlines")
    op.drop_constraint("ck_deadlines_day_and_instant", "deadlines")
    for column in COLUMNS:
        op.drop_column("deadlines", column)
    for column in OPTIONAL:
        op.alter_column("deadlines", column, nullable=False)
    op.drop_constraint("uq_rectifications_id_jurisdiction", "rectifications")
    _view(with_them=False)
    op.drop_table(TABLE)


def _packing(before: str, now: str) -> None:
    """What packs a case that is over packs these columns of its deadlines."""
    function = str(op.get_bind().scalar(sa.text("SELECT pg_get_functiondef('archive_case(bigint)'::regprocedure)")))
    told = f"{before})::packed_deadline"
    assert function.count(told) == 1
    op.execute(function.replace(told, f"{now})::packed_deadline"))


def _view(*, with_them: bool) -> None:
    """Deadlines as they lie and as they are packed, told together."""
    told = str(_of_0010().view("deadlines"))
    if with_them:
        live, packed = told.split("\nUNION ALL\n")
        told = f"{_and_them(live, 'live')}\nUNION ALL\n{_and_them(packed, 'packed')}"
    op.execute(told)
    op.execute("GRANT SELECT ON all_deadlines TO jixiao_app")


def _and_them(select: str, source: str) -> str:
    return select.replace(" FROM ", "".join(f", {source}.{name} AS {name}" for name in COLUMNS) + " FROM ", 1)


def _of_0010() -> Any:
    environment = op.get_context().environment_context
    assert environment is not None
    return environment.script.get_revision("0010").module
