"""Whether the work a deadline reminds of is still open is asked of that one task.

As “is there such a task” PostgreSQL may read every open task there is to answer for a few rows, at every look of the
clock.
"""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ANY_TASK = "EXISTS (SELECT FROM tasks WHERE tasks.id = deadlines.task_id AND tasks.state = 'open')"
THIS_TASK = "(SELECT tasks.state FROM tasks WHERE tasks.id = deadlines.task_id) = 'open'"


def upgrade() -> None:
    for function in _as_before():
        op.execute(function.replace(ANY_TASK, THIS_TASK))


def downgrade() -> None:
    for function in _as_before():
        op.execute(function)


def _as_before() -> tuple[str, str]:
    environment = op.get_context().environment_context
    assert environment is not None
    before = environment.script.get_revision("0032").module
    return before.DUE_EVERYWHERE, before.NEXT_INSTANT
