"""What a row of F12 makes of the proposed effect it names: which effect it became, and who approved an exception.

Effects of lists decided as a whole keep their word; what became of each is written in the list.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

COLUMNS = ("settled_as", "approved_by")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("result_effects", sa.Column(name, sa.Text))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("result_effects", name)
