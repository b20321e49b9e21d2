"""Taking a form in: its shape, its checks, a new version, and what the process may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from engine.cases import CasePaper
from engine.errors import InvalidInput, WrongState
from engine.findings import FormFinding
from engine.indicators import IndicatorUse
from engine.moves import scores
from engine.moves.doubting import HANDED_IN, SELF_EVALUATIONS
from engine.moves.gate import kind_of
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.papers_before import context_of
from engine.process import Element
from engine.submissions import PaperText, Submission
from engine.submissions.forms import FORMS, take_in
from engine.submissions.forms.indicators import library_codes
from engine.submissions.forms.self_evaluation_rows import all_in_full
from engine.tasks import Task
from engine.words import Role, SubmissionState


class SubmissionIncomplete(InvalidInput):
    """The form has findings that stop it; `findings` says where, what and why."""

    code = "submission.incomplete"


class FormMissing(InvalidInput):
    """The step fills a form and none came with it."""

    code = "submission.form_missing"


class NothingToJudge(WrongState):
    """There is no version to judge or confirm."""

    code = "submission.nothing_to_judge"


def fill(move: Move, task: Task, element: Element, outcome: Outcome) -> dict[str, Any]:
    """Keep a new version of the form this step fills; gives the routing variables computed from it."""
    code = element.step.form_for(move.case.object_kind)
    if code is None:
        return {}
    if outcome.content is None:
        raise FormMissing(f"“{element.name}”要填{FORMS[code].title}，没有收到表单内容。请填好后再报送。", form=code)
    submission, computed = keep_version(move, task, code, outcome.content)
    content = submission["content"]
    asked = element.step.computes
    if "score" in asked:
        computed |= scores.keep_score(move, code, content, submission["id"])
    if "document_kind" in asked:
        computed["document_kind"] = kind_of(move.session, move.case)
    return {name: computed[name] for name in asked if name in computed}


def keep_version(move: Move, task: Task, code: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep one more version of a form as its next; gives its row and the facts the form works out.

    Refuses what the form's checks stop.
    """
    context = context_of(
        move.session, move.case, move.policy, code, task.item, task.process, move.at, move.by.name if move.by else ""
    )
    taken = take_in(FORMS[code], given, context)
    refuse_incomplete(code, taken.findings)
    content, move.proposals = taken.content, context.proposals
    version = move.forms.version_of(code, task.item) + 1
    assert move.by is not None
    straight = task.role != Role.UNIT_CLERK
    submission = move.add(
        Submission,
        id=uuid4(),
        task_id=task.id,
        stage=task.process,
        form=code,
        item=task.item,
        version=version,
        state=SubmissionState.SUBMITTED if straight else SubmissionState.FILLED,
        content=content,
        filled_by=move.by.person_id,
        filled_at=move.at,
        submitted_by=move.by.person_id if straight else None,
        submitted_at=move.at if straight else None,
        frozen_at=None,
    )
    for used in library_codes(content):
        move.add(IndicatorUse, code=used)
    for path, mark in taken.prints.items() if code in HANDED_IN else ():
        move.add(PaperText, submission_id=submission["id"], path=path, form=code, digest=UUID(mark))
    filed = CasePaper(code, submission["id"], version, move.by.persons)
    if code in SELF_EVALUATIONS:
        target = move.forms.target
        filed = replace(filed, in_full=all_in_full(content), against=target.version if target else None)
    move.forms = move.forms.with_paper(filed, task.item)
    return submission, dict(taken.facts)


def judged(move: Move, task: Task, element: Element) -> CasePaper | None:
    """The latest version this step judges or confirms; None when it judges none."""
    code = element.step.judges_for(move.case.object_kind)
    if code is None:
        return None
    latest = move.forms.before(code, task.item)
    if latest is None:
        raise NothingToJudge(
            f"“{element.name}”要看的{FORMS[code].title}还没有报送。请刷新待办，或请财政绩效股核对流程。", form=code
        )
    return latest


def refuse_incomplete(code: str, findings: Sequence[FormFinding]) -> None:
    """Refuse a form with an error, or with something to explain that nobody explained."""
    stops = [finding for finding in findings if finding.stops]
    if stops:
        first = "".join(finding.message for finding in stops[:3])
        more = f"（共{len(stops)}处）" if len(stops) > 3 else ""
        raise SubmissionIncomplete(
            f"{FORMS[code].title}还不能报送：{first}{more}",
            form=code,
            findings=[{"severity": f.severity, "field": f.field, "message": f.message} for f in stops],
        )
