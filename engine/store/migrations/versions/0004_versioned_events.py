"""Events have a version and say in which stage they happened; a journal is not emptied either.

Entries from before stay as they are, with NULL in both columns, and hash as they did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal", sa.Column("version", sa.SmallInteger(), nullable=True))
    op.add_column("journal", sa.Column("stage", sa.Text(), nullable=True))
    op.execute(
        "CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER append_only_as_a_whole ON journal")
    op.drop_column("journal", "stage")
    op.drop_column("journal", "version")
