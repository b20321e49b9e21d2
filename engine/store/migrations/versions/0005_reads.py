"""What lists are ordered and found by: money of an open task, words to search a case by, an index for every list."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_cases_year", "cases", ("jurisdiction", "fiscal_year", "id"), None),
    ("ix_cases_unit", "cases", ("unit_id", "fiscal_year", "id"), None),
    ("ix_cases_department", "cases", ("department_id", "fiscal_year", "id"), None),
    ("ix_cases_agency", "cases", ("agency_id", "id"), "agency_id IS NOT NULL"),
    ("ix_cases_suspended", "cases", ("jurisdiction", "id"), "state = 'suspended'"),
    ("ix_incidents_open", "incidents", ("jurisdiction", "id"), "state = 'open'"),
    ("ix_tasks_desk", "tasks", ("unit_id", "role", "holder_id", "due_rank", "money_rank", "id"), "state = 'open'"),
    ("ix_tasks_due", "tasks", ("jurisdiction", "due_on", "id"), "state = 'open'"),
    ("ix_deadlines_board", "deadlines", ("jurisdiction", "due_at", "id"), "state = 'pending'"),
    ("ix_deadlines_past", "deadlines", ("case_id",), "state IN ('met', 'fired', 'dropped')"),
    ("ix_letters_list", "letters", ("jurisdiction", "id"), None),
    ("ix_rectifications_ledger", "rectifications", ("jurisdiction", "id"), None),
    ("ix_rectifications_unit", "rectifications", ("unit_id", "id"), None),
    ("ix_result_effects_list", "result_effects", ("jurisdiction", "budget_year", "id"), None),
    ("ix_deliberations_list", "deliberations", ("jurisdiction", "fiscal_year", "id"), None),
    ("ix_disclosures_list", "disclosures", ("jurisdiction", "id"), None),
    ("ix_samples_list", "samples", ("jurisdiction", "fiscal_year", "id"), None),
    ("ix_assignments_list", "assignments", ("jurisdiction", "id"), None),
    ("ix_assignments_agency", "assignments", ("agency_id", "id"), None),
    ("ix_launches_list", "launches", ("jurisdiction", "fiscal_year", "id"), None),
    ("ix_appointments_office", "appointments", ("unit_id", "role"), None),
)
DUE_RANK = "COALESCE(due_on, '9999-12-31'::date)"
MONEY_RANK = "(- (LEAST(amount_wan, 9000000000000::numeric) * 1000000::numeric))::bigint"


def upgrade() -> None:
    op.add_column("cases", sa.Column("search", sa.Text(), server_default="", nullable=False))
    op.add_column("tasks", sa.Column("amount_wan", sa.Numeric(20, 6), server_default="0", nullable=False))
    op.execute("UPDATE tasks SET amount_wan = cases.amount_wan FROM cases WHERE cases.id = tasks.case_id")
    for name, type_, computed in (("due_rank", sa.Date(), DUE_RANK), ("money_rank", sa.BigInteger(), MONEY_RANK)):
        op.add_column("tasks", sa.Column(name, type_, sa.Computed(computed, persisted=True), nullable=False))
    _fill_search()
    op.drop_index("ix_tasks_open", table_name="tasks")
    for name, table, columns, where in INDEXES:
        op.create_index(
            name,
            table,
            list(columns),
            postgresql_where=sa.text(where) if where else None,
            postgresql_include=["jurisdiction"] if name == "ix_tasks_desk" else None,
        )


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.create_index("ix_tasks_open", "tasks", ["unit_id", "role", "due_on"], postgresql_where=sa.text("state = 'open'"))
    for column in ("money_rank", "due_rank", "amount_wan"):
        op.drop_column("tasks", column)
    op.drop_column("cases", "search")


def _fill_search() -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT id, code, name FROM cases")).all()
    if not found:
        return
    from pypinyin import Style, lazy_pinyin

    for id_, code, name in found:
        words = f"{code} {name} {''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))}".lower()
        connection.execute(sa.text("UPDATE cases SET search = :words WHERE id = :id"), {"words": words, "id": id_})
