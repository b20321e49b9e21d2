"""What stands beside a score, as levels of the tree."""

from engine.queries.grade_reasons import Node, levels_of

ROW = {"id": "y3", "name": "按期完成率", "points": "9.50", "formula": "95÷100×10＝9.50", "notes": []}


def test_groups_have_their_rows_with_the_formula_of_each() -> None:
    (group,) = levels_of({"groups": [{"name": "产出指标", "weight": "50", "points": "48.2", "rows": [ROW]}]})

    assert (group.kind, group.label, group.value, group.facts) == ("subtotal", "产出指标", "48.2", {"weight": "50"})
    assert group.parts == (Node("row", "按期完成率", "9.50", {"id": "y3", "formula": "95÷100×10＝9.50", "notes": []}),)


def test_a_row_that_does_not_apply_has_no_points() -> None:
    (group,) = levels_of({"groups": [{"name": "效益指标", "points": "0", "rows": [{**ROW, "points": None}]}]})

    assert group.parts[0].value is None


def test_what_an_earlier_release_kept_are_subtotals_without_rows() -> None:
    assert [node.value for node in levels_of({"subtotals": {"产出指标": "48.2", "预算执行率": "10"}})] == ["48.2", "10"]


def test_of_a_total_alone_there_are_no_levels() -> None:
    assert list(levels_of({"grade_row": "grade_good"})) == []
