"""Whether a self-evaluation gave itself full marks throughout."""

import pytest

from engine.submissions.forms.self_evaluation_rows import all_in_full

FULL, LESS = {"score": "10.00", "weight": "10"}, {"score": "9.5", "weight": "10"}
LEFT_OUT = {"weight": "10", "not_applicable_reason": "示例：本年未实施"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([FULL, FULL], True),
        ([FULL, LESS], False),
        ([FULL, LEFT_OUT], True),
        ([LEFT_OUT], False),
        ([FULL, {"weight": "10"}], False),
        ([], False),
        (None, False),
    ],
)
def test_every_row_that_is_scored_has_its_full_marks(rows, expected) -> None:
    assert all_in_full({"indicators": rows}) is expected
