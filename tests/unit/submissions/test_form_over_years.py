"""What the reviewer sees between last year's paper and this year's."""

from typing import Any

from engine.submissions.forms import FORMS, FieldChange
from engine.submissions.forms.over_years import diff_over_years
from tests.factories_forms import valid_content

F02, F04 = FORMS["F02"], FORMS["F04"]


def with_other_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"id": f"z{number}"} for number, row in enumerate(rows)]


def test_rows_are_matched_by_their_names_though_no_id_is_the_same() -> None:
    last_year = valid_content("F02")
    now = valid_content("F02", **{"indicators[y4].target_value": "95"})
    now["indicators"] = with_other_ids(list(reversed(now["indicators"])))
    place = next(row["id"] for row in now["indicators"] if row["name"] == "按期完成率")

    assert diff_over_years(F02, last_year, now) == [
        FieldChange("changed", f"indicators[{place}].target_value", "绩效指标“按期完成率”·指标值", "100", "95")
    ]


def test_a_row_of_another_name_is_new_and_the_old_one_gone_even_where_they_have_one_id() -> None:
    now = valid_content("F02", **{"indicators[y4].name": "示例：准时率"})

    changes = diff_over_years(F02, valid_content("F02"), now)

    assert [(change.kind, change.label) for change in changes] == [
        ("added", "绩效指标“示例：准时率”"),
        ("removed", "绩效指标“按期完成率”"),
    ]


def test_a_cell_that_names_a_row_follows_the_row() -> None:
    now = valid_content("F04")
    names = {duty["id"]: f"z{number}" for number, duty in enumerate(now["duties"])}
    now["duties"] = with_other_ids(now["duties"])
    now["tasks"] = [task | {"duty": names[task["duty"]]} for task in now["tasks"]]

    assert diff_over_years(F04, valid_content("F04"), now) == []


def test_explanations_of_one_year_are_not_compared_with_those_of_another() -> None:
    explained = valid_content("F02", explanations={"indicators[y5].direction": "示例：合同约定"})

    assert diff_over_years(F02, explained, valid_content("F02")) == []
