"""大字: kept with the account."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("large_type", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("accounts", "large_type", server_default=None)


def downgrade() -> None:
    op.drop_column("accounts", "large_type")
