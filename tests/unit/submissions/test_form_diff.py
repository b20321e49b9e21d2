"""What the reviewer sees between two versions."""

from engine.submissions.forms import FORMS, FieldChange, diff
from tests.factories_forms import valid_content

F02 = FORMS["F02"]


def test_a_version_does_not_differ_from_itself() -> None:
    assert diff(F02, valid_content("F02"), valid_content("F02")) == []


def test_a_changed_cell_is_named_with_its_row_and_both_values() -> None:
    changed = valid_content("F02", **{"indicators[y4].target_value": "95"})

    assert diff(F02, valid_content("F02"), changed) == [
        FieldChange("changed", "indicators[y4].target_value", "绩效指标“按期完成率”·指标值", "100", "95")
    ]


def test_the_same_figure_written_otherwise_is_no_change() -> None:
    assert diff(F02, valid_content("F02"), valid_content("F02", **{"funds.annual.total_wan": "180.00"})) == []


def test_moving_rows_is_no_change() -> None:
    rows = list(reversed(valid_content("F02")["indicators"]))

    assert diff(F02, valid_content("F02"), valid_content("F02", indicators=rows)) == []


def test_rows_that_come_and_go_are_told_whole() -> None:
    rows = valid_content("F02")["indicators"]
    new = rows[0] | {"id": "y99", "name": "示例：新指标"}

    changes = diff(F02, valid_content("F02"), valid_content("F02", indicators=[*rows[1:], new]))

    assert [(change.kind, change.field, change.label) for change in changes] == [
        ("added", "indicators[y99]", "绩效指标“示例：新指标”"),
        ("removed", "indicators[y1]", "绩效指标“培训护理人次”"),
    ]
    assert changes[0].after["target_value"] == "500"


def test_filling_and_emptying_a_cell_are_told_apart() -> None:
    changes = diff(F02, valid_content("F02", basis="示例：规划"), valid_content("F02", necessity="示例：急需"))

    assert [(change.kind, change.field) for change in changes] == [("removed", "basis"), ("added", "necessity")]


def test_a_block_is_compared_inside() -> None:
    changes = diff(F02, valid_content("F02"), valid_content("F02", **{"funds.annual.fiscal_wan": "171"}))

    assert [(change.field, change.label) for change in changes] == [
        ("funds.annual.fiscal_wan", "项目资金·年度资金总额·财政拨款")
    ]


def test_a_new_explanation_is_shown() -> None:
    explained = valid_content("F02", explanations={"indicators[y5].direction": "示例：合同约定"})

    (change,) = diff(F02, valid_content("F02"), explained)

    assert (change.kind, change.after) == ("added", "示例：合同约定")


def test_a_whole_table_that_appears_is_told_row_by_row() -> None:
    content = valid_content("F04")
    without = {key: value for key, value in content.items() if key != "goals"}

    assert [change.field for change in diff(FORMS["F04"], without, content)] == ["goals[g1]"]
