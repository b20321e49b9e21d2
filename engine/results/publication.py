"""What is made public, and what must have happened first: pure rules over the table `publication_gate` (CH-18)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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


def steps_first(steps: Sequence[str], body: str, with_task: Collection[str]) -> tuple[str, ...]:
    """What of a gate must be on record before the step `body` is, in its order; none where the gate does not name it.

    `with_task` are the steps a task of the diagram records. What comes after the last of these has no task to wait for,
    and is noted at the same time (HC-23 “同时”): before the last one, which ends the gate where it leads to no
    publication.

    >>> gate = ["leaders", "executive_meeting", "congress_reading", "deputies"]
    >>> tasks = ("executive_meeting", "congress_reading")
    >>> steps_first(gate, "executive_meeting", tasks), steps_first(gate, "deputies", tasks)
    (('leaders',), ('leaders', 'executive_meeting'))
    >>> steps_first(gate, "congress_reading", tasks)
    ('leaders', 'executive_meeting', 'deputies')
    """
    noted = [step for step in steps if step in DELIBERATIONS]
    if body not in noted:
        return ()
    at, last = noted.index(body), max((noted.index(step) for step in noted if step in with_task), default=len(noted))
    if at == last and PublicationStep.PUBLISH not in steps:
        return tuple(step for step in noted if step != body)
    return tuple(noted[: min(at, last)])


def way_of(steps: Sequence[str]) -> PublicationStep | None:
    """With what a document goes out; None where the table does not say, or it does not go out.

    >>> way_of(["congress", "with_accounts", "publish"]).label, way_of(["congress_reading", "publish"])
    ('随决算', None)
    """
    ways = (PublicationStep.WITH_BUDGET, PublicationStep.WITH_ACCOUNTS)
    return next((way for way in ways if PublicationStep.PUBLISH in steps and way in steps), None)


def day_to_publish(start: date | None, period: Mapping[str, Any]) -> date | None:
    """应公开日: so many calendar days after the day it is counted from; None while either is not known.

    >>> day_to_publish(date(2021, 1, 20), {"days": 20})
    datetime.date(2021, 2, 9)
    """
    days = period.get("days")
    return None if start is None or days is None else start + timedelta(days=int(days))


@dataclass(frozen=True, slots=True)
class Checks:
    """The three checks of a publication (GZ-22); None where nothing can be said yet.

    `late_days` are calendar days after 应公开日, `lacking` what should be contained and is not.
    """

    timely: bool | None
    late_days: int
    complete: bool | None
    lacking: tuple[str, ...]
    regular: bool | None


def checks_of(
    item: Mapping[str, Any], contents: Sequence[str], due_on: date | None, published_on: date | None, on: date
) -> Checks:
    """及时、完整、规范 of one item of F14 that should hold `contents`; `on` is today.

    >>> said = {"contents": ["报告"], "complete": True, "regular": True}
    >>> day = date(2022, 10, 12)
    >>> checks_of(said, ["报告", "得分"], day, day, day)
    Checks(timely=True, late_days=0, complete=False, lacking=('得分',), regular=True)
    >>> checks_of({}, ["报告"], day, None, date(2022, 10, 14))
    Checks(timely=False, late_days=2, complete=None, lacking=(), regular=None)
    """
    late = 0 if due_on is None else max(0, ((published_on or on) - due_on).days)
    timely = None if due_on is None or (published_on is None and not late) else not late
    if published_on is None:
        return Checks(timely, late, None, (), None)
    lacking = tuple(part for part in contents if part not in (item.get("contents") or ()))
    complete = False if lacking else item.get("complete")
    return Checks(timely, late, complete, lacking, item.get("regular"))
