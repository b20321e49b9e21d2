"""The nouns: a table, its rows, what it may have at the most, and why one is refused."""

from dataclasses import dataclass

from engine.errors import InvalidInput

MOST_COLUMNS = 64
SAVE_AS = "请在 Excel 或 WPS 中选择“另存为”“Excel 工作簿（*.xlsx）”或“CSV UTF-8（逗号分隔）”后重新上传。"


class SheetRefused(InvalidInput):
    """A file that is no table: another kind of file, one that cannot be read, or more than fits."""

    code = "sheet.refused"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most a file may have: bytes as sent, rows below its header."""

    size_bytes: int = 4_000_000
    rows: int = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a spreadsheet counts it (the header is 1), its cells stripped; there may be fewer than in others."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it that are not empty; `sheet` is the name of the worksheet, empty for a CSV file."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""


def column_letter(number: int) -> str:
    """A column as spreadsheets call it, counted from 1.

    >>> column_letter(1), column_letter(27)
    ('A', 'AA')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def clean(cell: str) -> str:
    """A cell without blanks around it, its lines ended as everywhere else."""
    return cell.strip().replace("\r\n", "\n").replace("\r", "\n")
