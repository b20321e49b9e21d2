"""Jobs that are deferred with a change and carried by whoever works: procrastinate's tables, in a schema of their own.

A transaction of a tenant may leave a job of its own jurisdiction there, by `defer_job`, and sees nothing; only a
connection that serves the clock takes jobs up.
"""

from importlib.metadata import files

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SCHEMA = "procrastinate"
LIBRARYS = next(each for each in files("procrastinate") or () if each.as_posix() == "procrastinate/sql/schema.sql")
"""The library's own file, as the pinned version brings it; a test holds its digest."""
TABLES = ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers", "procrastinate_periodic_defers")

NOBODY_LISTENS = """
ALTER TABLE procrastinate.procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1;
ALTER TABLE procrastinate.procrastinate_jobs DISABLE TRIGGER procrastinate_trigger_status_events_insert_v1;
ALTER TABLE procrastinate.procrastinate_jobs DISABLE TRIGGER procrastinate_trigger_status_events_update_v1;
ALTER TABLE procrastinate.procrastinate_jobs DISABLE TRIGGER procrastinate_trigger_scheduled_events_v1;
"""
"""Commits that notify wait for each other, one at a time; workers look every second instead. What became of a job that
is done is told by what it did, so no list of its states is written."""

DEFER = """
CREATE FUNCTION public.defer_job(task text, args jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = procrastinate, pg_temp AS $$
BEGIN
  IF session_user <> current_user AND args->>'jurisdiction' IS DISTINCT FROM public.tenant() THEN
    RAISE EXCEPTION 'a job is of the jurisdiction that leaves it' USING ERRCODE = '42501';
  END IF;
  RETURN (procrastinate_defer_jobs_v1(
    ARRAY[ROW('jixiao', task, 0, NULL, NULL, args, NULL)::procrastinate_job_to_defer_v1]))[1];
END $$
"""
WITH_FUNCTIONS = "ALL FUNCTIONS IN SCHEMA procrastinate"


def upgrade() -> None:
    op.execute(f"CREATE SCHEMA {SCHEMA}")
    _as_it_is(f"SET LOCAL search_path = {SCHEMA}; {LIBRARYS.read_text()}; SET LOCAL search_path TO DEFAULT")
    _as_it_is(NOBODY_LISTENS)
    op.execute(f"REVOKE ALL ON {WITH_FUNCTIONS} FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO jixiao_app")
    op.execute(f"GRANT EXECUTE ON {WITH_FUNCTIONS} TO jixiao_app")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO jixiao_app")
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {SCHEMA}.{table} TO jixiao_app")
        op.execute(f"ALTER TABLE {SCHEMA}.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY clock ON {SCHEMA}.{table} TO jixiao_app USING ((SELECT public.tenant()) = '*')"
        )  # fmt: skip
    op.execute(DEFER)
    op.execute("REVOKE ALL ON FUNCTION public.defer_job(text, jsonb) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION public.defer_job(text, jsonb) TO jixiao_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION public.defer_job(text, jsonb)")
    op.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _as_it_is(statements: str) -> None:
    """Several statements, with signs that are none of ours."""
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
