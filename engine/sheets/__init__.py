"""Tables people bring: an Excel workbook or a CSV file becomes a header and rows of text, or is refused in a sentence.

One way for everything that is imported. A file is believed for what it contains, not for what it is called; the rows
keep the numbers a spreadsheet shows. Bounded in bytes, rows, columns and in what it unpacks to. Macros, passwords,
formulas and declarations of entities are refused before anything is read; numbers come without the noise of floats.
What the cells mean is judged by whoever asked for the table, and told row by row.
"""

from engine.sheets.checked import CheckedRow, Problem, RowsRefused, must_all_be_sound
from engine.sheets.model import MOST_COLUMNS, Bounds, Row, SheetRefused, Table, column_letter
from engine.sheets.reading import read_table
from engine.sheets.template import VERDICT, Line, Template
from engine.sheets.text import as_csv, table_of_csv

__all__ = [
    "MOST_COLUMNS",
    "VERDICT",
    "Bounds",
    "CheckedRow",
    "Line",
    "Problem",
    "Row",
    "RowsRefused",
    "SheetRefused",
    "Table",
    "Template",
    "as_csv",
    "column_letter",
    "must_all_be_sound",
    "read_table",
    "table_of_csv",
]
