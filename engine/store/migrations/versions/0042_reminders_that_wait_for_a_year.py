"""Days that have passed wait for a year too, when a reminder after them falls into it."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INDEX, TABLE, COLUMNS = "ix_deadlines_awaits_year", "deadlines", ["jurisdiction", "awaits_year"]


def upgrade() -> None:
    _waiting("state IN ('pending', 'fired') AND awaits_year IS NOT NULL")


def downgrade() -> None:
    _waiting("state = 'pending' AND awaits_year IS NOT NULL")


def _waiting(which: str) -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, COLUMNS, postgresql_where=sa.text(which))
