"""What a read asks the database: which statements, by which plans, and how many rows they touch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from engine.store import Database

ENTERING = 1
"""The statement that makes a transaction one tenant's."""

BIG = frozenset(
    {
        "cases", "tasks", "deadlines", "submissions", "journal", "scores", "rectifications", "result_effects",
        "case_archives",
    }
)  # fmt: skip
Asked = tuple[str, Any]


@dataclass(frozen=True)
class Plans:
    """The plans of a read, each as PostgreSQL's JSON."""

    roots: list[Any]

    @property
    def whole_tables(self) -> set[str]:
        """Big tables that were read from end to end."""
        return {node["Relation Name"] for node in self._nodes() if node["Node Type"] == "Seq Scan"} & BIG

    @property
    def tables(self) -> set[str]:
        """Every table that is looked at."""
        return {node["Relation Name"] for node in self._nodes() if "Relation Name" in node}

    @property
    def outside_of_what_is_asked_once(self) -> set[str]:
        """Tables and results looked at as often as the rows before them ask for it."""
        found, pending = set(), list(self.roots)
        while pending:
            node = pending.pop()
            found |= {node[name] for name in ("Relation Name", "CTE Name") if name in node}
            pending += [each for each in node.get("Plans", ()) if each["Parent Relationship"] != "InitPlan"]
        return found

    @property
    def looked_up_in_sets(self) -> bool:
        """Whether rows are held against a set PostgreSQL hashed, and none against a list it goes through."""
        filters = " ".join(node.get("Filter", "") for node in self._nodes())
        return "hashed SubPlan" in filters and "<> ALL (" not in filters

    def filters_of(self, table: str) -> list[str]:
        """What rows of a table are held against once they are read."""
        return [node.get("Filter", "") for node in self._nodes() if node.get("Relation Name") == table]

    @property
    def rows_read(self) -> int:
        """Rows of big tables that were looked at, those left out again included."""
        return int(
            sum(
                (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                for node in self._nodes()
                if node.get("Relation Name") in BIG
            )
        )

    def _nodes(self) -> Iterator[Any]:
        pending = list(self.roots)
        while pending:
            node = pending.pop()
            yield node
            pending += node.get("Plans", ())


@contextmanager
def listening(database: Database) -> Iterator[list[Asked]]:
    """Every statement sent meanwhile, with its parameters; without the one that enters the tenant."""
    sent: list[Asked] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "set_config('app." not in statement:
            sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def asked_by(database: Database, read: Callable[[Session], Any], jurisdiction: str = "huaxi") -> list[Asked]:
    """The questions a read sends, after it was read once before (what is parsed once stays parsed)."""
    return [each for each in sent_by(database, read, jurisdiction) if "set_config" not in each[0]]


def sent_by(database: Database, read: Callable[[Session], Any], jurisdiction: str) -> list[Asked]:
    """The same, and what it says of how they shall be carried out."""
    with database.transaction(jurisdiction) as session:
        read(session)
    with listening(database) as sent, database.transaction(jurisdiction) as session:
        read(session)
    return sent


def plans_inside(database: Database, function: str, *given: Any) -> Plans:
    """How PostgreSQL carries out what a function in SQL says, under the owner's rights as it does when it is called."""
    with database.upkeep() as session:
        said = session.scalar(text("SELECT prosrc FROM pg_proc WHERE proname = :name"), {"name": function})
        connection = session.connection()
        connection.execute(text("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)"))
        called = str(said).replace("tenant() = '*'", "'*' = '*'")
        kinds = ", ".join({datetime: "timestamptz", int: "integer"}[type(one)] for one in given)
        connection.exec_driver_sql(f"PREPARE inside {f'({kinds})' if given else ''} AS {called}")
        values = ", ".join(f"'{one}'" for one in given)
        execute = f"EXECUTE inside {f'({values})' if given else ''}"
        told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {execute}").scalar_one()
        connection.exec_driver_sql("DEALLOCATE inside")
    return Plans([told[0]["Plan"]])


def plans_of(database: Database, read: Callable[[Session], Any], jurisdiction: str = "huaxi") -> Plans:
    """How PostgreSQL carries out a read, under row-level security as the application runs it."""
    roots, asked = [], sent_by(database, read, jurisdiction)
    with database.transaction(jurisdiction) as session:
        connection = session.connection()
        for statement, parameters in asked:
            if "set_config" in statement:
                connection.exec_driver_sql(statement, parameters)
            else:
                told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
                roots.append(told.scalar_one()[0]["Plan"])
    return Plans(roots)
