"""The common shape of our tables: named constraints, a tenant on every row, types said once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Identity, MetaData, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MONEY = Numeric(20, 6)
"""万元; six decimals are one Chinese cent."""

SCORE = Numeric(6, 2)
"""A score between 0 and 100."""


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
    }


class Row:
    """What every row of a tenant has: a number and the jurisdiction it belongs to."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(Text)


def table_of(entity: type[Base]) -> Table:
    """The table an entity is kept in, for statements that write rows without loading them."""
    table = entity.__table__
    assert isinstance(table, Table)
    return table
