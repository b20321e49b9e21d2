"""A deadline is late from midnight on; one that has passed may still be reminded of while its task is open.

Days that have passed already remind of nothing more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

REMINDED_BEFORE = "state = 'pending' AND remind_at IS NOT NULL"
REMINDED_NOW = "state IN ('pending', 'fired') AND remind_at IS NOT NULL"
FREE = """(SELECT cases.state FROM cases WHERE cases.id = deadlines.case_id) <> 'suspended'
    AND NOT EXISTS (SELECT FROM incidents WHERE incidents.case_id = deadlines.case_id AND incidents.state = 'open')"""
DUE = f"deadlines.state = 'pending' AND {FREE}"
TO_COME = f"deadlines.state = 'pending' AND remind_at IS NOT NULL AND {FREE}"
AFTERWARDS = f"""deadlines.state = 'fired' AND remind_at >= due_at AND {FREE}
    AND EXISTS (SELECT FROM tasks WHERE tasks.id = deadlines.task_id AND tasks.state = 'open')"""

DUE_EVERYWHERE = f"""
CREATE OR REPLACE FUNCTION due_everywhere(by timestamptz, most integer)
RETURNS TABLE (jurisdiction text, deadline_id uuid, case_id bigint, since timestamptz, reminder boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM (
    (SELECT jurisdiction, id, case_id, due_at AS since, false AS reminder FROM deadlines
     WHERE {DUE} AND due_at <= $1
     ORDER BY due_at, id LIMIT $2)
    UNION ALL
    (SELECT jurisdiction, id, case_id, remind_at, true FROM deadlines
     WHERE {TO_COME} AND remind_at <= $1 AND due_at > $1
     ORDER BY remind_at, id LIMIT $2)
    UNION ALL
    (SELECT jurisdiction, id, case_id, remind_at, true FROM deadlines
     WHERE {AFTERWARDS} AND remind_at <= $1
     ORDER BY remind_at, id LIMIT $2)
  ) all_kinds
  WHERE tenant() = '*'
  ORDER BY since, id LIMIT $2
$$
"""
NEXT_INSTANT = f"""
CREATE OR REPLACE FUNCTION next_instant() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT least(
    (SELECT due_at FROM deadlines WHERE {DUE} ORDER BY due_at LIMIT 1),
    (SELECT remind_at FROM deadlines WHERE {TO_COME} ORDER BY remind_at LIMIT 1),
    (SELECT remind_at FROM deadlines WHERE {AFTERWARDS} ORDER BY remind_at LIMIT 1))
  WHERE tenant() = '*'
$$
"""


def upgrade() -> None:
    _index(REMINDED_NOW)
    _keeping_up(
        "UPDATE deadlines SET due_at = due_at + interval '1 microsecond' WHERE state = 'pending'",
        "UPDATE deadlines SET remind_at = NULL WHERE state = 'fired' AND remind_at IS NOT NULL",
    )
    op.execute(DUE_EVERYWHERE)
    op.execute(NEXT_INSTANT)


def downgrade() -> None:
    environment = op.get_context().environment_context
    assert environment is not None
    before = environment.script.get_revision("0011").module
    for function in (before.DUE_EVERYWHERE, before.NEXT_INSTANT):
        op.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    _keeping_up("UPDATE deadlines SET due_at = due_at - interval '1 microsecond' WHERE state = 'pending'")
    _index(REMINDED_BEFORE)


def _index(which: str) -> None:
    op.drop_index("ix_deadlines_remind", table_name="deadlines")
    op.create_index("ix_deadlines_remind", "deadlines", ["remind_at"], postgresql_where=sa.text(which))


def _keeping_up(*changes: str) -> None:
    """As the owner, in every jurisdiction."""
    op.execute("SELECT set_config('app.upkeep', 'on', true)")
    for change in changes:
        op.execute(change)
    op.execute("SELECT set_config('app.upkeep', '', true)")
