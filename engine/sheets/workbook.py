"""Excel workbooks, read by openpyxl after they were looked through: nothing in them is executed, declared or endless.

openpyxl hands the parts to parsers that would expand entities; a part that declares a document type is refused first.
"""

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook

from engine.packed import CHUNK, DAMAGED, MB, Limits, fault_in
from engine.sheets.model import MOST_COLUMNS, SAVE_AS, Bounds, Row, SheetRefused, Table, clean, column_letter

UNPACKED = Limits(unpacked_bytes=48 * MB, parts=500)
MOST_ELEMENTS = 1_500_000
MOST_DEPTH = 100
MOST_CELLS_NAMED = 5
LAST_ROW = 1_048_576  # of any worksheet
DIGITS = 15
"""So many digits a spreadsheet shows of a number; what comes after them is noise of the arithmetic."""
XML_PARTS = (".xml", ".rels")
_BROKEN = f"这个 Excel 文件已损坏，读不出内容，没有读入。{SAVE_AS}"


def table_of_workbook(raw: bytes, bounds: Bounds) -> Table:
    """The table on the first visible worksheet. Refuses formulas and faults of a cell with their places."""
    wrong = fault_in(io.BytesIO(raw), "Excel 工作簿", "xl/workbook.xml", UNPACKED)
    if wrong == DAMAGED:
        raise SheetRefused(_BROKEN)
    if wrong is not None:
        raise SheetRefused(f"这个 Excel 文件{wrong.replace('没有上传', '没有读入')}")
    _must_be_harmless(raw)
    try:
        return _table(raw, bounds)
    except SheetRefused:
        raise
    except Exception as fault:  # whatever the library meets in a file that is none
        raise SheetRefused(_BROKEN) from fault


def _must_be_harmless(raw: bytes) -> None:
    """Refuse declarations of entities, and more elements or levels than a table of our size can have."""
    left = MOST_ELEMENTS
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for part in archive.infolist():
            left -= _elements(archive, part, left)


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """How many elements a part has; pictures and the like have none.

    Refuses more than `most`, too deep a part, a document type, and XML that breaks off.
    """
    count, depth = 0, 0

    def declared(*_: object) -> None:
        raise SheetRefused(f"这个 Excel 文件里有文档类型声明，为安全起见没有读入。{SAVE_AS}")

    def begins(*_: object) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > most or depth > MOST_DEPTH:
            raise SheetRefused("这个 Excel 文件里的内容太多，没有读入。请只留下要导入的表，拆成几个文件分别上传。")

    def ends(_: object) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler, parser.EndElementHandler = declared, begins, ends
    try:
        with archive.open(part) as opened:
            while chunk := opened.read(CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)
    except expat.ExpatError as fault:
        if count or part.filename.lower().endswith(XML_PARTS):
            raise SheetRefused(_BROKEN) from fault
    return count


def _table(raw: bytes, bounds: Bounds) -> Table:
    book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise SheetRefused(f"这个 Excel 文件里没有看得见的工作表，没有读入。{SAVE_AS}")
        sheet = sheets[0]
        rows = list(_rows(sheet, sheet.title, bounds))
    finally:
        book.close()
    if not rows:
        raise SheetRefused(f"工作表“{sheet.title}”是空的，没有读入。请先下载模板，填好后再上传。")
    header, *below = rows
    if header.number != 1:
        raise SheetRefused(f"工作表“{sheet.title}”的第 1 行是空的，应为表头，没有读入。请先下载模板。")
    return Table(header.cells, tuple(below), sheet.title)


def _rows(sheet: Any, title: str, bounds: Bounds) -> Iterator[Row]:
    """The rows that are not empty; cells that only have a border count as empty."""
    faults: list[str] = []
    count, blank = 0, None  # rows that are not in the file come as the same tuple each time
    for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1), start=1):
        if cells is blank:
            continue
        told = [_said(cell, number, faults) if cell.value is not None else "" for cell in cells]
        if not any(told):
            blank = cells
            continue
        if told[MOST_COLUMNS]:
            raise SheetRefused(
                f"工作表“{title}”第 {number} 行超过 {MOST_COLUMNS} 列，没有读入。请删去多余的列后重新上传。"
            )
        count += 1
        if count > bounds.rows + 1:
            raise SheetRefused(f"工作表“{title}”超过 {bounds.rows} 行，没有读入。请拆成几个文件分别上传。")
        yield Row(number, _without_tail(told))
    if faults:
        more = f"；共 {len(faults)} 处" if len(faults) > MOST_CELLS_NAMED else ""
        raise SheetRefused(
            f"工作表“{title}”{'；'.join(faults[:MOST_CELLS_NAMED])}{more}，没有读入。"
            "请选中这些单元格，复制后用“选择性粘贴”“数值”粘贴，再重新上传。"
        )


def _said(cell: Any, row: int, faults: list[str]) -> str:
    """A cell as text; a formula or a fault of the spreadsheet is added to `faults`."""
    if cell.data_type in ("f", "e"):
        what = "公式" if cell.data_type == "f" else f"错误值 {str(cell.value)[:20]}"
        faults.append(f"第 {row} 行 {column_letter(cell.column)} 列是{what}")
        return what
    if isinstance(cell.value, str):
        return clean(cell.value)
    return _text_of(cell.value, str(cell.number_format or ""))


def _text_of(value: object, number_format: str) -> str:
    """A value as its cell shows it: a number without noise, a date as 2022-10-12, a percentage with its sign."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        number = _number(value)
        return f"{_plain(number * 100)}%" if "%" in number_format else _plain(number)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float) -> Decimal:
    if not math.isfinite(value):
        raise ValueError(value)
    return Decimal(format(value, f".{DIGITS}g")) if isinstance(value, float) else Decimal(value)


def _plain(number: Decimal) -> str:
    """
    >>> _plain(Decimal("1.50")), _plain(Decimal("1E+3")), _plain(Decimal("-0"))
    ('1.5', '1000', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _without_tail(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells up to the last that holds something."""
    length = max(index for index, cell in enumerate(cells, start=1) if cell)
    return tuple(cells[:length])
