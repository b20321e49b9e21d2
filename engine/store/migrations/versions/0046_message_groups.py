"""群机器人: groups of 企业微信, 钉钉 and 飞书 notices go to, and each message with what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE, SENDINGS = "message_groups", "sendings"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"
REFERRED = {"unit_id": "units", "person_id": "people", "added_by": "people"}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("robot", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.BigInteger()),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("kinds", JSONB(none_as_null=True), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("id", "jurisdiction", name=f"uq_{TABLE}_id_jurisdiction"),
        sa.CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name=f"ck_{TABLE}_for_one"),
        *(
            sa.ForeignKeyConstraint(
                [column, "jurisdiction"], [f"{table}.id", f"{table}.jurisdiction"], name=f"fk_{TABLE}_{column}"
            )
            for column, table in REFERRED.items()
        ),
    )
    op.create_index(f"ix_{TABLE}_used", TABLE, ["jurisdiction", "id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING (jurisdiction = (SELECT tenant()))")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")
    op.add_column(SENDINGS, sa.Column("group_id", sa.BigInteger()))
    op.create_foreign_key(
        f"fk_{SENDINGS}_group_id", SENDINGS, TABLE, ["group_id", "jurisdiction"], ["id", "jurisdiction"]
    )
    op.drop_constraint(f"uq_{SENDINGS}_notice_id", SENDINGS)
    op.create_index(
        f"uq_{SENDINGS}_mail", SENDINGS, ["notice_id"], unique=True, postgresql_where=sa.text("group_id IS NULL")
    )
    op.create_index(
        f"uq_{SENDINGS}_group", SENDINGS, ["group_id", "notice_id"], unique=True,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        f"ix_{SENDINGS}_group", SENDINGS, ["group_id", "tried_at", "id"],
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute(f"DELETE FROM {SENDINGS} WHERE group_id IS NOT NULL")
    op.execute("SELECT set_config('app.upkeep', '', true)")
    op.drop_index(f"ix_{SENDINGS}_group", SENDINGS)
    op.drop_index(f"uq_{SENDINGS}_group", SENDINGS)
    op.drop_index(f"uq_{SENDINGS}_mail", SENDINGS)
    op.create_unique_constraint(f"uq_{SENDINGS}_notice_id", SENDINGS, ["notice_id"])
    op.drop_column(SENDINGS, "group_id")
    op.drop_table(TABLE)
