"""Tables people bring: what the cells of a workbook are read as, and what is refused in which words."""

import doctest
from datetime import date, datetime
from typing import Any

import pytest

from engine.sheets import Bounds, Row, SheetRefused, as_csv, model, read_table, table_of_csv
from engine.sheets import workbook as room
from tests.workbooks import with_part, workbook

BOUNDS = Bounds(size_bytes=2_000_000, rows=50)
HEAD = ["单位", "金额"]
SHEET = "xl/worksheets/sheet1.xml"


def refusal(raw: bytes, name: str = "名单.xlsx") -> str:
    with pytest.raises(SheetRefused) as refused:
        read_table(name, raw, BOUNDS)
    return refused.value.message


def cells_of(*row: Any, change: Any = None) -> tuple[str, ...]:
    return read_table("名单.xlsx", workbook([HEAD, row], change=change), BOUNDS).rows[0].cells


def test_the_examples_hold() -> None:
    assert doctest.testmod(model).failed + doctest.testmod(room).failed == 0


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("  示例单位甲 ", "示例单位甲"), ("一\r\n二", "一\n二"), ("00123", "00123"), ("'=1", "'=1"),
        (123, "123"), (1.5, "1.5"), (476.604 + 556.892, "1033.496"), (0.1 + 0.2, "0.3"), (98.86676, "98.86676"),
        (1e20, "100000000000000000000"), (-2.50, "-2.5"), (True, "是"),
        (datetime.fromisoformat("2022-10-12"), "2022-10-12"), (date(2022, 10, 12), "2022-10-12"),
        (datetime.fromisoformat("2022-10-12T09:30"), "2022-10-12 09:30:00"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_a_person_sees_it(value: object, read: str) -> None:
    assert cells_of(value, "x")[0] == read


def test_text_that_only_looks_like_a_formula_is_text() -> None:
    def as_text(sheet: Any) -> None:
        sheet["A2"].data_type = "s"

    assert cells_of("=不是公式", "x", change=as_text)[0] == "=不是公式"


def test_a_percentage_keeps_its_sign() -> None:
    def as_percentage(sheet: Any) -> None:
        sheet["B2"].number_format = "0.00%"

    assert cells_of("示例单位甲", 0.075, change=as_percentage) == ("示例单位甲", "7.5%")


def test_the_first_sheet_one_can_see_is_read_and_rows_keep_their_numbers() -> None:
    def hidden_before(sheet: Any) -> None:
        sheet.parent.create_sheet("旧", 0).sheet_state = "hidden"

    table = read_table("名单.xlsx", workbook([HEAD, [], ["甲", 1], [None, None], ["乙"]], change=hidden_before), BOUNDS)

    assert table.sheet == "名单"
    assert table.header == ("单位", "金额")
    assert table.rows == (Row(3, ("甲", "1")), Row(5, ("乙",)))


def test_a_table_kept_as_csv_is_the_same_table() -> None:
    table = read_table("名单.xlsx", workbook([HEAD, [], ["甲,“乙”", '一\n"二"'], ["", "3"]]), BOUNDS)

    again = table_of_csv(as_csv(table), BOUNDS)

    assert (again.header, again.rows) == (table.header, table.rows)


def test_formulas_and_faults_are_named_by_their_cells() -> None:
    said = refusal(workbook([HEAD, ["甲", "=A1"], ["乙", "#DIV/0!"], *[["丙", "=1+1"]] * 5]))

    assert "工作表“名单”第 2 行 B 列是公式；第 3 行 B 列是错误值 #DIV/0!" in said
    assert "共 7 处" in said
    assert "选择性粘贴" in said


def bomb(_: bytes) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><worksheet>&a8;</worksheet>'.encode()


PLAIN = workbook([HEAD, ["甲", 1]])
FAR = b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'
WIDE = b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (with_part(PLAIN, SHEET, bomb), "文档类型声明"),
        (with_part(PLAIN, "xl/workbook.xml", bomb), "文档类型声明"),
        (with_part(PLAIN, "xl/media/image1.png", bomb(b"")), "文档类型声明"),
        (with_part(PLAIN, SHEET, b"<a>" * 200), "太多"),
        (with_part(PLAIN, SHEET, lambda told: told[:-30]), "已损坏"),
        (with_part(PLAIN, SHEET, b"<worksheet/>"), "是空的"),
        (with_part(PLAIN, SHEET, lambda told: told.replace(b'<v>1</v>', b"<v>eins</v>")), "已损坏"),
        (with_part(PLAIN, "xl/styles.xml", b"<nothing/>"), "没有读入"),
        (with_part(PLAIN, "xl/vbaProject.bin", b"\0"), "含有宏"),
        (with_part(PLAIN, "xl/big.xml", b"<a>" + b" " * 60_000_000 + b"</a>"), "解压后超过"),
        (PLAIN[: len(PLAIN) // 2], "已损坏"),
        (b"PK\x03\x04" + b"\0" * 60, "已损坏"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 60, "密码"),
        (workbook([]), "是空的"),
        (workbook([[], HEAD, ["甲", 1]]), "第 1 行是空的"),
        (workbook([HEAD, *[["甲", 1]] * 60]), "超过 50 行"),
        (workbook([HEAD, ["甲"] * 70]), "第 2 行超过 64 列"),
        (b"x" * 2_000_001, "超过 2 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(raw: bytes, said: str) -> None:
    message = refusal(raw)

    assert said in message
    assert "请" in message


def test_a_file_with_macros_is_refused_by_its_name() -> None:
    assert "宏" in refusal(PLAIN, "名单.XLSM")


@pytest.mark.parametrize("told", [FAR, WIDE])
def test_a_cell_far_outside_the_sheet_costs_nothing(told: bytes) -> None:
    raw = with_part(PLAIN, SHEET, lambda part: part.replace(b"</sheetData>", told))

    assert read_table("名单.xlsx", raw, BOUNDS).rows[0].cells == ("甲", "1")
