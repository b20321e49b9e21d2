"""Tables as an Excel workbook: text stays text whatever it begins with, amounts stay numbers, and the header stands."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from web.csv_answers import cell_of

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
LONGEST_CHOICE = 255
WIDEST = 60
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its title, header and rows; `choices` are the words a column may have, by its header."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)


def workbook_answer(name: str, sheets: Sequence[Sheet]) -> Response:
    """The worksheets under that file name."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    out = io.BytesIO()
    book.save(out)
    answer = Response(out.getvalue(), mimetype=KIND)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def value_of(value: object) -> str | Decimal | int | None:
    """One cell as a spreadsheet is to keep it.

    >>> value_of("=1+1"), value_of(Decimal("-1.50")), value_of("第 1 行\\x07")
    ("'=1+1", Decimal('-1.50'), '第 1 行')
    """
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return value
    return _UNSEEN.sub("", cell_of(value))[:LONGEST_CELL] or None


def _write(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title)
    page.freeze_panes = "A2"
    for number, title in enumerate(sheet.header, start=1):
        width = sheet.widths.get(title, min(WIDEST, max(12, 2 * len(title) + 4)))
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_heading(page, title) for title in sheet.header])
    for row in sheet.rows:
        page.append([value_of(value) for value in row])
    for title, words in sheet.choices.items():
        listed = ",".join(words)
        if len(listed) <= LONGEST_CHOICE:
            letter = get_column_letter(list(sheet.header).index(title) + 1)
            choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}20001")
            page.data_validations.append(choice)


def _heading(page: Any, title: str) -> Any:
    cell = WriteOnlyCell(page, value=title)
    cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center")
    return cell
