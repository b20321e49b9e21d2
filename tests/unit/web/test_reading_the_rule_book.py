"""The two tables of `jixiao rules`, out of a folder of features."""

from pathlib import Path

import pytest

from engine.errors import EngineError
from web.rule_book import book_json, book_words, read_rule_book

RULES = "CH-01 S2 R 入库申报必设绩效目标\nCH-29 S1 F 事前评估结果成为必备附件\nHX-01 S0 R 制度依据\n"
UNTOLD = "# 说明\nHX-01 没有制度库\n"
CELLS = """# 说明
1 S1 事前评估
  从化区 CH-29 可用
    ex_ante/one 先评估
  花溪区 HX-01 未做 没有制度库
2 S2 目标为前置条件
  从化区 CH-01 部分 入库时看不到目标
    ex_ante/one 没有目标的不安排
"""
FEATURE = """# language: zh-CN
功能: 示例
  @CH-29
  场景: 先评估
    假如 从化区的项目

  @CH-01 @CH-29
  场景大纲: 没有目标的不安排
    假如 从化区的<类型>
"""


@pytest.fixture
def features(tmp_path: Path) -> Path:
    (tmp_path / "ex_ante").mkdir()
    for name, text in (
        ("rules.txt", RULES), ("untold.txt", UNTOLD), ("capabilities.txt", CELLS), ("ex_ante/one.feature", FEATURE),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_rule_is_told_by_the_scenarios_that_carry_its_number(features: Path) -> None:
    first, second, third = read_rule_book(features).rules

    assert first.told == ("ex_ante/one 没有目标的不安排",)
    assert second.told == ("ex_ante/one 先评估", "ex_ante/one 没有目标的不安排")
    assert (third.told, third.reason) == ((), "没有制度库")


def test_cells_are_counted_by_how_much_works_and_what_is_only_announced_apart(features: Path) -> None:
    told = book_json(read_rule_book(features))["capabilities"]

    assert (told["cells"], told["working"], told["partly"], told["open"]) == (3, 1, 1, 1)
    assert told["announced_only"] == 1
    assert [cell["jurisdiction"] for row in told["rows"] for cell in row["cells"]] == ["从化区", "花溪区", "从化区"]


def test_the_words_tell_each_rule_and_what_is_missing_in_each_cell(features: Path) -> None:
    words = book_words(read_rule_book(features)).splitlines()

    assert "  HX-01 制度依据 —— 没有场景：没有制度库" in words
    assert "共 3 条，场景说到 2 条，没有说到 1 条。" in words
    assert "    从化区 部分（CH-01），见 1 个场景：入库时看不到目标" in words
    assert words[-2:] == [
        "各地文件写到 3 格：可用 1 格，部分 1 格，未做 1 格。",
        "不算只是拟实行的 1 格，规定和做法 2 格里可用 0 格。",
    ]


def test_where_there_are_no_features_it_says_where_they_are(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="随源代码一起") as refusal:
        read_rule_book(tmp_path)

    assert refusal.value.code == "rules.no_features"


@pytest.mark.parametrize("line", ["一 S1 事前评估", "1 S1 事前评估\n  从化区 CH-29 差不多"])
def test_a_line_that_cannot_be_read_is_named(features: Path, line: str) -> None:
    (features / "capabilities.txt").write_text(line, encoding="utf-8")

    with pytest.raises(EngineError, match="读不懂") as refusal:
        read_rule_book(features)

    assert line.splitlines()[-1] in refusal.value.message
