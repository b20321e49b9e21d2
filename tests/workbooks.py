"""Workbooks for tests: made as spreadsheets make them, and then spoilt."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openpyxl import Workbook


def workbook(
    rows: Iterable[Sequence[Any]], *, title: str = "名单", change: Callable[[Any], None] | None = None
) -> bytes:
    """An .xlsx whose first worksheet holds the rows; `change` is given that worksheet before it is saved."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(raw: bytes, name: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    """The same package with one part put in, or changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content(old.read(name)) if callable(content) else content)
    return out.getvalue()
