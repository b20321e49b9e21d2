"""When both were told that a substitution runs; of one that runs already nobody is told again."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE, COLUMN = "substitutions", "began_at"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(COLUMN, sa.DateTime(timezone=True)))
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute(
        f"UPDATE {TABLE} SET {COLUMN} = statement_timestamp()"
        " WHERE from_on <= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"
    )
    op.execute("SELECT set_config('app.upkeep', '', true)")


def downgrade() -> None:
    op.drop_column(TABLE, COLUMN)
