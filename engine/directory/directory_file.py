"""名册: units, people and their offices as an Excel or CSV file, one row an office; the cells are judged elsewhere."""

from typing import NamedTuple

from engine.errors import InvalidInput
from engine.sheets import Bounds, Line, SheetRefused, Table, Template, read_table, table_of_csv

HEADER = ("单位", "单位类型", "主管部门", "姓名", "账号", "岗位")
MOST_BYTES = 2_000_000
MOST_ROWS = 3_000
_BOUNDS = Bounds(MOST_BYTES, MOST_ROWS)
_TEMPLATE = Template(HEADER, "单位和人员")


class DirectoryFileRefused(InvalidInput):
    """A file that is no list of people: another kind of file, another header, or more than fits."""

    code = "directory.file_refused"


class Cells(NamedTuple):
    """One row in the order of `HEADER`."""

    unit: str
    kind: str
    department: str
    name: str
    login: str
    offices: str


def directory_table(name: str, raw: bytes) -> Table:
    """The table in an uploaded .xlsx or CSV file. Refuses what is no such list at all."""
    try:
        table = read_table(name, raw, _BOUNDS)
        _TEMPLATE.must_be_of(table)
    except SheetRefused as refusal:
        raise DirectoryFileRefused(refusal.message) from refusal
    return table


def kept_lines(content: bytes) -> tuple[Line, ...]:
    """The rows of a file that was taken before, from the CSV it is kept as."""
    return _TEMPLATE.lines_of(table_of_csv(content, _BOUNDS))
