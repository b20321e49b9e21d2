"""A person finishes a step, and the case moves on: what every command of a human step is made of."""

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from engine.audit.digests import content_of_opinion, content_of_paper, digest_of
from engine.audit.events.papers import SubmissionApproved, SubmissionFilled, SubmissionReturned, SubmissionSubmitted
from engine.audit.events.tasks import TaskCompleted
from engine.cases import Case, CasePaper
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves import updates
from engine.moves.amounts import must_be_at_the_amount, target_form
from engine.moves.answering import record_answers, remember_remarks
from engine.moves.conflicts import unless_it_went_on
from engine.moves.filling import fill, judged
from engine.moves.firing import fire_first
from engine.moves.grading import settle_grade
from engine.moves.lateness import FILES, Lateness, filed_late, lateness
from engine.moves.ledgers import keep_ledgers
from engine.moves.move import Move
from engine.moves.outcome import Outcome, accepted, remarks_in
from engine.moves.papers_before import ROUNDS
from engine.moves.permissions import must_be_permitted, must_stand
from engine.moves.reading import Standing, standing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, beginning, begun, done_with, must_be_as_seen
from engine.moves.settling import asks_amount, settle
from engine.process import Element, StepKind
from engine.reviews import Review, must_not_be_own
from engine.stages import diagrams_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.tasks import Task, TaskNotOpen
from engine.words import OutcomeWord, SubmissionState

Effect = Callable[[Move, Task], Mapping[str, Any] | None]


class TargetSuperseded(WrongState):
    """The self-evaluation answers to a target that is no longer in force (HX-06)."""

    code = "submission.target_superseded"


class SpecialStep(WrongState):
    """The step has a command of its own."""

    code = "task.special_step"


def finish(
    session: Session,
    asked: Asked,
    task_id: UUID,
    outcome: Outcome,
    *,
    named: str = "complete_task",
    also: Effect | None = None,
) -> Receipt:
    """Close a task and move its case on, once; `named` is the command the diagram must name for the step.

    `also` adds that command's own rows before the process steps; what it gives are routing variables it derives.
    """
    found = standing(session, task_id, *beginning(asked))
    found.task.must_lie_with(asked.by)
    known = begun(session, asked, found.answers)
    if known is not None:
        return known
    return take_step(session, asked, found, outcome, named=named, also=also)


def take_step(
    session: Session,
    asked: Asked,
    found: Standing,
    outcome: Outcome,
    *,
    named: str = "complete_task",
    also: Effect | None = None,
) -> Receipt:
    """`finish` for a request that was not carried out before."""
    task, case, by = found.task, found.case, asked.by
    must_be_as_seen(session, asked, case)
    element = must_be_takeable(session, found, by, asked.command, named)
    with unless_it_went_on(session, case):
        if found.next_due is not None and found.next_due <= asked.at:
            must_still_wait(fire_first(session, case, asked.at).taken, task.id, element)
            must_stand(asked.command, case)
        move = Move(session, case, by, asked.at)
        _step(move, found, element, outcome, also)
    return done_with(asked, move, {"task": str(task.id)})


def _step(move: Move, found: Standing, element: Element, outcome: Outcome, also: Effect | None) -> None:
    """All that one person's step does to the case."""
    task, case = found.task, found.case
    variables = accepted(outcome, element)
    outcome = settle(move, task, element, outcome)
    must_be_at_the_amount(move.forms, element, case.object_kind, outcome.word, move.amount_wan)
    late = lateness(task, case, element, outcome, move.at)
    read = remarks_in(outcome, element, case.object_kind)
    outcome = replace(outcome, remarks=[remark.to_json() for remark in read] or None)
    variables |= _keep(move, task, element, outcome)
    if late is not None:
        _tell_late(move, task, element, late)
    keep_ledgers(move, task, element, outcome)
    if also is not None:
        variables |= also(move, task) or {}
    move.completed(task.id, outcome.word)
    move.complete(task.id, variables)


def must_be_takeable(session: Session, found: Standing, by: Actor, command: str, named: str) -> Element:
    """The step of a task `by` may finish now with the command `named`; refuses everything else."""
    found.task.must_be_open()
    must_be_permitted(command, by)
    must_stand(command, found.case)
    found.must_be_for(by)
    element = diagrams_of(session, found.case.diagrams_id).element(found.task.process, found.task.element)
    special = element.step.command or "complete_task"
    if special != named:
        raise SpecialStep(f"“{element.name}”要用专门的办理页面完成，不能直接办结。请从待办打开办理。", command=special)
    return element


def must_still_wait(taken: Container[UUID], task_id: UUID, element: Element) -> None:
    """Refuse a step that is among those a deadline fired just now has `taken` away."""
    if task_id in taken:
        raise TaskNotOpen(
            f"“{element.name}”的期限已过，流程已收回这件任务；您填写的内容没有报送。请刷新待办；需要补报的，请从案卷申请。",
            task_id=str(task_id),
        )


def _keep(move: Move, task: Task, element: Element, outcome: Outcome) -> dict[str, Any]:
    if element.step.kind is StepKind.FILL:
        before = move.forms.of(element.step.form_for(move.case.object_kind) or "", task.item)
        computed = fill(move, task, element, outcome)
        move.record(SubmissionFilled(**_facts(task, outcome), **_filled(move)))
        for paper in move.rows.get(table_of(Submission), ()):
            record_answers(move, task, before, paper)
        return computed
    latest = judged(move, task, element) or _sent_back_unseen(move, element, outcome)
    done, facts = (
        (TaskCompleted, _opinion(move, task, None, outcome))
        if latest is None
        else _judge(move, task, element, outcome, latest)
    )
    fills = latest is None or outcome.content is not None or outcome.word == element.step.normal_outcome
    computed = fill(move, task, element, outcome) if fills else {}
    move.record(done(**_facts(task, outcome), **facts, **_filed(move)))
    return computed | settle_grade(move, element, outcome, latest)


def _sent_back_unseen(move: Move, element: Element, outcome: Outcome) -> CasePaper | None:
    """The target a step about the amount sends back, though the step is not about the paper."""
    about = asks_amount(element) and OutcomeWord(outcome.word).sends_back
    return move.forms.of(target_form(move.case.object_kind)) if about else None


def _tell_late(move: Move, task: Task, element: Element, late: Lateness) -> None:
    paper = _handed_in(move, task, element)
    move.record(filed_late(task, late, paper.id if paper is not None else None))
    if paper is not None:
        move.forms = move.forms.excused(paper, task.item)
    if late.granted:
        move.forms = move.forms.without_late()


def _handed_in(move: Move, task: Task, element: Element) -> CasePaper | None:
    """The version a step has just filed or confirmed; None where it only said something."""
    if element.step.kind not in FILES:
        return None
    kind = move.case.object_kind
    return move.forms.of(element.step.form_for(kind) or element.step.judges_for(kind) or "", task.item)


Done = type[TaskCompleted] | type[SubmissionSubmitted] | type[SubmissionReturned] | type[SubmissionApproved]
JUDGEMENTS: dict[str, tuple[SubmissionState, Done]] = {
    "approved": (SubmissionState.APPROVED, SubmissionApproved),
    "recorded": (SubmissionState.APPROVED, SubmissionApproved),
    "signed_off": (SubmissionState.APPROVED, SubmissionApproved),
    "returned": (SubmissionState.RETURNED, SubmissionReturned),
    "revise": (SubmissionState.RETURNED, SubmissionReturned),
}
"""What a word of somebody who looks at a version makes of it, and the event that says so."""


def _judge(
    move: Move, task: Task, element: Element, outcome: Outcome, latest: CasePaper
) -> tuple[Done, dict[str, Any]]:
    """Which event tells the judgement, and what it says of the paper and the opinion."""
    assert move.by is not None
    must_answer_to_target_in_force(move.case, latest, outcome.word)
    submission = latest.id
    paper = {"submission": submission, "paper_version": latest.version}
    if element.step.kind is StepKind.CONFIRM and outcome.word == "submitted":
        updates.hand_in(move, submission, move.by.person_id, move.at)
        move.forms = move.forms.signed(latest, task.item, move.by.persons)
        return SubmissionSubmitted, paper
    must_be_checkable(move.by, element, latest)
    judging = element.step.kind in (StepKind.REVIEW, StepKind.CONFIRM) or OutcomeWord(outcome.word).sends_back
    state, event = JUDGEMENTS.get(outcome.word if judging else "", (None, TaskCompleted))
    if state is not None:
        updates.judge(move, submission, state)
    if state is SubmissionState.RETURNED:
        move.forms = move.forms.sent_back(latest, task.item)
    _count_round(move, task, outcome)
    return event, paper | _opinion(move, task, submission, outcome)


def must_be_checkable(by: Actor, element: Element, latest: CasePaper) -> None:
    """Refuse whoever filed or confirmed the version this step reviews, or decides about."""
    if element.step.kind in (StepKind.REVIEW, StepKind.DECIDE):
        must_not_be_own(by, *latest.by)


def must_answer_to_target_in_force(case: Case, latest: CasePaper, word: str) -> None:
    """Refuse to pass on a self-evaluation of a target that was adjusted after it was filled in; it may go back."""
    target = case.forms.target
    if latest.against is None or target is None or latest.against == target.version or OutcomeWord(word).sends_back:
        return
    raise TargetSuperseded(
        f"这份自评对照的是第 {latest.against} 版目标，目标已调整，现行的是第 {target.version} 版，不能再往下办。"
        "请退回，由填报人按现行目标重新自评。",
        against=latest.against,
        in_force=target.version,
    )


def _count_round(move: Move, task: Task, outcome: Outcome) -> None:
    """Which of the ordered rounds a target has passed (GZ-11); a return in one of them begins them anew.

    A return after them (the final check, an adjusted target) leaves them passed.
    """
    if task.element not in ROUNDS.values():
        return
    if outcome.word == "returned":
        move.forms = move.forms.without_rounds()
    else:
        move.forms = move.forms.with_round(task.element)


def _opinion(move: Move, task: Task, submission: UUID | None, outcome: Outcome) -> dict[str, Any]:
    """Keep the opinion, if there is one; gives what the event says of it."""
    if submission is None and not outcome.reason and not outcome.remarks:
        return {}
    if submission is not None and outcome.remarks:
        remember_remarks(move, submission)
    assert move.by is not None
    row = move.add(
        Review,
        id=uuid4(),
        task_id=task.id,
        submission_id=submission,
        outcome=outcome.word,
        reason=outcome.reason,
        remarks=outcome.remarks,
        by=move.by.person_id,
        at=move.at,
    )
    return {"opinion": row["id"], "opinion_digest": digest_of(content_of_opinion(row))}


def _filled(move: Move) -> dict[str, Any]:
    """What the event of a filling step says of the version it kept."""
    facts: dict[str, Any] = {}
    for paper in move.rows.get(table_of(Submission), ()):
        facts = {"form": paper["form"], "paper_version": paper["version"], "submission": paper["id"]}
        facts["digest"] = digest_of(content_of_paper(paper))
    return facts


def _filed(move: Move) -> dict[str, Any]:
    """What the event of another step says of a paper that came with it."""
    facts: dict[str, Any] = {}
    for paper in move.rows.get(table_of(Submission), ()):
        facts = {"filed": paper["id"], "filed_digest": digest_of(content_of_paper(paper))}
    return facts


def _facts(task: Task, outcome: Outcome) -> dict[str, Any]:
    facts: dict[str, Any] = {"task": task.id, "step": task.step, "outcome": outcome.word}
    if task.item:
        facts["item"] = task.item
    if outcome.answers:
        facts["answers"] = dict(outcome.answers)
    return facts
