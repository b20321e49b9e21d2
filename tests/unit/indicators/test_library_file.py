"""指标库文件: what is read as a library, what is refused as none, and what is said of an entry."""

import pytest

from engine.indicators import Entry
from engine.indicators.library_file import HEADER, TEMPLATE
from engine.indicators.rules import problems_of
from engine.moves.indicators import DIRECTION_LABELS, entry_of, levels
from engine.sheets import VERDICT, Line, SheetRefused

HEAD = ",".join(HEADER)
ROW = "JY-01,新增学位数,产出指标,数量指标,教育,≥,个,当年新增学位数,"


def read_library(raw: bytes) -> tuple[Line, ...]:
    return TEMPLATE.lines_of(TEMPLATE.table_in("示例.csv", raw))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_library_is_read_in_the_encodings_spreadsheets_write(encoding: str) -> None:
    (line,) = read_library(f"{HEAD}\r\n{ROW}\r\n".encode(encoding))

    assert line.row == 2
    assert line.cells == ("JY-01", "新增学位数", "产出指标", "数量指标", "教育", "≥", "个", "当年新增学位数", "")


def test_rows_keep_the_numbers_a_spreadsheet_shows_when_empty_ones_are_left_out() -> None:
    lines = read_library(f"{HEAD}\n,,,,,,,,\n{ROW}\n,,,\n{ROW}".encode())

    assert [line.row for line in lines] == [3, 5]


def test_the_column_of_the_keeper_may_be_missing() -> None:
    (line,) = read_library(f"{HEAD.removesuffix(',归口')}\n{ROW.removesuffix(',')}".encode())

    assert len(line.cells) == len(HEADER)


def test_a_row_with_more_cells_than_the_header_says_so_and_the_others_are_read() -> None:
    wrong, right = read_library(f"{HEAD}\n{ROW},多,余\n{ROW}".encode())

    assert wrong.fault == "应有 9 列，实有 11 列，请检查多余的逗号或单元格。"
    assert right.fault == ""


def test_a_file_we_marked_comes_back_without_what_we_said_of_it() -> None:
    (line,) = read_library(f"{HEAD},{VERDICT}\n{ROW},“编码”未填".encode())

    assert line.cells == tuple(ROW.split(","))
    assert line.fault == ""


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "空的"),
        (HEAD.encode(), "只有表头"),
        (f"{HEAD}\n,,,,".encode(), "只有表头"),
        (b"PK\x03\x04" + b"\x00" * 60, "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 60, "CSV UTF-8"),
        (b"%PDF-1.7", "PDF"),
        (f"{HEAD}\n{ROW}".encode("utf-16"), "UTF-16"),
        (b"\xff\xff\xff\xff", "编码"),
        (f"{HEAD}\n{ROW}\x00".encode(), "编码"),
        (f'{HEAD}\n"{ROW}'.encode(), "第 2 行"),
        ("编码;名称\nA;B".encode(), "英文逗号"),
        ("编码,名称\nA,B".encode(), "表头不对"),
        (b"x" * (TEMPLATE.bounds.size_bytes + 1), "超过 4 MB"),
        ((HEAD + "\na,b" * (TEMPLATE.bounds.rows + 1)).encode(), f"超过 {TEMPLATE.bounds.rows} 行"),
        (f"{HEAD}\n{'长' * 140_000}".encode(), "单元格过长"),
    ],
)
def test_what_is_no_library_is_refused_with_what_to_do(raw: bytes, said: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_library(raw)

    assert said in refused.value.message
    assert "请" in refused.value.message


def entry(**changes: str) -> Entry:
    """A sound entry with some cells changed."""
    cells = {
        "code": "JY-01", "name": "新增学位数", "level1": "产出指标", "level2": "数量指标", "industry": "教育",
        "direction": "≥", "unit": "个", "calculation": "当年新增学位数",
    }  # fmt: skip
    return entry_of(cells | changes)


def said_of(one: Entry) -> dict[str, bool]:
    """Column → whether it stops, of every problem."""
    return {problem.column: problem.stops for problem in problems_of(one, levels(), DIRECTION_LABELS)}


def test_nothing_is_said_of_a_sound_entry() -> None:
    assert said_of(entry()) == {}


def test_people_write_the_direction_as_they_call_it() -> None:
    assert entry(direction="区间").direction == "range"
    assert said_of(entry(direction="定性", unit="", calculation="")) == {}


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("code", ""), ("code", "\u200b"), ("code", "有 空格"), ("code", "X" * 41), ("code", "行\n行"),
        ("name", " "), ("name", "名" * 201), ("name", "名\x07"),
        ("level1", "投入"), ("level1", ""), ("level2", "经济成本指标"), ("level2", ""),
        ("direction", ""), ("direction", "不低于"), ("unit", "个" * 21), ("industry", "行" * 41),
        ("calculation", "算" * 501),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_stand_is_named(column: str, told: str) -> None:
    assert said_of(entry(**{column: told}))[column] is True


@pytest.mark.parametrize("column", ["unit", "calculation"])
def test_a_measured_indicator_without_unit_or_calculation_is_only_worth_a_look(column: str) -> None:
    assert said_of(entry(**{column: ""})) == {column: False}


def test_a_calculation_may_have_lines() -> None:
    assert said_of(entry(calculation="分子\n分母")) == {}
