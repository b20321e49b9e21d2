"""查毒: what a virus scanner said of an attached file, when it was last asked, and what it told with it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE = "attachments"
INDEX = "ix_attachments_not_clean"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("scan", sa.Text(), nullable=False, server_default="unasked"))
    op.alter_column(TABLE, "scan", server_default=None)
    op.add_column(TABLE, sa.Column("scanned_at", sa.DateTime(timezone=True)))
    op.add_column(TABLE, sa.Column("scan_told", sa.Text()))
    op.create_index(
        INDEX, TABLE, ["jurisdiction", "scan", "scanned_at", "id"], postgresql_where=sa.text("scan <> 'clean'")
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    for column in ("scan_told", "scanned_at", "scan"):
        op.drop_column(TABLE, column)
