"""任务办理: one task as its person finds it: the form as it stands, what is judged, what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, CasePaper, LateFiling, OpenAdjustment
from engine.directory import Actor, Person, Unit
from engine.findings import FormFinding
from engine.moves.asking import OpenMove, moves_open_to
from engine.moves.letters import FORM as LETTER
from engine.moves.letters import NUMBER, number_of_letter
from engine.moves.papers_before import context_of
from engine.moves.reading import Standing, standing
from engine.process import Element
from engine.queries.drafts import DraftUnknown, KeptDraft, draft_of
from engine.queries.open_steps import deadline_behind
from engine.queries.versions import Version, versions_of
from engine.queries.waiting_days import waiting_days
from engine.reviews.remarks import Remark
from engine.reviews.remarks import standing as stands
from engine.stages import library_of, step_drawn
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.submissions.forms import FORMS, FormContext, MalformedForm, check, prefill, refigured
from engine.submissions.forms.carried import Carried, carried_over
from engine.submissions.forms.offices import without_stops_of_others
from engine.tasks import Task
from engine.words import OutcomeWord, RemarkState, Stage, TaskState, UnitKind, said_process

UNREADABLE = "填写格式"
"""The source of a finding about a cell that cannot be read as a value."""


@dataclass(frozen=True, slots=True)
class PaperToFill:
    """The form of the step as it stands: the draft, else the last version when it came back, else prefilled.

    Computed cells are as they now come out. `before` is the content of the last version, to be compared with;
    `carried` the cells laid down by a frozen form; `filler` the kind of unit that fills it in, cells of others are not
    its own; `remarks` what was said of the last version, as it stands with what is typed so far, in `versions` too.
    """

    form: str
    content: Mapping[str, Any]
    draft: KeptDraft | None
    findings: Sequence[FormFinding]
    carried: Carried | None
    filler: UnitKind | None
    before: Mapping[str, Any] | None
    versions: tuple[Version, ...]
    remarks: tuple[Remark, ...]

    @property
    def answered(self) -> int:
        """How many of the remarks are changed or explained."""
        return sum(remark.state is not RemarkState.UNCHANGED for remark in self.remarks)

    @property
    def stops(self) -> int:
        """How many places keep it from being handed in."""
        return sum(finding.stops for finding in self.findings)


@dataclass(frozen=True, slots=True)
class PaperToJudge:
    """The version the step looks at, its content, the content of the version before, and all versions with remarks."""

    form: str
    version: int
    submission_id: UUID
    content: Mapping[str, Any]
    before: Mapping[str, Any] | None
    findings: Sequence[FormFinding]
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """Who finished a task, when, and with which word."""

    by: str
    by_id: int
    at: datetime
    outcome: OutcomeWord


@dataclass(frozen=True, slots=True)
class TaskCard:
    """The whole page. `version` is handed in as `expected`; `moves` says what can be done and why not.

    `is_open` False: the task is over, and there is nothing to fill in or do; `ended` says how, None where it was taken
    back. `late`: it was opened by a granted 补报. `adjustment`: it belongs to a change of the budget under way.
    `waits`: what its day waits for, where it has a deadline and no day.
    """

    task_id: UUID
    step: str
    process: str
    element: str
    stage: str
    kind: str | None
    command: str | None
    round: int
    sent_back: bool
    item: str | None
    role: str
    unit_id: int
    due_on: date | None
    deadline_id: UUID | None
    holder_id: int | None
    holder: str | None
    held: bool
    is_open: bool
    case_id: int
    code: str
    name: str
    unit: str
    object_kind: str
    fiscal_year: int
    amount_wan: Any
    version: int
    to_fill: PaperToFill | None
    to_judge: PaperToJudge | None
    moves: tuple[OpenMove, ...]
    ended: Ended | None
    late: LateFiling | None = None
    adjustment: OpenAdjustment | None = None
    waits: str | None = None


def task_card(session: Session, actor: Actor, task_id: UUID, *, at: datetime) -> TaskCard:
    """One task of the actor's office; refuses one that lies with another unit or office, or is not there."""
    found = standing(session, task_id)
    task, case = found.task, found.case
    task.must_lie_with(actor)
    element = step_drawn(session, case.diagrams_id, task.process, task.element)
    is_open = task.state == TaskState.OPEN
    names = _names(session, case, task)
    waits = task.due_on is None and names.deadline_id is not None
    return TaskCard(
        task_id=task.id,
        step=element.name,
        process=task.process,
        element=task.element,
        stage=said_process(task.process),
        kind=element.step.kind,
        command=element.step.command,
        round=task.round,
        sent_back=task.mends,
        item=task.item,
        role=task.role,
        unit_id=task.unit_id,
        due_on=task.due_on,
        deadline_id=names.deadline_id,
        holder_id=task.holder_id,
        holder=names.holder,
        held=found.held,
        is_open=is_open,
        case_id=case.id,
        code=case.code,
        name=case.name,
        unit=names.unit,
        object_kind=case.object_kind,
        fiscal_year=case.fiscal_year,
        amount_wan=case.amount_wan,
        version=case.journal_seq,
        to_fill=_to_fill(session, actor, found, element, at) if is_open else None,
        to_judge=_to_judge(session, actor, found, element, at) if is_open else None,
        moves=moves_open_to(session, task_id, actor, at=at) if is_open else (),
        ended=_ended(task, names.doer),
        late=case.forms.late(task.id),
        adjustment=case.forms.adjustment if task.process == Stage.BUDGET_ADJUSTMENT else None,
        waits=waiting_days(session, actor, [case.id]).get(task.id) if waits else None,
    )


def form_context(session: Session, case: Case, code: str, task: Task, actor: Actor, at: datetime) -> FormContext:
    """What a form filled in at this task is checked against."""
    policy = library_of(session).policy_version(session, case.policy_id)
    return context_of(session, case, policy, code, task.item, task.process, at, actor.name)


def examined(form: str, content: Mapping[str, Any], context: FormContext) -> list[FormFinding]:
    """自动审核 of a content; where it cannot be read, a finding for each place nobody can read."""
    try:
        return check(FORMS[form], content, context)
    except MalformedForm as refusal:
        unread = dict(refusal.facts.get("fields", {})) or {"": refusal.message}
        return [FormFinding("error", path, sentence, UNREADABLE, "required") for path, sentence in unread.items()]


def _ended(task: Task, doer: str | None) -> Ended | None:
    if doer is None or task.completed_by is None or task.completed_at is None or task.outcome is None:
        return None
    return Ended(doer, task.completed_by, task.completed_at, task.outcome)


def _names(session: Session, case: Case, task: Task) -> Any:
    """The `unit` of the case; the `holder` of the task, its `doer` once finished, and the `deadline_id` of its day."""
    holder, doer = (
        select(Person.name).where(Person.id == who).scalar_subquery() for who in (task.holder_id, task.completed_by)
    )
    day = deadline_behind(case.id, task.id, task.due_on)
    return session.execute(
        select(Unit.name.label("unit"), holder.label("holder"), doer.label("doer"), day.label("deadline_id")).where(
            Unit.id == case.unit_id
        )
    ).one()


def _to_fill(session: Session, actor: Actor, found: Standing, element: Element, at: datetime) -> PaperToFill | None:
    task, case = found.task, found.case
    code = element.step.form_for(case.object_kind)
    if code is None:
        return None
    latest = case.forms.of(code, task.item)
    before = _content(session, case, latest)
    draft = _draft(session, actor, task.id)
    context = form_context(session, case, code, task, actor, at)
    if draft is not None:
        content = draft.content
    elif before is not None and latest is not None:
        content = before
    else:
        content = prefill(FORMS[code], context)
    spent = number_of_letter(session, latest.id) if latest is not None and code == LETTER else None
    if spent is not None and draft is None:
        content = {name: value for name, value in content.items() if name != NUMBER}
    content = refigured(FORMS[code], content, context)
    findings, carried = examined(code, content, context), carried_over(FORMS[code], context)
    filler = task.role.fills_in_for
    theirs = without_stops_of_others(FORMS[code], content, findings, filler)
    if theirs is not None:
        content, findings = theirs, examined(code, theirs, context)
    if spent is not None:
        findings = [*findings, _is_spent(spent)]
    versions = versions_of(session, actor, latest.id) if latest is not None else ()
    versions = (*versions[:-1], *(_answered(version, before or {}, content) for version in versions[-1:]))
    remarks = tuple(remark for version in versions[-1:] for one in version.said for remark in one.remarks)
    return PaperToFill(code, content, draft, findings, carried, filler, before, versions, remarks)


def _is_spent(number: str) -> FormFinding:
    """What to know of the number of a letter that is written anew: the one that went out keeps its own."""
    return FormFinding(
        "hint", NUMBER, f"原函文号“{number}”已随原函发出，不能再用，请另编文号。", "一函一文号", "arithmetic"
    )


def _answered(version: Version, before: Mapping[str, Any], content: Mapping[str, Any]) -> Version:
    """The last version with its remarks as they stand with what is typed so far."""
    said = tuple(
        replace(one, remarks=tuple(stands(remark, before, [content]) for remark in one.remarks)) for one in version.said
    )
    return replace(version, said=said)


def _to_judge(session: Session, actor: Actor, found: Standing, element: Element, at: datetime) -> PaperToJudge | None:
    task, case = found.task, found.case
    code = element.step.judges_for(case.object_kind)
    latest = case.forms.before(code, task.item) if code is not None else None
    if code is None or latest is None:
        return None
    content = _content(session, case, latest) or {}
    versions = versions_of(session, actor, latest.id)
    earlier = [each.submission_id for each in versions if each.version < latest.version]
    before = _contents(session, case, earlier[-1:]).get(earlier[-1]) if earlier else None
    findings = examined(code, content, form_context(session, case, code, task, actor, at))
    return PaperToJudge(code, latest.version, latest.id, content, before, findings, versions)


def _draft(session: Session, actor: Actor, task_id: UUID) -> KeptDraft | None:
    try:
        return draft_of(session, actor, task_id)
    except DraftUnknown:
        return None


def _content(session: Session, case: Case, paper: CasePaper | None) -> Mapping[str, Any] | None:
    return None if paper is None else _contents(session, case, [paper.id]).get(paper.id)


def _contents(session: Session, case: Case, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    paper = all_of(Submission)
    rows = session.execute(select(paper.id, paper.content).where(paper.case_id == case.id, paper.id.in_(ids)))
    return {row.id: row.content for row in rows}
