"""CSV: UTF-8 with or without a mark at its beginning, or GB 18030 as spreadsheets here write it; commas, quotes."""

import codecs
import csv
import io

from engine.sheets.model import MOST_COLUMNS, SAVE_AS, Bounds, Row, SheetRefused, Table, clean


def table_of_csv(raw: bytes, bounds: Bounds) -> Table:
    """The table in the text of a CSV file, however many bytes it has. Refuses what is no text, and too many rows."""
    records = _records(_text(raw), bounds)
    if not records:
        raise SheetRefused("文件是空的，没有读入。请先下载模板，填好后再上传。")
    rows = [Row(number, tuple(map(clean, record))) for number, record in enumerate(records[1:], start=2)]
    header = [clean(cell) for cell in records[0]]
    while header and not header[-1]:
        header.pop()
    return Table(tuple(header), tuple(row for row in rows if any(row.cells)))


def as_csv(table: Table) -> bytes:
    """The table as a CSV file in which every row has the number it had."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.header)
    written = 1
    for row in table.rows:
        writer.writerows([[]] * (row.number - written - 1))
        writer.writerow(row.cells)
        written = row.number
    return out.getvalue().encode()


def _text(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SheetRefused(f"文件编码是 UTF-16（Unicode 文本），没有读入。{SAVE_AS}")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetRefused(f"文件的编码读不出来，或不是文本文件，没有读入。{SAVE_AS}")


def _records(text: str, bounds: Bounds) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text.rstrip(), newline=""), strict=True):
            records.append(record)
            if len(records) > bounds.rows + 1:
                raise SheetRefused(f"表格超过 {bounds.rows} 行，没有读入。请拆成几个文件分别上传。")
            if len(record) > MOST_COLUMNS:
                raise SheetRefused(f"第 {len(records)} 行超过 {MOST_COLUMNS} 列，没有读入。请删去多余的列后重新上传。")
    except csv.Error as fault:
        raise SheetRefused(
            f"第 {len(records) + 1} 行的引号不成对，或单元格过长，分不出列，没有读入。{SAVE_AS}"
        ) from fault
    return records
