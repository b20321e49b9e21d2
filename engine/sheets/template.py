"""A template people fill in: which header it has, how much fits, and the rows below it, as wide as the header."""

from dataclasses import dataclass

from engine.sheets.model import Bounds, Row, SheetRefused, Table
from engine.sheets.reading import read_table
from engine.sheets.text import table_of_csv

VERDICT = "核对结果"
"""The column of a file we gave back with what is to be said of each row; when it comes again it is not read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a spreadsheet counts it, its cells stripped, one a column; `fault` where it has others."""

    row: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The columns of a file, of which the last `optional` may be missing; `things` are what its rows are called."""

    header: tuple[str, ...]
    things: str
    bounds: Bounds
    optional: int = 0

    def table_in(self, name: str, raw: bytes) -> Table:
        """The table in an uploaded .xlsx or CSV file. Refuses another header, and nothing below it."""
        table = read_table(name, raw, self.bounds)
        self._must_have_header(table.header)
        if not table.rows:
            raise SheetRefused(f"文件只有表头，没有{self.things}，没有读入。请填好后再上传。")
        return table

    def lines_kept(self, content: bytes) -> tuple[Line, ...]:
        """The rows of a file that was taken before, from the CSV it is kept as."""
        return self.lines_of(table_of_csv(content, self.bounds))

    def lines_of(self, table: Table) -> tuple[Line, ...]:
        """The rows below the header."""
        width = len(table.header) if table.header[-1:] == (VERDICT,) else None
        return tuple(self._line(row, width) for row in table.rows)

    def _must_have_header(self, cells: tuple[str, ...]) -> None:
        shorter = self.header[: len(self.header) - self.optional]
        if cells in (self.header, shorter, (*self.header, VERDICT)):
            return
        wanted = "、".join(self.header)
        if len(cells) == 1:
            raise SheetRefused(
                f"只有一列，没有读入。第一行应为：{wanted}；CSV 文件各列之间应用英文逗号分隔。请先下载模板。"
            )
        raise SheetRefused(f"第一行的表头不对，没有读入。请先下载模板，第一行应为：{wanted}。")

    def _line(self, row: Row, width: int | None) -> Line:
        """`width` is how many columns the table has when its last one is our own verdict, which is left out."""
        cells, most = list(row.cells), len(self.header)
        if width is not None:
            cells[width - 1 : width] = []
        while len(cells) > most and not cells[-1]:
            cells.pop()
        if len(cells) > most:
            fault = f"应有 {most} 列，实有 {len(cells)} 列，请检查多余的逗号或单元格。"
            return Line(row.number, tuple(cells[:most]), fault)
        return Line(row.number, tuple(cells + [""] * (most - len(cells))))
