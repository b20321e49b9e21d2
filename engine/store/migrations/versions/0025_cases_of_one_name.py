"""存疑: the objects of a year that have the same name, found by their index."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_name", "cases", ["jurisdiction", "fiscal_year", "name", "id"])


def downgrade() -> None:
    op.drop_index("ix_cases_name", "cases")
