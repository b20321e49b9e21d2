"""存疑: fingerprints of long texts, and which waiting papers should be looked at twice.

What waits already is marked when it opens the next time; its texts are not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "paper_texts"
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"
PACKED_COLUMNS = {"paper_id": "uuid", "doubt_rank": "smallint"}
"""They are of work that is open; a packed task has none."""

INDEXES = {
    "ix_tasks_unit": "tasks (unit_id, due_rank, money_rank, id) INCLUDE (jurisdiction, holder_id, case_id) "
    "WHERE state = 'open'",
    "ix_cases_unit_stage": "cases (unit_id, fiscal_year, stage) INCLUDE (jurisdiction)",
    "ix_cases_department_stage": "cases (department_id, fiscal_year, stage) INCLUDE (jurisdiction, unit_id)",
}
"""What is counted of a unit's work and cases is read from these alone."""


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("digest", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", "path", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(
            ["case_id", "jurisdiction"], ["cases.id", "cases.jurisdiction"], name=f"fk_{TABLE}_case_id"
        ),
    )
    op.create_index(f"ix_{TABLE}_digest", TABLE, ["digest", "case_id"])
    op.create_index(f"ix_{TABLE}_case_id", TABLE, ["case_id"])
    op.execute(f"GRANT SELECT, INSERT ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING ({ALLOWED})")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")
    op.add_column("tasks", sa.Column("paper_id", sa.Uuid()))
    op.add_column("tasks", sa.Column("doubt_rank", sa.SmallInteger()))
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute("UPDATE tasks SET doubt_rank = 1 WHERE state = 'open'")
    op.execute("SELECT set_config('app.upkeep', '', true)")
    op.create_index(
        "ix_tasks_doubtful",
        "tasks",
        ["unit_id", "role", "holder_id", "doubt_rank", "due_rank", "money_rank", "id"],
        postgresql_where=sa.text("state = 'open' AND doubt_rank IS NOT NULL"),
        postgresql_include=["jurisdiction"],
    )
    op.execute("DROP INDEX ix_tasks_unit")
    for name, what in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {what}")
    _view(with_them=True)


def downgrade() -> None:
    _view(with_them=False)
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    op.execute(
        "CREATE INDEX ix_tasks_unit ON tasks (unit_id, due_rank, money_rank, id) INCLUDE (jurisdiction) "
        "WHERE state = 'open'"
    )
    op.drop_index("ix_tasks_doubtful", table_name="tasks")
    op.drop_column("tasks", "doubt_rank")
    op.drop_column("tasks", "paper_id")
    op.drop_table(TABLE)


def _view(*, with_them: bool) -> None:
    """Tasks as they lie and as they are packed, told together."""
    environment = op.get_context().environment_context
    assert environment is not None
    told = str(environment.script.get_revision("0010").module.view("tasks"))
    if with_them:
        live, packed = told.split("\nUNION ALL\n")
        live = live.replace(" FROM ", "".join(f", live.{name} AS {name}" for name in PACKED_COLUMNS) + " FROM ", 1)
        nothing = "".join(f", NULL::{kind} AS {name}" for name, kind in PACKED_COLUMNS.items())
        packed = packed.replace(" FROM ", f"{nothing} FROM ", 1)
        told = f"{live}\nUNION ALL\n{packed}"
    op.execute("DROP VIEW all_tasks")
    op.execute(told)
    op.execute("GRANT SELECT ON all_tasks TO jixiao_app")
