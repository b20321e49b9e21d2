"""A library as an Excel or CSV file: the right kind of file and header; the cells are judged elsewhere."""

from engine.errors import InvalidInput
from engine.indicators.rules import COLUMNS
from engine.sheets import Bounds, Line, SheetRefused, Table, Template, read_table, table_of_csv

OWNER = "归口"
HEADER = (*COLUMNS.values(), OWNER)
MOST_BYTES = 4_000_000
MOST_ROWS = 20_000
_BOUNDS = Bounds(MOST_BYTES, MOST_ROWS)
_TEMPLATE = Template(HEADER, "指标", optional=1)


class LibraryFileRefused(InvalidInput):
    """A file that is no library: another kind of file, another header, or more than fits."""

    code = "indicator.file_refused"


def library_table(name: str, raw: bytes) -> Table:
    """The table in an uploaded .xlsx or CSV file of entries. Refuses what is no library at all."""
    try:
        table = read_table(name, raw, _BOUNDS)
        _TEMPLATE.must_be_of(table)
    except SheetRefused as refusal:
        raise LibraryFileRefused(refusal.message) from refusal
    return table


def kept_table(content: bytes) -> Table:
    """The table of a file that was taken before, from the CSV it is kept as."""
    return table_of_csv(content, _BOUNDS)


def lines_of(table: Table) -> tuple[Line, ...]:
    """The rows of a library."""
    return _TEMPLATE.lines_of(table)
