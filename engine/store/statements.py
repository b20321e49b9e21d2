"""A statement of SQLAlchemy Core as the driver takes it: compiled once, its values made ready, its rows read back.

Parameters travel without a type, as text the server reads by the statement itself, but for the few kinds that look the
same to everybody (bytes, UUIDs, days, instants); so a statement is prepared once, whatever values come.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from psycopg.abc import Transformer
from psycopg.adapt import PyFormat
from psycopg.pq import Format
from psycopg.pq.abc import PGresult
from sqlalchemy import Date, DateTime, LargeBinary, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]
_Convert = Callable[[Any], Any]
_AS_THEY_ARE = (LargeBinary, Uuid, Date, DateTime)
_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|%)")


class Compiled:
    """What goes over the wire for one statement and rows with these names; `text` numbers its parameters ($1 …).

    A list for IN cannot be a parameter: write `= ANY(array)`. Of defaults in Python only plain values are known.
    """

    def __init__(self, statement: Any, names: tuple[str, ...], dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(
            dialect=dialect, column_keys=list(names) or None, for_executemany=True
        )
        asked = {**dict.fromkeys(names), **_defaults(compiled)}
        expanded = compiled.construct_expanded_state(asked)
        types = {name: parameter.type.dialect_impl(dialect) for name, parameter in compiled.binds.items()}
        for name, parts in expanded.parameter_expansion.items():
            types |= dict.fromkeys(parts, types[name])
        self.text, order = _numbered(expanded.statement)
        self._known = {name: value for name, value in expanded.parameters.items() if name not in names}
        self._pick = _picker(order)
        converts = ((place, _to_driver(types[name], dialect)) for place, name in enumerate(order))
        self._converts = [(place, convert) for place, convert in converts if convert is not None]
        self._formats = [_format_of(types[name]) for name in order]
        columns = _columns(statement)
        self._make_row = _row_maker(list(columns))
        self._types = [kind.dialect_impl(dialect) for kind in columns.values()]
        self._from_driver: list[_Convert | None] | None = None

    def values(self, row: Row, ready: Transformer) -> tuple[Sequence[Any], Sequence[Format]]:
        """The parameters as bytes, and how each is written; what no row can keep is refused here, before it is sent."""
        given = self._pick({**self._known, **row} if self._known else row)
        for place, convert in self._converts:
            given[place] = convert(given[place])
        return ready.dump_sequence(given, self._formats), ready.formats or ()

    def rows(self, result: PGresult, ready: Transformer, dialect: Dialect) -> list[Any]:
        """The rows of a result as named tuples, with the values SQLAlchemy would give."""
        if not result.ntuples:
            return []
        ready.set_pgresult(result)
        rows: list[Any] = ready.load_rows(0, result.ntuples, self._make_row)
        if self._from_driver is None:
            self._from_driver = [
                kind.result_processor(dialect, result.ftype(place)) for place, kind in enumerate(self._types)
            ]
        if any(self._from_driver):
            return [self._make_row(_converted(row, self._from_driver)) for row in rows]
        return rows


def _numbered(statement: str) -> tuple[bytes, list[str]]:
    """The text with numbers for names, and the names in the order of their numbers."""
    numbers: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}" if found[1] else "%"

    return _PLACEHOLDER.sub(number, statement).encode(), list(numbers)


def _defaults(compiled: SQLCompiler) -> dict[str, Any]:
    """What columns hold that the row does not name."""
    plain = {}
    for column in compiled.prefetch:
        default: Any = column.default if column in compiled.insert_prefetch else column.onupdate
        if not default.is_scalar:
            raise TypeError(f"{column} is computed by Python; name it in the row")
        plain[column.key] = default.arg
    return plain


def _columns(statement: Any) -> dict[str, TypeEngine[Any]]:
    """Names and types of the columns a statement gives back; none of a text, whose rows stay as the driver has them."""
    given = getattr(statement, "selected_columns", None)
    if given is None:
        given = getattr(statement, "exported_columns", None) or ()
    return {str(column.key): column.type for column in given}


def _row_maker(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    if not names:
        return tuple
    make: Any = namedtuple
    maker: Callable[[Sequence[Any]], Any] = make("Row", names, rename=True)._make
    return maker


def _picker(names: Sequence[str]) -> Callable[[Row], list[Any]]:
    if len(names) < 2:
        return lambda row: [row[name] for name in names]
    pick = itemgetter(*names)
    return lambda row: list(pick(row))


def _to_driver(kind: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return _instant if isinstance(kind, DateTime) and kind.timezone else kind.bind_processor(dialect)


def _instant(value: Any) -> Any:
    """The same instant; one without a zone is none, and would be taken for UTC."""
    if value is not None and value.tzinfo is None:
        raise TypeError(f"{value!r} has no time zone")
    return value


def _format_of(kind: TypeEngine[Any]) -> PyFormat:
    return PyFormat.BINARY if isinstance(kind, _AS_THEY_ARE) else PyFormat.TEXT


def _converted(row: Sequence[Any], converts: Sequence[_Convert | None]) -> list[Any]:
    return [value if convert is None else convert(value) for value, convert in zip(row, converts, strict=True)]
