"""Where an effect is used: in the budget drawn up next, or in this year's adjusted one.

Of effects proposed before that nobody was asked; they say nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("result_effects", sa.Column("occasion", sa.Text))


def downgrade() -> None:
    op.drop_column("result_effects", "occasion")
