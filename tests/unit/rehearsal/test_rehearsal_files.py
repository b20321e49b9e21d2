"""Where a rehearsal leaves its results: all three files or none, and a summary an officer can read."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.rehearsal.files import OutRefused, leave, workshop
from engine.rehearsal.rehearse import Outcome
from engine.rehearsal.summary import headline, summary

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
}
OUTCOME = Outcome(RESULT, [{"code": "P001", "history": ["2020-09-01 示例绩效股甲：建立项目案卷。"]}])


def test_the_three_files_appear_together_in_a_new_folder(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"

    with workshop(out) as folder:
        assert not out.exists()
        leave(OUTCOME, folder)

    assert sorted(path.name for path in out.iterdir()) == ["cases.jsonl", "results.json", "summary.md"]
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
    text = summary(RESULT)

    assert "都是演练示例，不是这些单位和机构的真实情况" in text
    assert "部门整体 2 家：优 1 个，良 1 个；最高 96.00 分，最低 80.20 分。" in text
    assert "自评得分平均比第三方评价得分高 8.45 分。" in text
    assert "| 资金｜总额 | 1034 | 1033.496 | 差 0.504。 |" in text


def test_the_terminal_gets_the_same_in_a_few_lines() -> None:
    assert headline(RESULT).splitlines()[-1] == "有 1 处不一致。"


def test_a_year_without_projects_says_nothing_of_projects() -> None:
    only_departments = RESULT | {
        "projects": {"count": 0, "fund_lines": 0, "funds_wan": "0", "grades": {}, "mean_self_minus_third_party": None}
    }

    assert "项目" not in headline(only_departments)
