"""A library as a CSV file: the right kind of file, encoding and header; the cells are judged elsewhere.

UTF-8 with or without a mark at its beginning, or GB 18030 as spreadsheets here write it. Bounded in bytes and rows, so
that a file costs a few tens of megabytes of memory at the most.
"""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import InvalidInput
from engine.indicators.rules import COLUMNS

OWNER = "归口"
HEADER = (*COLUMNS.values(), OWNER)
MOST_BYTES = 4_000_000
MOST_ROWS = 20_000
_SAVE_AS = "请在 Excel 或 WPS 中选择“另存为”“CSV UTF-8（逗号分隔）”后重新上传。"
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


class LibraryFileRefused(InvalidInput):
    """A file that is no library: another kind of file, another header, or more than fits."""

    code = "indicator.file_refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a spreadsheet counts it, its cells stripped, in the order of `HEADER`; `fault` where it has others."""

    row: int
    cells: tuple[str, ...]
    fault: str = ""


def read_library(raw: bytes) -> tuple[Line, ...]:
    """The rows of the file, those that are empty left out. Refuses what is no library at all."""
    records = _records(_text(raw))
    if not records:
        raise LibraryFileRefused("文件是空的，没有读入。请先下载模板，填好后再上传。")
    _must_have_header(records[0])
    lines = [_line(row, record) for row, record in enumerate(records[1:], start=2) if any(map(str.strip, record))]
    if not lines:
        raise LibraryFileRefused("文件只有表头，没有指标，没有读入。请填好后再上传。")
    return tuple(lines)


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise LibraryFileRefused(f"文件超过 {MOST_BYTES // 1_000_000} MB，没有读入。请拆成几个文件分别上传。")
    if raw.startswith((_ZIP, _OLE)):
        raise LibraryFileRefused(f"这是 Excel 或压缩文件，不是 CSV，没有读入。{_SAVE_AS}")
    if raw.startswith(_PDF):
        raise LibraryFileRefused("这是 PDF，不是 CSV，没有读入。请用下载的模板填写。")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise LibraryFileRefused(f"文件编码是 UTF-16（Unicode 文本），没有读入。{_SAVE_AS}")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise LibraryFileRefused(f"文件的编码读不出来，或不是文本文件，没有读入。{_SAVE_AS}")


def _records(text: str) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text.rstrip(), newline=""), strict=True):
            records.append(record)
            if len(records) > MOST_ROWS + 1:
                raise LibraryFileRefused(f"指标超过 {MOST_ROWS} 条，没有读入。请拆成几个文件分别上传。")
    except csv.Error as fault:
        raise LibraryFileRefused(
            f"第 {len(records) + 1} 行的引号不成对，或单元格过长，分不出列，没有读入。{_SAVE_AS}"
        ) from fault
    return records


def _must_have_header(found: Sequence[str]) -> None:
    cells = [cell.strip() for cell in found]
    if cells in ([*HEADER], [*HEADER[:-1]]):
        return
    wanted = "、".join(HEADER)
    if len(cells) == 1:
        raise LibraryFileRefused(f"各列之间应用英文逗号分隔，没有读入。第一行应为：{wanted}。{_SAVE_AS}")
    raise LibraryFileRefused(f"第一行的表头不对，没有读入。请先下载模板，第一行应为：{wanted}。")


def _line(row: int, record: list[str]) -> Line:
    cells = [cell.strip().replace("\r\n", "\n").replace("\r", "\n") for cell in record]
    while len(cells) > len(HEADER) and not cells[-1]:
        cells.pop()
    if len(cells) > len(HEADER):
        return Line(
            row, tuple(cells[: len(HEADER)]), f"应有 {len(HEADER)} 列，实有 {len(cells)} 列，请检查多余的逗号。"
        )
    return Line(row, tuple(cells + [""] * (len(HEADER) - len(cells))))
