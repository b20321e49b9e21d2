"""申请补报: a request may be about a step that a deadline took away; what a granted one opened is kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "extension_requests"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("kind", sa.Text(), nullable=False, server_default="extension"))
    op.alter_column(TABLE, "kind", server_default=None)
    op.add_column(TABLE, sa.Column("opened_task_id", sa.Uuid()))


def downgrade() -> None:
    op.drop_column(TABLE, "opened_task_id")
    op.execute(f"DELETE FROM {TABLE} WHERE kind <> 'extension'")
    op.drop_column(TABLE, "kind")
