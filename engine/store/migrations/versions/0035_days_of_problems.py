"""Problems found outside letters that are open already get their day of the ledger as a deadline, as new ones do.

One whose day is over is late from the latest moment the journal knows: nobody was to hear of it before.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OPENED_BEFORE = """
INSERT INTO deadlines (
  id, jurisdiction, case_id, name, started_on, due_on, due_at, plan, state, laid_down_on, rectification_id
)
SELECT gen_random_uuid(), jurisdiction, case_id, 'rectification.rectify',
  CASE WHEN due_on < today THEN today ELSE opened_on END,
  due_on, (due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', '{"reminders": []}', 'pending', due_on, id
FROM rectifications CROSS JOIN LATERAL (
  SELECT (coalesce(max(journal.at), now()) AT TIME ZONE 'Asia/Shanghai')::date AS today
  FROM journal WHERE journal.jurisdiction = rectifications.jurisdiction
) AS present
WHERE origin IN ('congress', 'audit', 'monitoring') AND state IN ('open', 'returned') AND due_on IS NOT NULL
  AND NOT EXISTS (SELECT FROM deadlines WHERE deadlines.rectification_id = rectifications.id)
"""
TAKEN_AWAY = "DELETE FROM deadlines WHERE rectification_id IS NOT NULL AND task_id IS NULL AND state = 'pending'"


def upgrade() -> None:
    _keeping_up(OPENED_BEFORE)


def downgrade() -> None:
    _keeping_up(TAKEN_AWAY)


def _keeping_up(change: str) -> None:
    """As the owner, in every jurisdiction."""
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute(change)
    op.execute("SELECT set_config('app.upkeep', '', true)")
