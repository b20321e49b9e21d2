"""One door for every file with a table: the kind is seen from how it begins."""

from engine.packed import OLD_OFFICE, PACKED, megabytes
from engine.sheets.model import SAVE_AS, Bounds, SheetRefused, Table
from engine.sheets.text import table_of_csv
from engine.sheets.workbook import table_of_workbook

PDF = b"%PDF"
WITH_MACROS = (".xlsm", ".xltm", ".xlam")


def read_table(name: str, raw: bytes, bounds: Bounds) -> Table:
    """The table in an uploaded .xlsx (its first visible worksheet) or CSV file; the first row is its header.

    Cells more than one column behind the last that may be used are not looked at. Refuses another kind of file, one
    with macros, a password, a formula, or more than `bounds`. A refusal names the worksheet, row and column where there
    is one.
    """
    if len(raw) > bounds.size_bytes:
        raise SheetRefused(f"文件超过 {_size(bounds.size_bytes)}，没有读入。请拆成几个文件分别上传。")
    if name.lower().endswith(WITH_MACROS):
        raise SheetRefused(f"这是启用宏的 Excel 文件，没有读入。{SAVE_AS}")
    if raw.startswith(OLD_OFFICE[:4]):
        raise SheetRefused(f"这是设有密码的或旧版（.xls）的 Excel 文件，没有读入。请去掉密码。{SAVE_AS}")
    if raw.startswith(PDF):
        raise SheetRefused("这是 PDF，不是表格，没有读入。请用下载的模板填写。")
    return table_of_workbook(raw, bounds) if raw.startswith(PACKED) else table_of_csv(raw, bounds)


def _size(count: int) -> str:
    return megabytes(count) if count % 1_000_000 else f"{count // 1_000_000} MB"
