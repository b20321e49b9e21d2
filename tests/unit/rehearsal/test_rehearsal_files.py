"""Where a rehearsal leaves its results: all its files or none, and a summary an officer can read."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from engine.rehearsal.files import OutRefused, leave, workshop
from engine.rehearsal.rehearse import Outcome
from engine.rehearsal.summary import headline
from engine.rehearsal.written import as_markdown, as_page

RESULT: dict[str, Any] = {
    "jurisdiction": "huaxi",
    "jurisdiction_title": "花溪区",
    "year": 2021,
    "seed": 1,
    "departments": {"count": 2, "grades": {"优": 1, "良": 1}, "max": "96.00", "min": "80.20"},
    "projects": {
        "count": 1,
        "fund_lines": 2,
        "funds_wan": "1033.496",
        "grades": {"优": 1},
        "mean_self_minus_third_party": "8.45",
    },
    "human_steps": 120,
    "returns": 5,
    "withdrawals": 1,
    "late_steps": 3,
    "deadlines_fired": 4,
    "budget_adjustments": 0,
    "letters": 3,
    "rectification_items": 4,
    "cases": 3,
    "cases_finished": 3,
    "journal": {"chains": 4, "entries": 300, "holds": True},
    "first_day": "2020-09-01",
    "last_day": "2023-01-10",
    "grades_compared": 3,
    "grades_equal": 3,
    "evaluated_beyond_the_table": [],
    "published_agreeing": ["部门整体评价最高分"],
    "published_not_computed": [],
    "disagreements": [
        {"measure": "资金|总额", "published": "1034", "computed": "1033.496", "note": "差 0.504。", "kind": "differs"}
    ],
    "remarks": [],
    "lowest": [{"name": "乙局", "score": "80.20", "grade": "良"}],
    "widest_gaps": [{"name": "学校<经费>", "self": "99.58", "third_party": "91.13", "gap": "8.45"}],
    "late_rectifications": {"items": 2, "units": [{"unit": "乙局", "late": 2, "items": 3}]},
    "amounts": {
        "objects": 1, "less": 1, "asked_wan": "1100", "settled_wan": "1033.496", "cut_wan": "66.504", "rate": "6.05"
    },
    "effects": [{"effect": "优先保障", "budget_year": 2023, "objects": 1, "cut_wan": "0"}],
    "decided_by_people": [{"step": "绩效自评：是否备案", "times": 3, "answers": {"是": 2, "否": 1}}],
    "days_not_laid_down": [{"deadline": "结果应用与公开·更正", "times": 1}],
}  # fmt: skip
OUTCOME = Outcome(RESULT, [{"code": "P001", "history": ["2020-09-01 示例绩效股甲：建立项目案卷。"]}])


def test_the_four_files_appear_together_in_a_new_folder(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"

    with workshop(out) as folder:
        assert not out.exists()
        leave(OUTCOME, folder)

    assert sorted(path.name for path in out.iterdir()) == [
        "cases.jsonl",
        "results.json",
        "summary.html",
        "summary.md",
    ]
    assert json.loads((out / "results.json").read_text("utf-8")) == RESULT
    assert json.loads((out / "cases.jsonl").read_text("utf-8").splitlines()[0])["code"] == "P001"
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


def test_an_earlier_result_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("old")
    (tmp_path / "mine.txt").write_text("keep")

    with workshop(tmp_path, force=True) as folder:
        leave(OUTCOME, folder)

    assert json.loads((tmp_path / "results.json").read_text("utf-8")) == RESULT
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_a_rehearsal_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def fails() -> None:
        with workshop(out) as folder:
            folder.write("results.json", "half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()

    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    occupied = tmp_path / "out"
    occupied.write_text("a file")

    with pytest.raises(OutRefused, match="不是文件夹，没有开始"), workshop(occupied):
        pytest.fail("started all the same")


def test_the_summary_says_what_is_made_up_and_names_every_disagreement() -> None:
    text = as_markdown(RESULT)

    assert "都是演练示例，不是这些单位和机构的真实情况" in text
    assert "| 资金｜总额 | 1034 | 1033.496 | 差 0.504。 |" in text


def test_the_summary_begins_with_the_year_in_ten_figures_each_with_what_it_counts_and_where_it_comes_from() -> None:
    first_page = as_markdown(RESULT).split("\n## ")[1]
    rows = [line.strip("| ").split(" | ") for line in first_page.splitlines() if line.startswith("| ")]

    assert first_page.startswith("一年十个数")
    assert [row[0] for row in rows[2:]] == [str(n) for n in range(1, 11)]
    assert all(row[3] and row[4] in ("输入文件", "演练示例") for row in rows[2:])
    assert [row[2] for row in rows[2:]] == [
        "2 家：优 1 个，良 1 个", "96.00、80.20", "1 个：优 1 个", "1033.496 万元，2 笔", "3 ÷ 3 ＝ 100.00 %",
        "自评平均高 8.45 分", "66.504 万元（6.05 %），1 个", "5 次", "4 项，逾期 2 项", "3 次",
    ]  # fmt: skip


def test_then_come_the_disagreements_what_nobody_laid_down_and_what_stands_out() -> None:
    headings = [line for line in as_markdown(RESULT).splitlines() if line.startswith("## ")]

    assert headings == ["## 一年十个数", "## 与公布数的差别", "## 本区没有规定的", "## 值得注意的", "## 怎样得出"]


def test_it_is_told_how_often_a_person_had_to_decide_and_what() -> None:
    assert "| 绩效自评：是否备案 | 3 | 是：2 次；否：1 次 |" in as_markdown(RESULT)


def test_the_page_says_the_same_and_draws_the_counts() -> None:
    page = html.document_fromstring(as_page(RESULT))
    (title,) = page.xpath("//h1/text()")
    bars = {figure.xpath("string(figcaption)"): figure.xpath(".//rect/@width") for figure in page.xpath("//figure")}

    assert title == "花溪区 2021 年度演练"
    assert bars == {
        "部门整体等级": ["100.00", "100.00"], "项目等级": ["100.00"], "由人认定的次数": ["100.00"]
    }  # fmt: skip
    assert page.xpath("//td[.='学校<经费>']")
    assert page.xpath("//script | //link | //img | //@src") == []


def test_nothing_published_is_not_called_agreement() -> None:
    alone = RESULT | {"published_agreeing": [], "disagreements": []}

    assert headline(alone).splitlines()[-1] == "等级没有不一致，没有可对照的公布汇总数。"


def test_the_terminal_gets_the_same_in_a_few_lines() -> None:
    assert headline(RESULT).splitlines()[-1] == "有 1 处不一致。"


def test_a_year_without_projects_says_nothing_of_projects() -> None:
    only_departments = RESULT | {
        "projects": {"count": 0, "fund_lines": 0, "funds_wan": "0", "grades": {}, "mean_self_minus_third_party": None}
    }

    assert "项目" not in headline(only_departments)
