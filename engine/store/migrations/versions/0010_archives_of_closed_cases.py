"""The history of a case that is over lies packed in one row; views tell it together with what is still in rows.

A packed table is an array of a row type of its own, so every value keeps its type; JSON is kept as text, which
compresses a fifth better and is the same JSONB when it is read. Cases that are over already are packed here.
"""

from collections.abc import Iterable

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PACKED = {
    "journal": """packed_entry:
        id bigint, seq bigint, type text, payload json, by bigint, acting_for bigint, at timestamptz, hash bytea,
        version smallint, stage text""",
    "tasks": """packed_task:
        id uuid, process text, element text, item text, role text, unit_id bigint, holder_id bigint, state text,
        round smallint, opened_at timestamptz, due_on date, amount_wan numeric, completed_at timestamptz,
        completed_by bigint, acting_for bigint, outcome text""",
    "deadlines": """packed_deadline:
        id uuid, task_id uuid, timer bytea, name text, started_on date, due_on date, due_at timestamptz,
        remind_at timestamptz, plan json, consequence text, state text, closed_at timestamptz""",
    "reviews": """packed_review:
        id uuid, task_id uuid, submission_id uuid, outcome text, reason text, remarks json, by bigint,
        at timestamptz""",
    "submissions": """packed_submission:
        id uuid, task_id uuid, stage text, form text, item text, version smallint, state text, content json,
        filled_by bigint, filled_at timestamptz, submitted_by bigint, submitted_at timestamptz,
        frozen_at timestamptz""",
    "scores": """packed_score:
        id uuid, submission_id uuid, kind text, total numeric, method text, grade text, basis json,
        scored_at timestamptz""",
    "drafts": """packed_draft:
        task_id uuid, version smallint, content json, saved_by bigint, saved_at timestamptz""",
}
"""Table → its row type and the columns packed; jurisdiction and case stand in the archive once."""

COMPUTED = {
    "tasks": {
        "due_rank": "COALESCE(packed.due_on, '9999-12-31'::date)",
        "money_rank": "(- (LEAST(packed.amount_wan, 9000000000000::numeric) * 1000000::numeric))::bigint",
    }
}
"""Columns PostgreSQL computes from others; they are computed again."""

ARCHIVED = {
    "journal": ("jurisdiction = archive.jurisdiction AND case_id = archived", "seq"),
    "tasks": ("case_id = archived AND state <> 'open'", "opened_at, ctid"),
    "deadlines": ("case_id = archived AND state IN ('met', 'fired', 'dropped')", "started_on, ctid"),
    "reviews": ("case_id = archived", "at, ctid"),
    "submissions": ("case_id = archived AND id <> ALL (kept_papers)", "form, item, version, ctid"),
    "scores": ("case_id = archived AND id <> ALL (kept_scores)", "scored_at, ctid"),
    "drafts": ("task_id IN (SELECT id FROM tasks WHERE case_id = archived AND state <> 'open')", "task_id"),
}
"""Which rows of a case are packed, in which order: what is alike lies side by side and compresses well; what is of the
same instant stays in the order in which it was written."""

KEY = "('x' || left({id}::text, 8))::bit(32)::int"
"""The first four bytes of an id: what an archive is looked up by."""


def row_type(table: str) -> str:
    return PACKED[table].partition(":")[0]


def columns(table: str) -> list[tuple[str, str]]:
    """Name and type of every packed column."""
    told = PACKED[table].partition(":")[2].split(",")
    return [(name, kind) for name, kind in map(str.split, told)]


def packed_as(table: str, source: str) -> str:
    """One row as its row type."""
    cells = (f"{source}.{name}::text::json" if kind == "json" else f"{source}.{name}" for name, kind in columns(table))
    return f"ROW({', '.join(cells)})::{row_type(table)}"


def unpacked(table: str) -> dict[str, str]:
    """Column → how it is read out of `packed`."""
    told = {name: f"packed.{name}::jsonb" if kind == "json" else f"packed.{name}" for name, kind in columns(table)}
    return told | COMPUTED.get(table, {})


def view(table: str) -> str:
    """Rows as they lie, and those of the archives as if they lay there; a draft is told with its case."""
    told = unpacked(table)
    live = {name: f"live.{name}" for name in ("case_id", "jurisdiction", *told)}
    source = f"{table} live"
    if table == "drafts":
        live["case_id"], source = "tasks.case_id", "drafts live JOIN tasks ON tasks.id = live.task_id"
    archived = {"case_id": "archive.case_id", "jurisdiction": "archive.jurisdiction", **told}
    return (
        f"CREATE VIEW all_{table} WITH (security_invoker) AS\n"
        f"SELECT {_named(live)} FROM {source}\nUNION ALL\n"
        f"SELECT {_named(archived)} FROM case_archives archive CROSS JOIN LATERAL unnest(archive.{table}) packed"
    )


def _named(cells: dict[str, str]) -> str:
    return ", ".join(f"{cell} AS {name}" for name, cell in cells.items())


def packing(table: str) -> str:
    which, order = ARCHIVED[table]
    return f"ARRAY(SELECT {packed_as(table, 'live')} FROM {table} live WHERE {which} ORDER BY {order})"


def _removing() -> Iterable[str]:
    """A row goes only when it was packed; what points to another goes first."""
    for table in ("drafts", "scores", "submissions", "reviews", "deadlines", "tasks", "journal"):
        key = "task_id" if table == "drafts" else "id"
        yield f"DELETE FROM {table} live USING unnest(archive.{table}) packed WHERE live.{key} = packed.{key};"


def archive_case() -> str:
    """What packs a case that is over, for whoever may work in its jurisdiction, and nothing else."""
    keys = "\n    UNION ALL ".join(
        f"SELECT {KEY.format(id='id')} FROM unnest(archive.{table})" for table in ("tasks", "deadlines", "submissions")
    )
    packed = "\n  ".join(f"archive.{table} := {packing(table)};" for table in PACKED)
    removing = "\n  ".join(_removing())
    return f"""
CREATE FUNCTION archive_case(archived bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  archive case_archives;
  kept_scores uuid[];
  kept_papers uuid[];
BEGIN
  SELECT id, jurisdiction, coalesce(closed_at, now()) INTO archive.case_id, archive.jurisdiction, archive.archived_at
  FROM cases WHERE id = archived AND state IN ('closed', 'cancelled')
    AND current_setting('app.jurisdiction', true) IN (jurisdiction, '*') FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'case % is not over, or not a case of this tenant', archived USING ERRCODE = '42501';
  END IF;
  -- nobody saves a draft or judges a paper between the packing and the removing
  PERFORM FROM tasks WHERE case_id = archived FOR UPDATE;
  PERFORM FROM drafts JOIN tasks ON tasks.id = drafts.task_id WHERE tasks.case_id = archived FOR UPDATE OF drafts;
  -- of each kind the score that counts stays in its row with the paper it is of: the counts of a year join them
  kept_scores := ARRAY(
    SELECT DISTINCT ON (scores.kind) scores.id FROM scores JOIN submissions ON submissions.id = scores.submission_id
    WHERE scores.case_id = archived AND submissions.state NOT IN ('returned', 'withdrawn')
    ORDER BY scores.kind, scores.scored_at DESC, submissions.version DESC);
  kept_papers := ARRAY(SELECT submission_id FROM scores WHERE id = ANY (kept_scores));
  {packed}
  SELECT coalesce(max(seq), 0), max(at) INTO archive.last_seq, archive.last_at FROM unnest(archive.journal);
  archive.head := (SELECT hash FROM unnest(archive.journal) ORDER BY seq DESC LIMIT 1);
  archive.keys := ARRAY({keys});
  INSERT INTO case_archives SELECT archive.*;
  {removing}
END $$
"""


ARCHIVED_CASE = f"""
CREATE FUNCTION archived_case(of_id uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT case_id FROM case_archives
  WHERE keys @> ARRAY[{KEY.format(id="of_id")}]
    AND current_setting('app.jurisdiction', true) IN (jurisdiction, '*')
    AND (EXISTS (SELECT FROM unnest(tasks) WHERE id = of_id)
      OR EXISTS (SELECT FROM unnest(deadlines) WHERE id = of_id)
      OR EXISTS (SELECT FROM unnest(submissions) WHERE id = of_id))
  LIMIT 1
$$
"""
"""The case of a task, deadline or version that is packed. As the owner, because under row-level security PostgreSQL
uses no index over an array."""

REFUSE_LOSS = f"""
CREATE FUNCTION refuse_journal_loss() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT jurisdiction, case_id, {", ".join(name for name, _ in columns("journal"))} FROM gone
    EXCEPT
    SELECT archive.jurisdiction, archive.case_id, {", ".join(unpacked("journal").values())}
    FROM case_archives archive CROSS JOIN LATERAL unnest(archive.journal) packed
    WHERE archive.case_id IN (SELECT case_id FROM gone)
  ) THEN
    RAISE EXCEPTION 'the journal is append-only';
  END IF;
  RETURN NULL;
END $$
"""
"""An entry may leave the journal only when an archive holds the very same one."""

GUARDS = (
    "DROP TRIGGER append_only ON journal",
    "CREATE TRIGGER append_only BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()",
    (
        "CREATE TRIGGER append_only_or_archived AFTER DELETE ON journal REFERENCING OLD TABLE AS gone "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_loss()"
    ),
    (
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON case_archives "
        "FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()"
    ),
    (
        "CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON case_archives "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()"
    ),
)
RIGHTS = (
    "GRANT SELECT ON case_archives TO jixiao_app",
    "ALTER TABLE case_archives ENABLE ROW LEVEL SECURITY",
    (
        "CREATE POLICY tenant ON case_archives TO jixiao_app "
        "USING (current_setting('app.jurisdiction', true) IN (jurisdiction, '*'))"
    ),
    "REVOKE ALL ON FUNCTION archive_case(bigint), archived_case(uuid) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION archive_case(bigint), archived_case(uuid) TO jixiao_app",
)


def upgrade() -> None:
    for table in PACKED:
        op.execute(f"CREATE TYPE {row_type(table)} AS ({', '.join(map(' '.join, columns(table)))})")
    packed = ", ".join(f"{table} {row_type(table)}[] NOT NULL" for table in PACKED)
    op.execute(
        "CREATE TABLE case_archives (case_id bigint NOT NULL, jurisdiction text NOT NULL, "
        "archived_at timestamptz NOT NULL, last_seq bigint NOT NULL, last_at timestamptz, head bytea, "
        f"keys int[] NOT NULL, {packed}, CONSTRAINT pk_case_archives PRIMARY KEY (case_id), "
        "CONSTRAINT fk_case_archives_case_id FOREIGN KEY (case_id) REFERENCES cases (id))"
    )
    op.execute("ALTER TABLE case_archives SET (toast_tuple_target = 256)")
    op.create_index(
        "ix_case_archives_keys", "case_archives", ["keys"], postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )  # fmt: skip
    op.create_index("ix_scores_submission", "scores", ["submission_id"])
    for statement in (archive_case(), ARCHIVED_CASE, REFUSE_LOSS, *GUARDS, *RIGHTS):
        op.execute(statement)
    for table in PACKED:
        op.execute(view(table))
        op.execute(f"GRANT SELECT ON all_{table} TO jixiao_app")
    op.execute("SELECT set_config('app.jurisdiction', '*', true)")
    op.execute("SELECT archive_case(id) FROM cases WHERE state IN ('closed', 'cancelled') ORDER BY id")
    op.execute("SELECT set_config('app.jurisdiction', '', true)")


def downgrade() -> None:
    for table in PACKED:
        op.execute(f"DROP VIEW all_{table}")
    for table in ("tasks", "submissions", "journal", "deadlines", "reviews", "scores", "drafts"):
        _unpack(table)
    op.execute("DROP FUNCTION archive_case(bigint)")
    op.execute("DROP FUNCTION archived_case(uuid)")
    op.execute("DROP TRIGGER append_only_or_archived ON journal")
    op.execute("DROP FUNCTION refuse_journal_loss()")
    op.execute("DROP TRIGGER append_only ON journal")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()"
    )
    op.drop_index("ix_scores_submission", table_name="scores")
    op.execute("DROP TABLE case_archives")
    for table in PACKED:
        op.execute(f"DROP TYPE {row_type(table)}")


def _unpack(table: str) -> None:
    """Every packed row is a row again."""
    told = {name: cell for name, cell in unpacked(table).items() if name not in COMPUTED.get(table, {})}
    told["jurisdiction"] = "archive.jurisdiction"
    if table != "drafts":
        told["case_id"] = "archive.case_id"
    op.execute(
        f"INSERT INTO {table} ({', '.join(told)}) SELECT {', '.join(told.values())} "
        f"FROM case_archives archive CROSS JOIN LATERAL unnest(archive.{table}) packed"
    )
