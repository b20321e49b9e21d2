"""The ledger says which office a late problem has reached."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rectifications", sa.Column("escalated_to", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("rectifications", "escalated_to")
