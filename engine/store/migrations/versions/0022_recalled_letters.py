"""收回并重发: when a letter was taken back, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("recalled_at", sa.DateTime(timezone=True)))
    op.add_column("letters", sa.Column("recalled_by", sa.BigInteger()))
    op.add_column("letters", sa.Column("recall_reason", sa.Text()))
    op.create_foreign_key(
        "fk_letters_recalled_by", "letters", "people", ["recalled_by", "jurisdiction"], ["id", "jurisdiction"]
    )


def downgrade() -> None:
    op.drop_constraint("fk_letters_recalled_by", "letters")
    for column in ("recall_reason", "recalled_by", "recalled_at"):
        op.drop_column("letters", column)
