"""A choice among cases says how it was made; it used to be guessed from its seeds and its size."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EVENTS = {"sample.drawn": "drawn", "evaluation.planned": "planned", "sample.skipped": "skipped"}
"""What the journal of the jurisdiction calls it, and the word from now on."""


def upgrade() -> None:
    op.add_column("samples", sa.Column("way", sa.Text(), nullable=True))
    for event, word in EVENTS.items():
        op.execute(
            sa.text(
                "UPDATE samples SET way = :word FROM journal WHERE journal.case_id = 0 AND journal.type = :event "
                "AND journal.jurisdiction = samples.jurisdiction AND (journal.payload->>'number')::bigint = samples.id"
            ).bindparams(word=word, event=event)
        )
    op.execute(
        "UPDATE samples SET way = CASE WHEN finance_seed <> '' THEN 'drawn' WHEN size > 0 THEN 'planned' "
        "ELSE 'skipped' END WHERE way IS NULL"
    )
    op.alter_column("samples", "way", nullable=False)


def downgrade() -> None:
    op.drop_column("samples", "way")
