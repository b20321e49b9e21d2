"""Ten thousand cases in a moment: one case is lived up to where it matters, then its rows are copied in SQL.

Copies have numbers, codes and keys of their own and are spread over a hundred units. Their process state is the one of
the model, byte for byte; the hashes of their journal are the model's, so only the model's chain would verify.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from bench.ground import Ground
from bench.way import JURISDICTION
from engine.cases import Case
from engine.directory import Unit
from engine.store import Base
from engine.words import UnitKind

UNITS = 100
_KEYS = ("id", "task_id", "submission_id")
_HISTORY = ("tasks", "submissions", "reviews", "deadlines", "journal")


def units_of(ground: Ground) -> list[int]:
    """A hundred units of the same department."""
    with ground.database.upkeep() as session:
        units = [
            Unit(
                jurisdiction=JURISDICTION,
                name=f"示例单位{number}",
                kind=UnitKind.UNIT,
                department_id=ground.bureau.department_id,
            )
            for number in range(UNITS)
        ]
        session.add_all(units)
        session.flush()
        return [unit.id for unit in units]


def grown(ground: Ground, model_id: int, count: int, units: Sequence[int]) -> None:
    """`count` copies of a case with everything that hangs on it; statistics are brought up to date."""
    with ground.database.owner.begin() as connection:
        first = _copy_cases(connection, model_id, count, units)
        for table in _HISTORY:
            _copy_rows(connection, table, model_id, count, first)
    with ground.database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _copy_cases(connection: Connection, model_id: int, count: int, units: Sequence[int]) -> int:
    """The number before the first copy."""
    first = int(connection.execute(text("SELECT max(id) FROM cases")).scalar_one())
    cells = {
        "id": ":first + n",
        "code": "code || '-' || n",
        "unit_id": f"(CAST(:units AS bigint[]))[1 + n % {len(units)}]",
    }
    columns = [column.name for column in Case.__table__.columns]
    told = ", ".join(cells.get(name, name) for name in columns)
    connection.execute(
        text(
            f"INSERT INTO cases ({', '.join(columns)}) SELECT {told} FROM cases, generate_series(1, :count) n "
            "WHERE id = :model"
        ),
        {"first": first, "count": count, "model": model_id, "units": list(units)},
    )
    connection.execute(text("SELECT setval('cases_id_seq', :last)"), {"last": first + count})
    return first


def _copy_rows(connection: Connection, table: str, model_id: int, count: int, first: int) -> None:
    """Keys are told from the model's key and the number of the copy, so rows still point at each other."""
    columns = [
        c
        for c in Base.metadata.tables[table].columns
        if c.computed is None and not (table == "journal" and c.name == "id")
    ]
    cells = [
        ":first + n" if c.name == "case_id" else f"md5({c.name}::text || n)::uuid" if c.name in _KEYS else f'"{c.name}"'
        for c in columns
    ]
    names = ", ".join(f'"{column.name}"' for column in columns)
    connection.execute(
        text(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(cells)} FROM {table}, generate_series(1, :count) n "
            "WHERE case_id = :model"
        ),
        {"first": first, "count": count, "model": model_id},
    )
