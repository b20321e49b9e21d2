"""What is made public, and what must have happened first: pure rules over the table `publication_gate` (CH-18)."""

from collections.abc import Collection, Sequence

DELIBERATIONS = {
    "leaders": "专报领导",
    "government": "报政府审议",
    "executive_meeting": "政府常务会审议",
    "congress": "人大（常委会）审议",
    "congress_reading": "汇编报人大参阅",
    "deputies": "送达参与的代表委员",
}
"""Steps of the gate that leave a record of their own; 随预算 and 随决算 only say when."""

PUBLISH = "publish"


def document_kind(object_kind: str, evaluation_kind: str | None) -> str | None:
    """As what the result of a case is published, in the words of `publication_gate`; None while there is no result.

    >>> document_kind("whole_department", "key_evaluation"), document_kind("project", "spot_review")
    ('whole_department_report', 'spot_review_result')
    """
    if object_kind == "whole_department" and evaluation_kind == "key_evaluation":
        return "whole_department_report"
    return {
        "key_evaluation": "key_evaluation_report",
        "spot_review": "spot_review_result",
        "self_evaluation": "self_evaluation_report",
    }.get(evaluation_kind or "")


def steps_before_publication(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps that must be on record before publication; none where the gate does not lead to publication.

    >>> steps_before_publication(["government", "congress", "publish"])
    ('government', 'congress')
    >>> steps_before_publication(["leaders", "executive_meeting", "congress_reading"])
    ()
    """
    if PUBLISH not in steps:
        return ()
    return tuple(step for step in steps[: steps.index(PUBLISH)] if step in DELIBERATIONS)


def steps_missing(steps: Sequence[str], passed: Collection[str]) -> tuple[str, ...]:
    """Which of them have not been passed yet, in the order of the gate."""
    return tuple(step for step in steps_before_publication(steps) if step not in passed)
