"""Why a total is what it is, on the papers of one project from self-evaluation to key evaluation."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest

from engine.scores import basis, explain
from engine.scores.basis import PaperDoesNotFit
from engine.scoring.numbers import total
from engine.submissions.forms import FORMS, settle
from engine.submissions.forms.paths import look_up
from engine.submissions.forms.scored import ADDED, scored
from tests.factories_forms import context_for, valid_content

BY_FORM = {
    "F06": "mof2020.proportional@1",
    "F07": "mof2020.proportional@1",
    "F08": "f08.sum_of_rows@1",
    "F09": "f09.sum_of_rows@1",
}
TOTALS = {"F06": "92.66", "F07": "93.79", "F08": "89.66", "F09": "87.75"}


def paper(code: str, **changes: Any) -> dict[str, Any]:
    """The stored content of a form."""
    return settle(FORMS[code], valid_content(code, **changes), context_for(code))


def kept(code: str, content: dict[str, Any]) -> dict[str, Any]:
    """What is kept beside the score of this content, as it comes back from the database."""
    told: dict[str, Any] = json.loads(json.dumps(basis(scored(content, BY_FORM[code]))))
    return told


def why(code: str, **changes: Any) -> dict[str, Any]:
    content = paper(code, **changes)
    return explain(kept(code, content), content)


def rows_of(tree: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for group in tree["groups"] for row in group["rows"]}


@pytest.mark.parametrize("code", sorted(BY_FORM))
def test_the_tree_adds_up_at_every_level(code: str) -> None:
    tree = why(code)

    assert tree["total"] == TOTALS[code]
    assert total(_numbers(tree["groups"])) == _number(tree["total"])
    for group in tree["groups"]:
        assert total(_numbers(group["rows"])) == _number(group["points"])
    assert total(_number(group["weight"]) for group in tree["groups"]) == 100


@pytest.mark.parametrize("code", sorted(BY_FORM))
def test_every_row_names_the_cell_its_points_stand_in(code: str) -> None:
    content = paper(code)

    for row in rows_of(why(code)).values():
        assert row["field"].startswith(("indicators[", "rows[", "funds.score", "execution_score"))
        assert look_up(content, row["field"]) is not None


@pytest.mark.parametrize("code", sorted(BY_FORM))
def test_what_is_kept_is_plain_and_small(code: str) -> None:
    content = paper(code)

    told = kept(code, content)

    assert len(json.dumps(told, separators=(",", ":")).encode()) <= 100 + 30 * len(told["p"])


def test_a_self_evaluated_row_tells_method_measure_and_sum() -> None:
    tree = why("F06")

    assert tree["formula"] == "46.91＋27.65＋9.60＋8.50＝92.66"
    assert [(group["name"], group["weight"], group["points"]) for group in tree["groups"]] == [
        ("产出指标", "50", "46.91"),
        ("效益指标", "30", "27.65"),
        ("满意度指标", "10", "9.60"),
        ("预算执行率", "10", "8.50"),
    ]
    assert rows_of(tree)["y6"] == {
        "id": "y6",
        "field": "indicators[y6].score",
        "name": "受益户数",
        "second_level": "社会效益指标",
        "weight": "15",
        "points": "15.00",
        "formula": "实际 1680，达到“≥1000”，得满分＝15.00",
        "measured": "指标值≥1000户，实际1680户",
        "method": "at_least.proportional@1",
        "completion": "168.00%",
        "notes": [],
    }
    assert rows_of(tree)["funds.score"]["formula"] == "10×153÷180＝8.50"


def test_every_method_that_was_used_is_named_with_its_source() -> None:
    tree = why("F06")

    assert tree["method"]["title"] == "项目支出自评·按比例（成本列入产出）"
    assert set(tree["methods"]) == {row["method"] for row in rows_of(tree).values()}
    assert all(method["title"] and method["source"] and method["status"] for method in tree["methods"].values())


def test_a_row_that_does_not_apply_says_why_and_where_its_weight_went() -> None:
    rows = rows_of(why("F06", **{"indicators[y9].not_applicable_reason": "示例：本年没有调查"}))

    assert (rows["y9"]["points"], rows["y9"]["weight"]) == (None, "0")
    assert rows["y9"]["formula"].startswith("不适用（示例：本年没有调查）。")
    assert rows["y6"]["notes"] == ["有不适用的指标，本行分值由 15 调整为 16.66。"]


def test_a_reviewed_row_tells_self_score_clause_and_reason() -> None:
    row = rows_of(why("F08"))["y2"]

    assert row["formula"] == (
        "自评 10，按“多个目标中个别未完成，扣时效”扣减 30%（示例：一处站点现场核查尚未投用），复核 7"
    )
    assert row["measured"] == "指标值：=4个，自评：4个，复核：3个"


def test_an_evaluated_row_tells_what_was_taken_off_on_which_grounds() -> None:
    rows = rows_of(why("F09", **{"rows[execution].target": "100%", "rows[execution].actual": "85%"}))

    assert rows["execution"]["formula"] == "10－1.5（示例：见证据；依据：示例：标准第 2 条；证据：E-01）＝8.5"
    assert rows["execution"]["measured"] == "目标：100%，实际：85%"
    assert rows["basis"]["formula"] == "未扣分，得满分 5"


def test_points_kept_once_stay_what_they_were_and_a_later_reckoning_is_told_beside_them() -> None:
    content = paper("F06")
    earlier = kept("F06", content)
    earlier["p"]["y1"] = "14.60"

    tree = explain(earlier, content)

    assert rows_of(tree)["y1"]["points"] == "14.60"
    assert rows_of(tree)["y1"]["notes"] == ["按现存材料和方法重算为 14.61，当时留存的是 14.60，请核对。"]


def test_the_paper_of_another_version_is_refused() -> None:
    content = paper("F06")
    other = copy.deepcopy(content)
    other["indicators"][0]["id"] = "z1"

    with pytest.raises(PaperDoesNotFit, match="不是同一个版本"):
        explain(kept("F06", content), other)


def test_a_paper_whose_sum_is_its_own_has_a_source_too() -> None:
    assert all(added.method.title and added.method.source and added.method.status for added in ADDED.values())


def _number(text: str) -> Decimal:
    return Decimal(text)


def _numbers(nodes: list[dict[str, Any]]) -> list[Decimal]:
    return [_number(node["points"]) for node in nodes if node["points"] is not None]
