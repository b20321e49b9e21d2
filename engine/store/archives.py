"""Cases that are over, each packed into one row; what reads a whole history reads it through here.

`all_of(Task)` is `Task` as it lies in the table and in the archives, as if it lay in one table `all_tasks`. Ask it with
a condition on `case_id`: a value goes down to the key of the archive, a value that comes out of a join does not. Work
that is open is never packed; its lists stay with the tables.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import ARRAY, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column
from sqlalchemy.types import UserDefinedType

from engine.store.base import Base, same_tenant, table_of

_E = TypeVar("_E", bound=Base)

PACKED = {
    "journal": "packed_entry",
    "tasks": "packed_task",
    "deadlines": "packed_deadline",
    "reviews": "packed_review",
    "submissions": "packed_submission",
    "scores": "packed_score",
    "drafts": "packed_draft",
}
"""Table → the row type its rows are packed as."""


class RowType(UserDefinedType[Any]):
    """A row type of the database; it is read through the views only."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **how: Any) -> str:
        """As a column is declared with it."""
        return self.name


_kinds = cast(dict[str, Callable[..., Any]], ischema_names)
_kinds.update((name, partial(RowType, name)) for name in PACKED.values())


def _rows_of(table: str) -> Any:
    return mapped_column(ARRAY(RowType(PACKED[table])), nullable=False, deferred=True)


class CaseArchive(Base):
    """What a case that is over leaves behind: its journal up to then, and the rows its history is told by.

    `last_seq`, `last_at` and `head` are of the last packed entry and the latest instant among them. Written by
    the function `archive_case` alone.
    """

    __tablename__ = "case_archives"
    __table_args__ = same_tenant(case_id="cases")

    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    jurisdiction: Mapped[str]
    archived_at: Mapped[datetime]
    last_seq: Mapped[int]
    last_at: Mapped[datetime | None]
    head: Mapped[bytes | None] = mapped_column(LargeBinary)
    journal: Mapped[Any] = _rows_of("journal")
    tasks: Mapped[Any] = _rows_of("tasks")
    deadlines: Mapped[Any] = _rows_of("deadlines")
    reviews: Mapped[Any] = _rows_of("reviews")
    submissions: Mapped[Any] = _rows_of("submissions")
    scores: Mapped[Any] = _rows_of("scores")
    drafts: Mapped[Any] = _rows_of("drafts")


class ArchiveKeys(Base):
    """The first four bytes of the ids of an archive's tasks, deadlines and versions: what a packed one is found by.

    They are nobody's but the owner's; the function `archived_case` looks them up.
    """

    __tablename__ = "archive_keys"
    __table_args__ = (
        Index("ix_archive_keys_keys", "keys", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    keys: Mapped[list[int]] = mapped_column(ARRAY(Integer))


ARCHIVE = select(func.archive_case(bindparam("archived")))
"""Packs the case `archived`, which must be over; goes last of all that is written of it."""

_CASE = select(func.archived_case(bindparam("of_id")))


@cache
def all_of(entity: type[_E], name: str | None = None) -> type[_E]:
    """The entity over every row there is, packed or not; under a `name` of its own where it stands beside itself."""
    table = table_of_all(entity)
    return aliased(entity, table if name is None else table.alias(name), adapt_on_names=True)


@cache
def table_of_all(entity: type[Base]) -> Table:
    """The view behind `all_of`, for statements of Core."""
    table = table_of(entity)
    columns = {column.name: column.type for column in table.columns}
    case_id = {"case_id": table_of(CaseArchive).c.case_id.type}
    return Table(
        f"all_{table.name}", MetaData(), *(Column(name, kind) for name, kind in {**case_id, **columns}.items())
    )


def archived_case(session: Session, id_: UUID) -> int | None:
    """The number of the case whose archive holds the task, deadline or version of that id."""
    return session.scalar(_CASE, {"of_id": id_})


def row_by_id(session: Session, entity: type[_E], id_: UUID) -> _E | None:
    """The task, deadline or version of that id as it stands now, packed or not; None when this tenant has none.

    A packed one is found by its case first: it takes two statements more, on the way to a refusal or into the past.
    """
    found = session.get(entity, id_, populate_existing=True)
    if found is not None:
        return found
    case_id = archived_case(session, id_)
    if case_id is None:
        return None
    rows: Any = all_of(entity)
    packed = select(rows).where(rows.case_id == case_id, rows.id == id_)
    return session.scalars(packed.execution_options(populate_existing=True)).one_or_none()
