"""The common shape of our tables: named constraints, a tenant on every row, types said once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, ForeignKeyConstraint, Identity, MetaData, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from engine.words import Worded

MONEY = Numeric(20, 6)
"""万元; six decimals are one Chinese cent."""

MOST_WAN = Decimal("1e12")
"""Every amount is less: more than any budget line holds, as much as a cell of a form takes, less than a column does."""

SCORE = Numeric(6, 2)
"""A score between 0 and 100."""

HIGHEST_SCORE = 100


class Word(TypeDecorator[Worded]):
    """A word of one vocabulary, kept as its text: takes the member or its text, gives the member.

    A text that is no word of the vocabulary is a LookupError, on the way in and on the way out.
    """

    impl = Text
    cache_ok = True

    def __init__(self, vocabulary: type[Worded]) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self._members: dict[str | None, Worded | None] = {None: None, **{word.value: word for word in vocabulary}}
        self._texts: dict[str | None, str | None] = {word: word for word in self._members}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return self._texts[value]

    def process_result_value(self, value: str | None, dialect: Dialect) -> Worded | None:
        return self._members[value]


class Base(DeclarativeBase):
    """Every table; columns are typed by their annotation."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        date: Date(),
        datetime: DateTime(timezone=True),
        Decimal: MONEY,
        UUID: Uuid(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        **{vocabulary: Word(vocabulary) for vocabulary in Worded.__subclasses__()},
    }


class Row:
    """What every row of a tenant has: a number and the jurisdiction it belongs to."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(Text)


def same_tenant(**columns: str) -> tuple[ForeignKeyConstraint, ...]:
    """Foreign keys that no row of another tenant satisfies: column → the table whose `id` it holds."""
    return tuple(
        ForeignKeyConstraint([column, "jurisdiction"], [f"{table}.id", f"{table}.jurisdiction"])
        for column, table in columns.items()
    )


def table_of(entity: type[Base]) -> Table:
    """The table an entity is kept in, for statements that write rows without loading them."""
    table = entity.__table__
    assert isinstance(table, Table)
    return table
