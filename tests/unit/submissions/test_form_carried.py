"""What a form carries over from the frozen one before it is laid down, whatever stands in the draft."""

import pytest

from engine.submissions.forms import FORMS, check
from engine.submissions.forms.carried import brought_over, carried_over
from tests.factories_forms import context_for, valid_content


@pytest.mark.parametrize("code", ["F05", "F06", "F07", "F08"])
def test_forms_that_answer_to_a_target_carry_its_rows(code: str) -> None:
    carried = carried_over(FORMS[code], context_for(code))

    assert carried is not None
    assert list(carried.rows) == [f"y{n}" for n in range(1, 10)]
    assert carried.holds("y1", "weight")
    assert carried.holds("y1", "lower")
    assert not carried.holds("y1", "deviation_reason")
    assert not carried.holds("own", "weight")


@pytest.mark.parametrize("code", sorted(set(FORMS) - {"F05", "F06", "F07", "F08"}))
def test_other_forms_carry_nothing_that_is_laid_down(code: str) -> None:
    assert carried_over(FORMS[code], context_for(code)) is None


def test_as_long_as_no_target_is_frozen_nothing_is_laid_down() -> None:
    assert carried_over(FORMS["F06"], context_for("F06", target=None)) is None


def test_the_review_carries_what_the_self_evaluation_said_too() -> None:
    carried = carried_over(FORMS["F08"], context_for("F08"))

    assert carried is not None
    assert carried.holds("y1", "self_score")
    assert not carried.holds("y1", "review_score")


def test_a_draft_from_before_the_target_changed_gets_the_rows_and_cells_as_they_are_now() -> None:
    context = context_for("F06")
    old = valid_content("F06", **{"indicators[y1].weight": "99", "indicators[y1].target_text": "示例：旧"})
    old["indicators"] = [row for row in old["indicators"] if row["id"] != "y9"]

    content = brought_over(old, carried_over(FORMS["F06"], context))

    first, last = content["indicators"][0], content["indicators"][-1]
    assert (first["weight"], "target_text" in first, first["actual_value"]) == ("15", False, "487")
    assert last["name"] == "老人满意度"
    assert not [found for found in check(FORMS["F06"], content, context) if "绩效目标" in found.message]
