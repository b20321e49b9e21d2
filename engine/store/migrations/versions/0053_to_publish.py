"""The cases of a year that have a target or a self-evaluation are found without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

NAME = "ix_cases_to_publish"
THERE = "jsonb_exists_any(forms, '{target,F06}'::text[])"


def upgrade() -> None:
    op.create_index(NAME, "cases", ["jurisdiction", "fiscal_year", "id"], postgresql_where=sa.text(THERE))


def downgrade() -> None:
    op.drop_index(NAME, "cases")
