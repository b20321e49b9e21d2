"""What hangs on one case, table by table."""

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from engine.store import Base


def rows_and_bytes(session: Session, case_id: int) -> dict[str, tuple[int, int]]:
    """Rows and bytes (`pg_column_size` of the whole row) of a case in every table that has any."""
    sizes = {}
    for table in Base.metadata.sorted_tables:
        column = _case_column(table)
        if column is not None:
            asked = (
                f"SELECT count(*), coalesce(sum(pg_column_size(t.*)), 0) FROM {table.name} t WHERE t.{column} = :case"
            )
            rows, size = session.execute(text(asked), {"case": case_id}).one()
            sizes[table.name] = (int(rows), int(size))
    return {name: size for name, size in sizes.items() if size[0]}


def at_work_bytes(session: Session, case_id: int) -> int:
    """Bytes of the rows a case is worked with now: itself, its open tasks and drafts, its pending deadlines."""
    asked = text(
        "SELECT (SELECT sum(pg_column_size(c.*)) FROM cases c WHERE c.id = :case)"
        " + coalesce((SELECT sum(pg_column_size(t.*)) FROM tasks t WHERE t.case_id = :case AND t.state = 'open'), 0)"
        " + coalesce((SELECT sum(pg_column_size(d.*)) FROM deadlines d"
        "             WHERE d.case_id = :case AND d.state = 'pending'), 0)"
        " + coalesce((SELECT sum(pg_column_size(f.*)) FROM drafts f JOIN tasks t ON t.id = f.task_id"
        "             WHERE t.case_id = :case), 0)"
    )
    return int(session.execute(asked, {"case": case_id}).scalar_one())


def _case_column(table: Table) -> str | None:
    if table.name == "cases":
        return "id"
    return "case_id" if "case_id" in table.columns else None
