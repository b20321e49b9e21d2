"""A CSV file read strictly: the right size, encoding and header, no empty or dangerous cell; all of it or nothing.

Refusals are in Chinese and name the file, the row as a spreadsheet counts it, and the column.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput
from engine.rehearsal.file_kinds import TABLES, kind_of_bytes
from engine.store.base import MOST_WAN

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_CHARACTERS = 500
MOST_PROBLEMS_NAMED = 100
MOST_DECIMALS = 8

SAVE_AS = "请在 Excel 或 WPS 中选择“另存为”“CSV UTF-8（逗号分隔）”后重试。"
FORMULA_STARTS = ("=", "+", "@", "|", "-", "＝", "＋", "＠", "｜", "－")
NEGATIVE = re.compile(r"[-－−][0-9０-９.．,，]+[%％]?")
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Characters that count as letters or signs and show nothing."""
OPEN_TABLE = "请找到原来的表格，另存为“CSV UTF-8（逗号分隔）”后重试。"
PLAIN_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)


class InputRefused(InvalidInput):
    """A file that is not taken. Facts: file, row and column of the first problem, and `problems`, the first hundred."""

    code = "rehearsal.input_refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file."""

    message: str
    row: int | None = None
    column: str | None = None

    def sentence(self) -> str:
        """With its place: 第 5 行“score”列：……"""
        place = f"第 {self.row} 行" if self.row else ""
        place += f"“{self.column}”列" if self.column else ""
        return f"{place}：{self.message}" if place else self.message


@dataclass(slots=True)
class Problems:
    """What is wrong with one file, collected so that one attempt shows all of it."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, message: str, row: int | None = None, column: str | None = None) -> None:
        """Note one problem."""
        self.found.append(Problem(message, row, column))

    def refuse_if_any(self) -> None:
        """Refuse the file if anything was noted."""
        if self.found:
            raise self.refusal()

    def refusal(self) -> InputRefused:
        """The refusal for what was noted so far."""
        first, more = self.found[0], len(self.found) - 1
        others = f"另有 {more} 处问题，一并更正后再读入。" if more else ""
        facts: dict[str, Any] = {"file": self.file, "row": first.row, "column": first.column}
        facts["problems"] = [
            {"row": problem.row, "column": problem.column, "message": problem.message}
            for problem in self.found[:MOST_PROBLEMS_NAMED]
        ]
        return InputRefused(f"文件“{self.file}”没有读入。{first.sentence()}{others}", **facts)


@dataclass(frozen=True, slots=True)
class Line:
    """One data row: its number as a spreadsheet shows it, and its cells by column."""

    row: int
    cells: dict[str, str]


def read_lines(path: Path, header: Sequence[str]) -> tuple[Line, ...]:
    """Every data row of the file, cells stripped of surrounding blanks; InputRefused if anything at all is wrong."""
    problems = Problems(path.name)
    records = _records(_text(path, problems), problems)
    _check_header(records[0] if records else [], header, problems)
    problems.refuse_if_any()
    lines = []
    for row, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            problems.add("整行是空的，请删去这一行。", row)
            continue
        if len(record) != len(header):
            problems.add(f"应有 {len(header)} 列，实有 {len(record)} 列，请检查多余或缺少的逗号。", row)
            continue
        cells = {column: cell.strip() for column, cell in zip(header, record, strict=True)}
        for column, cell in cells.items():
            _check_cell(cell, row, column, problems)
        lines.append(Line(row, cells))
    if not problems.found and not lines:
        problems.add("只有表头，没有数据行。")
    problems.refuse_if_any()
    return tuple(lines)


def number_in(
    line: Line,
    column: str,
    problems: Problems,
    *,
    below: Decimal = MOST_WAN,
    most: Decimal | None = None,
    decimals: int = MOST_DECIMALS,
) -> Decimal:
    """The exact number in a cell, from 0 to `most`, or less than `below`, written with `decimals` decimals at most.

    A problem is noted and 0 stands in until the file is refused.
    """
    text = line.cells[column]
    if not PLAIN_NUMBER.fullmatch(text):
        problems.add(f"“{text[:40]}”{_why_no_number(text)}", line.row, column)
        return Decimal(0)
    number = Decimal(text)
    if most is not None and number > most:
        problems.add(f"{text[:40]} 超过上限 {most:f}。", line.row, column)
    elif most is None and number >= below:
        problems.add(f"{text[:40]} 达到或超过上限 {below:f}，应比它小。", line.row, column)
    elif len(text.partition(".")[2]) > decimals:
        problems.add(f"{text[:40]} 的小数超过 {decimals} 位。", line.row, column)
    return number


def name_in(line: Line, column: str, problems: Problems, *, most: int) -> str:
    """The name in a cell, of at most `most` characters."""
    text = line.cells[column]
    if len(text) > most:
        problems.add(f"名称有 {len(text)} 个字，最多 {most} 个字，请用规范简称。", line.row, column)
    elif text and not any(unicodedata.category(sign)[0] in "LN" for sign in text):
        problems.add(f"“{text[:40]}”里没有文字，请填写名称。", line.row, column)
    return text


def word_in(line: Line, column: str, allowed: Sequence[str], problems: Problems) -> str:
    """The word in a cell, one of `allowed`."""
    text = line.cells[column]
    if text not in allowed:
        problems.add(f"“{text[:40]}”不在可填范围：{'、'.join(allowed)}。", line.row, column)
    return text


def _why_no_number(text: str) -> str:
    if text.startswith(("-", "－", "−")):
        return "是负数，请核对。"
    if re.fullmatch(r"[0-9]{1,3}([,，][0-9]{3})+(\.[0-9]+)?", text, re.ASCII):
        return "带有千分位分隔符，请去掉逗号。"
    if text.endswith(("%", "％")):
        return "带有百分号，请只填数字。"
    if any(unicodedata.category(sign) == "Nd" and not sign.isascii() for sign in text):
        return "用了全角数字，请改为半角数字。"
    return "不是数字，请只填阿拉伯数字和小数点。"


def _text(path: Path, problems: Problems) -> str:
    raw = _bytes(path, problems)
    kind = kind_of_bytes(raw)
    if kind is not None:
        problems.add(f"这是 {kind}，不是 CSV。{SAVE_AS}" if kind in TABLES else f"这是 {kind}，不是 CSV。{OPEN_TABLE}")
        raise problems.refusal()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.add(f"文件编码是 UTF-16（Unicode 文本），应为 UTF-8。{SAVE_AS}")
        raise problems.refusal()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        what = "GBK（ANSI）" if _is_gbk(raw) else "未知编码或文件已损坏"
        problems.add(f"文件编码是 {what}，应为 UTF-8。{SAVE_AS}", row)
        raise problems.refusal() from error
    if "\x00" in text:
        problems.add(f"文件含有空字符，不是文本文件。{SAVE_AS}")
        raise problems.refusal()
    return text


def _bytes(path: Path, problems: Problems) -> bytes:
    """The file's bytes; a file too large is refused before it is read."""
    if not path.is_file():
        problems.add("找不到这个文件，请检查路径。" if not path.exists() else "这不是普通文件。")
        raise problems.refusal()
    size = path.stat().st_size
    if size > MOST_BYTES:
        megabytes, most = f"{size / 1024 / 1024:.1f}", MOST_BYTES // 1024 // 1024
        problems.add(f"文件有 {megabytes} MB，超过上限 {most} MB，没有读取；请拆分或核对文件。")
        raise problems.refusal()
    try:
        return path.read_bytes()
    except OSError as error:
        problems.add("系统不允许读取这个文件，请检查文件权限。")
        raise problems.refusal() from error


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _records(text: str, problems: Problems) -> list[list[str]]:
    """The file's records without blank lines at its end, or rows a spreadsheet left there with nothing but commas."""
    reader = csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), strict=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record)
            if len(records) > MOST_ROWS + 1:
                problems.add(f"数据超过 {MOST_ROWS} 行，请拆分文件。")
                raise problems.refusal()
    except csv.Error as error:
        problems.add(f"引号不成对，或单元格过长，无法分列。{SAVE_AS}", len(records) + 1)
        raise problems.refusal() from error
    while len(records) > 1 and not any(cell.strip() for cell in records[-1]):
        records.pop()
    return records


def _check_header(found: Sequence[str], expected: Sequence[str], problems: Problems) -> None:
    cells = [cell.strip() for cell in found]
    if cells == list(expected):
        return
    wanted = ",".join(expected)
    if not cells:
        problems.add(f"文件是空的；第一行应为表头：{wanted}。")
    elif len(cells) == 1 and re.search("[;\t；]", cells[0]):
        problems.add(f"列之间应用英文逗号分隔；表头应为：{wanted}。", 1)
    elif sorted(cells) == sorted(expected):
        problems.add(f"列的顺序不对；表头应为：{wanted}。", 1)
    else:
        different = next((c for c, e in zip(cells, expected, strict=False) if c != e), None)
        problems.add(f"表头不对，应为：{wanted}。", 1, different[:40] if different else None)


def _check_cell(cell: str, row: int, column: str, problems: Problems) -> None:
    if not cell:
        problems.add("单元格是空的，请填写。", row, column)
    elif cell.startswith(FORMULA_STARTS) and not NEGATIVE.fullmatch(cell):
        problems.add(f"“{cell[:40]}”以 {cell[0]} 开头，会被表格软件当作公式，请去掉。", row, column)
    elif len(cell) > MOST_CHARACTERS:
        problems.add(f"单元格超过 {MOST_CHARACTERS} 个字。", row, column)
    elif any(_is_unseen(sign) for sign in cell):
        problems.add("单元格里有换行或看不见的字符，请删去后重填。", row, column)


def _is_unseen(sign: str) -> bool:
    """A control, a direction mark, half a character, one nobody has assigned, or a letter that shows nothing."""
    return unicodedata.category(sign)[0] == "C" or unicodedata.category(sign) in ("Zl", "Zp") or sign in BLANK_LETTERS
