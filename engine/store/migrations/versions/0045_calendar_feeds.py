"""手机日历: the address at which one's calendar is read, and what it was told last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "calendar_feeds"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("person_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("told", JSONB(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("digest", name=f"uq_{TABLE}_digest"),
        sa.ForeignKeyConstraint(
            ["person_id", "jurisdiction"], ["people.id", "people.jurisdiction"], name=f"fk_{TABLE}_person_id"
        ),
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING (jurisdiction = (SELECT tenant()))")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    op.drop_table(TABLE)
