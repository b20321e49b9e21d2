"""通知设置: who wants which notices by mail; and every mail with what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

WISHES, SENDINGS = "mail_wishes", "sendings"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        WISHES,
        sa.Column("person_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("kinds", JSONB(none_as_null=True), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger()),
        sa.Column("quiet_until", sa.SmallInteger()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=f"pk_{WISHES}"),
        *_same_tenant(WISHES, person_id="people"),
    )
    op.create_table(
        SENDINGS,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=f"pk_{SENDINGS}"),
        sa.UniqueConstraint("notice_id", name=f"uq_{SENDINGS}_notice_id"),
        *_same_tenant(SENDINGS, person_id="people", notice_id="notices"),
    )
    op.create_index(
        f"ix_{SENDINGS}_waiting", SENDINGS, ["jurisdiction", "not_before", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    op.create_index(f"ix_{SENDINGS}_person", SENDINGS, ["person_id", "id"])
    for table in (WISHES, SENDINGS):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO jixiao_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} TO jixiao_app USING (jurisdiction = (SELECT tenant()))")
        op.execute(f"CREATE POLICY upkeep ON {table} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    op.drop_table(SENDINGS)
    op.drop_table(WISHES)


def _same_tenant(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{table}_{column}"
        )
        for column, referred in columns.items()
    ]
