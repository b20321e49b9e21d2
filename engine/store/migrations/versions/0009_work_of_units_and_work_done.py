"""What a unit has to do, whoever holds it, and what somebody did: an index for each list."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DONE = {"ix_tasks_done": "completed_by", "ix_tasks_done_for": "acting_for"}


def upgrade() -> None:
    op.create_index(
        "ix_tasks_unit", "tasks", ["unit_id", "due_rank", "money_rank", "id"],
        postgresql_where=sa.text("state = 'open'"), postgresql_include=["jurisdiction"],
    )  # fmt: skip
    for name, who in DONE.items():
        op.create_index(name, "tasks", [who, "completed_at", "id"], postgresql_where=sa.text(f"{who} IS NOT NULL"))


def downgrade() -> None:
    for name in ("ix_tasks_unit", *DONE):
        op.drop_index(name, table_name="tasks")
