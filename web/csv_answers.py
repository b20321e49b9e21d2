"""A table as a CSV file for a spreadsheet: UTF-8 with its mark, and no cell that would be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

from flask import Response

FORMULA_STARTS = frozenset("=+-@|＝＋－＠｜")


def csv_answer(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """The rows under that file name."""
    answer = Response(csv_bytes(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a file; amounts (Decimal) stay numbers, text that begins like a formula stays text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell_of(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def cell_of(value: object) -> str:
    """One cell as a spreadsheet is to read it.

    >>> cell_of("=1+1"), cell_of(Decimal("-1.50")), cell_of(None)
    ("'=1+1", '-1.50', '')
    """
    if value is None:
        return ""
    if isinstance(value, Decimal | int):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return f"'{text}" if _first_seen(text) in FORMULA_STARTS else text


def _first_seen(text: str) -> str:
    """The first character anybody sees: a spreadsheet may drop those before it."""
    return next((each for each in text if each.isprintable() and not each.isspace()), "")
