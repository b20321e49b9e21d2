"""What hangs on one case, table by table."""

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from engine.store import Base
from engine.store.archives import PACKED


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


def rows_by_view(session: Session, case_id: int) -> dict[str, int]:
    """Rows of a case as the views tell them, packed or not, by table."""
    return {
        table: int(
            session.execute(
                text(f"SELECT count(*) FROM all_{table} WHERE case_id = :case"), {"case": case_id}
            ).scalar_one()
        )
        for table in PACKED
    }


def packed_bytes(session: Session, case_id: int) -> dict[str, int]:
    """Bytes of every packed table of a case; nothing while it is not packed."""
    sizes = ", ".join(f"pg_column_size({table}) AS {table}" for table in PACKED)
    row = session.execute(
        text(f"SELECT {sizes} FROM case_archives WHERE case_id = :case"), {"case": case_id}
    ).one_or_none()
    return {} if row is None else {name: int(size) for name, size in row._mapping.items()}


def _case_column(table: Table) -> str | None:
    if table.name == "cases":
        return "id"
    return "case_id" if "case_id" in table.columns else None
