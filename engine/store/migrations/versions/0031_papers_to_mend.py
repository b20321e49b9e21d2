"""Which paper a task mends because it was sent back.

Of what is open already it is the version before the one to be filled in, where that one was returned.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MENDED = """
UPDATE tasks SET paper_id = returned.id, doubt_rank = NULL FROM submissions AS returned
WHERE tasks.state = 'open' AND tasks.paper_id IS NULL AND tasks.round > 1
  AND tasks.role IN ('unit_clerk', 'agency') AND returned.case_id = tasks.case_id
  AND returned.item IS NOT DISTINCT FROM tasks.item AND returned.version = tasks.round - 1
  AND returned.state = 'returned'
"""


def upgrade() -> None:
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute(MENDED)
    op.execute("SELECT set_config('app.upkeep', '', true)")


def downgrade() -> None:
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute("UPDATE tasks SET paper_id = NULL WHERE doubt_rank IS NULL")
    op.execute("SELECT set_config('app.upkeep', '', true)")
