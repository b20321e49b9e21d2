"""A library as an Excel or CSV file: the right kind of file and header; the cells are judged elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.indicators.rules import COLUMNS
from engine.sheets import Bounds, Row, SheetRefused, Table, read_table, table_of_csv

OWNER = "归口"
HEADER = (*COLUMNS.values(), OWNER)
VERDICT = "核对结果"
"""The column of a file we gave back with what is to be said of each row; when it comes again it is not read."""
MOST_BYTES = 4_000_000
MOST_ROWS = 20_000
_BOUNDS = Bounds(MOST_BYTES, MOST_ROWS)


class LibraryFileRefused(InvalidInput):
    """A file that is no library: another kind of file, another header, or more than fits."""

    code = "indicator.file_refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a spreadsheet counts it, its cells stripped, in the order of `HEADER`; `fault` where it has others."""

    row: int
    cells: tuple[str, ...]
    fault: str = ""


def library_table(name: str, raw: bytes) -> Table:
    """The table in an uploaded .xlsx or CSV file of entries. Refuses what is no library at all."""
    try:
        table = read_table(name, raw, _BOUNDS)
    except SheetRefused as refusal:
        raise LibraryFileRefused(refusal.message) from refusal
    _must_be_a_library(table)
    return table


def kept_table(content: bytes) -> Table:
    """The table of a file that was taken before, from the CSV it is kept as."""
    return table_of_csv(content, _BOUNDS)


def lines_of(table: Table) -> tuple[Line, ...]:
    """The rows of a library."""
    width = len(table.header) if table.header[-1:] == (VERDICT,) else None
    return tuple(_line(row, width) for row in table.rows)


def _must_be_a_library(table: Table) -> None:
    _must_have_header(table.header)
    if not table.rows:
        raise LibraryFileRefused("文件只有表头，没有指标，没有读入。请填好后再上传。")


def _must_have_header(cells: Sequence[str]) -> None:
    if tuple(cells) in (HEADER, HEADER[:-1], (*HEADER, VERDICT)):
        return
    wanted = "、".join(HEADER)
    if len(cells) == 1:
        raise LibraryFileRefused(
            f"只有一列，没有读入。第一行应为：{wanted}；CSV 文件各列之间应用英文逗号分隔。请先下载模板。"
        )
    raise LibraryFileRefused(f"第一行的表头不对，没有读入。请先下载模板，第一行应为：{wanted}。")


def _line(row: Row, width: int | None) -> Line:
    """`width` is how many columns the table has when its last one is our own verdict, which is left out."""
    cells = list(row.cells)
    if width is not None:
        cells[width - 1 : width] = []
    while len(cells) > len(HEADER) and not cells[-1]:
        cells.pop()
    if len(cells) > len(HEADER):
        fault = f"应有 {len(HEADER)} 列，实有 {len(cells)} 列，请检查多余的逗号或单元格。"
        return Line(row.number, tuple(cells[: len(HEADER)]), fault)
    return Line(row.number, tuple(cells + [""] * (len(HEADER) - len(cells))))
