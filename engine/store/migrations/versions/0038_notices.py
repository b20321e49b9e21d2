"""What people are told: a notice for each of them and each thing that happened."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLE = "notices"
KEEPS_UP = "current_user <> session_user OR current_setting('app.upkeep', true) = 'on'"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.BigInteger()),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint("id", "jurisdiction", name=f"uq_{TABLE}_id_jurisdiction"),
        sa.UniqueConstraint(
            "person_id", "kind", "case_id", "seq",
            name=f"uq_{TABLE}_person_id_kind_case_id_seq", postgresql_nulls_not_distinct=True,
        ),
        *(
            sa.ForeignKeyConstraint(
                [column, "jurisdiction"], [f"{referred}.id", f"{referred}.jurisdiction"], name=f"fk_{TABLE}_{column}"
            )
            for column, referred in (("person_id", "people"), ("case_id", "cases"))
        ),
    )  # fmt: skip
    a_day = sa.text("((made_at AT TIME ZONE 'Asia/Shanghai')::date)")
    op.create_index(f"uq_{TABLE}_a_day", TABLE, ["person_id", "task_id", "words", a_day], unique=True)
    op.create_index(f"ix_{TABLE}_newest", TABLE, ["person_id", "id"])
    op.create_index(f"ix_{TABLE}_unread", TABLE, ["person_id"], postgresql_where=sa.text("read_at IS NULL"))
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {TABLE} TO jixiao_app")
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {TABLE} TO jixiao_app USING (jurisdiction = (SELECT tenant()))")
    op.execute(f"CREATE POLICY upkeep ON {TABLE} TO CURRENT_USER USING ({KEEPS_UP})")


def downgrade() -> None:
    op.drop_table(TABLE)
