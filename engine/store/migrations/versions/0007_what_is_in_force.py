"""Which definitions are in force is said once for all servers, and a number tells each when to look again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WATCHED = {
    "definitions": "INSERT OR UPDATE OR DELETE",
    "calendars": "INSERT OR UPDATE OR DELETE",
    "units": "UPDATE OF name",
}
COUNT = """
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN UPDATE shelf SET number = number + 1; RETURN NULL; END $$
"""


def upgrade() -> None:
    op.add_column("definitions", sa.Column("turn", sa.BigInteger(), nullable=True))
    op.execute("UPDATE definitions SET turn = id")
    op.alter_column("definitions", "turn", nullable=False)
    op.create_table(
        "shelf",
        sa.Column("only", sa.Boolean(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_shelf")),
    )
    op.execute("INSERT INTO shelf VALUES (true, 1)")
    op.execute("GRANT SELECT ON shelf TO jixiao_app")
    op.execute(COUNT)
    for table, change in WATCHED.items():
        op.execute(
            f"CREATE TRIGGER watched AFTER {change} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION count_change()"
        )


def downgrade() -> None:
    for table in WATCHED:
        op.execute(f"DROP TRIGGER watched ON {table}")
    op.execute("DROP FUNCTION count_change()")
    op.drop_table("shelf")
    op.drop_column("definitions", "turn")
