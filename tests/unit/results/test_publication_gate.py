"""What comes before publication."""

import pytest

from engine.results.publication import document_kind, steps_before_publication, steps_missing


def test_both_government_and_congress_are_asked_first_in_conghua() -> None:
    steps = ["government", "congress", "publish"]

    assert steps_missing(steps, []) == ("government", "congress")
    assert steps_missing(steps, ["government"]) == ("congress",)
    assert steps_missing(steps, ["congress", "government"]) == ()


def test_going_out_with_the_accounts_is_a_date_and_no_deliberation() -> None:
    assert steps_before_publication(["congress", "with_accounts", "publish"]) == ("congress",)


def test_what_comes_after_publication_does_not_hold_it_up() -> None:
    assert steps_before_publication(["publish", "deputies"]) == ()


def test_a_gate_that_does_not_lead_to_publication_demands_nothing_before_it() -> None:
    assert steps_before_publication(["leaders", "executive_meeting", "congress_reading", "deputies"]) == ()


@pytest.mark.parametrize(
    ("object_kind", "evaluation_kind", "expected"),
    [
        ("project", "key_evaluation", "key_evaluation_report"),
        ("policy", "key_evaluation", "key_evaluation_report"),
        ("whole_department", "key_evaluation", "whole_department_report"),
        ("project", "spot_review", "spot_review_result"),
        ("project", "self_evaluation", "self_evaluation_report"),
        ("project", None, None),
    ],
)
def test_a_result_is_published_as_what_it_rests_on(
    object_kind: str, evaluation_kind: str | None, expected: str | None
) -> None:
    assert document_kind(object_kind, evaluation_kind) == expected
