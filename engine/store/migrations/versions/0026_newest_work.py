"""What came onto a desk last."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_tasks_newest",
        "tasks",
        ["unit_id", "role", "holder_id", "opened_at", "id"],
        postgresql_where=sa.text("state = 'open'"),
        postgresql_include=["jurisdiction"],
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_newest", table_name="tasks")
