"""Keys of one letter: on or off, kept with the account."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("letter_keys", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("accounts", "letter_keys", server_default=None)


def downgrade() -> None:
    op.drop_column("accounts", "letter_keys")
