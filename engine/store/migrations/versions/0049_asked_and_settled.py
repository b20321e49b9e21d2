"""What was asked for and what was found right, beside the amount in force: so 核减额 is told per project and year.

Of earlier cases the request is the amount they began with; until now nothing else could be approved, so what was
approved is the same.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

COLUMNS = ("asked_wan", "settled_wan")
ASKED = """
UPDATE cases SET asked_wan = (started.payload->>'amount_wan')::numeric FROM all_journal started
WHERE started.jurisdiction = cases.jurisdiction AND started.case_id = cases.id AND started.type = 'case.started'
"""
SETTLED = "UPDATE cases SET settled_wan = asked_wan WHERE forms ? 'target'"


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("cases", sa.Column(name, sa.Numeric(20, 6)))
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute(ASKED)
    op.execute(SETTLED)
    op.execute("SELECT set_config('app.upkeep', '', true)")


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("cases", name)
