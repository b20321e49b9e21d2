"""When somebody is to be reminded of a deadline next; those of running deadlines that are still to come are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TO_REMIND = "state = 'pending' AND remind_at IS NOT NULL"


def upgrade() -> None:
    op.add_column("deadlines", sa.Column("remind_at", sa.DateTime(timezone=True)))
    op.execute(
        """
        UPDATE deadlines SET remind_at = (
            SELECT min(day::date::timestamp AT TIME ZONE 'Asia/Shanghai')
            FROM jsonb_array_elements_text(plan->'reminders') AS day
            WHERE day::date > (now() AT TIME ZONE 'Asia/Shanghai')::date AND day::date <= due_on
        )
        WHERE state = 'pending' AND jsonb_typeof(plan->'reminders') = 'array'
        """
    )
    op.create_index("ix_deadlines_remind", "deadlines", ["remind_at"], postgresql_where=sa.text(TO_REMIND))


def downgrade() -> None:
    op.drop_index("ix_deadlines_remind", table_name="deadlines")
    op.drop_column("deadlines", "remind_at")
