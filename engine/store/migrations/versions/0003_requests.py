"""A key belongs to the person who used it, and to one request; a substitution may be for some offices only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM done_commands")  # keys of requests that nobody can tell apart any more
    op.drop_constraint("pk_done_commands", "done_commands", type_="primary")
    op.add_column("done_commands", sa.Column("person_id", sa.BigInteger(), nullable=False))
    op.add_column("done_commands", sa.Column("fingerprint", sa.LargeBinary(), nullable=False))
    op.alter_column("done_commands", "answer", nullable=True)
    op.create_primary_key("pk_done_commands", "done_commands", ["jurisdiction", "person_id", "key"])
    op.create_index("ix_done_commands_at", "done_commands", ["at"])
    op.add_column("substitutions", sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), nullable=True))


def downgrade() -> None:
    op.drop_column("substitutions", "roles")
    op.execute("DELETE FROM done_commands")
    op.drop_index("ix_done_commands_at", "done_commands")
    op.drop_constraint("pk_done_commands", "done_commands", type_="primary")
    op.alter_column("done_commands", "answer", nullable=False)
    op.drop_column("done_commands", "fingerprint")
    op.drop_column("done_commands", "person_id")
    op.create_primary_key("pk_done_commands", "done_commands", ["jurisdiction", "key"])
