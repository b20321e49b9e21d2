"""What is made public, and what must have happened first: pure rules over the table `publication_gate` (CH-18)."""

from collections.abc import Collection, Sequence

from engine.words import DELIBERATIONS, CaseKind, DocumentKind, EvaluationKind, PublicationStep

_PUBLISHED_AS = {
    EvaluationKind.KEY_EVALUATION: DocumentKind.KEY_EVALUATION_REPORT,
    EvaluationKind.SPOT_REVIEW: DocumentKind.SPOT_REVIEW_RESULT,
    EvaluationKind.SELF_EVALUATION: DocumentKind.SELF_EVALUATION_REPORT,
}


def document_kind(object_kind: str, evaluation_kind: str | None) -> DocumentKind | None:
    """As what the result of a case is published, in the words of `publication_gate`; None while there is no result.

    >>> document_kind("whole_department", "key_evaluation").label, document_kind("project", "spot_review").label
    ('部门整体评价报告', '自评复核结果')
    """
    if object_kind == CaseKind.WHOLE_DEPARTMENT and evaluation_kind == EvaluationKind.KEY_EVALUATION:
        return DocumentKind.WHOLE_DEPARTMENT_REPORT
    return None if evaluation_kind is None else _PUBLISHED_AS.get(EvaluationKind(evaluation_kind))


def steps_before_publication(steps: Sequence[str]) -> tuple[str, ...]:
    """The steps that must be on record before publication; none where the gate does not lead to publication.

    >>> steps_before_publication(["government", "congress", "publish"])
    ('government', 'congress')
    >>> steps_before_publication(["leaders", "executive_meeting", "congress_reading"])
    ()
    """
    if PublicationStep.PUBLISH not in steps:
        return ()
    return tuple(step for step in steps[: steps.index(PublicationStep.PUBLISH)] if step in DELIBERATIONS)


def steps_missing(steps: Sequence[str], passed: Collection[str]) -> tuple[str, ...]:
    """Which of them have not been passed yet, in the order of the gate."""
    return tuple(step for step in steps_before_publication(steps) if step not in passed)
