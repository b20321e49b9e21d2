"""动态口令: whether administrators and those who sign must have one, a row for each jurisdiction that says so."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE = "sign_in_rules"
ALLOWED = "jurisdiction = (SELECT tenant())"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(
            ["set_by", "jurisdiction"], ["people.id", "people.jurisdiction"], name=f"fk_{TABLE}_set_by"
        ),
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING ({ALLOWED})")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    op.drop_table(TABLE)
