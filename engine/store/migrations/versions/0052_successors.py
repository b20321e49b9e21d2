"""A case that ended without a result leaves its object free: the next one of the year names it.

Of an object and year one case on each process at most did not end so; a policy may have its annual one beside the one
about its end. Until now there was one whatever became of it, so cases that are there break no rule.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

OF_A_YEAR = ["jurisdiction", "fiscal_year", "object_kind", "code"]
ONE_A_YEAR = "uq_cases_jurisdiction_fiscal_year_object_kind_code"
ENDED = """
UPDATE cases SET without_result = true
WHERE state = 'cancelled' OR (state = 'closed' AND process = 'case' AND NOT forms ? 'target')
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("without_result", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.add_column("cases", sa.Column("predecessor_id", sa.BigInteger))
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    op.execute(ENDED)
    op.execute("SELECT set_config('app.upkeep', '', true)")
    op.drop_constraint(ONE_A_YEAR, "cases")
    op.create_index(
        "uq_cases_of_a_year", "cases", [*OF_A_YEAR, "process"], unique=True,
        postgresql_where=sa.text("NOT without_result"),
    )  # fmt: skip
    op.create_index("ix_cases_without_result", "cases", OF_A_YEAR, postgresql_where=sa.text("without_result"))
    op.create_index(
        "ix_cases_predecessor", "cases", ["predecessor_id"], postgresql_where=sa.text("predecessor_id IS NOT NULL")
    )
    op.create_foreign_key(
        "fk_cases_predecessor_id", "cases", "cases",
        ["predecessor_id", "jurisdiction"], ["id", "jurisdiction"],
    )  # fmt: skip


def downgrade() -> None:
    op.drop_constraint("fk_cases_predecessor_id", "cases", type_="foreignkey")
    for index in ("ix_cases_predecessor", "ix_cases_without_result", "uq_cases_of_a_year"):
        op.drop_index(index, "cases")
    op.create_unique_constraint(ONE_A_YEAR, "cases", OF_A_YEAR)
    op.drop_column("cases", "predecessor_id")
    op.drop_column("cases", "without_result")
