"""补报: the way back to a step that a deadline took away.

Whether one may ask is in the table `late_filing`, for the deadline that took it away; the way itself is drawn: while
the case stands at a step whose border waits for `<diagram>.late_filing`, it can be led back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.filings import LateFilingGranted
from engine.cases import Case, LateFiling
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.errors import NotAllowed, WrongState
from engine.moves.extending import DateRefused, latest_day
from engine.moves.move import Move, wait_for
from engine.policies import Decision, Policy
from engine.reviews import ReasonMissing
from engine.stages import library_of, step_name
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.tasks import Draft, Task
from engine.texts import is_blank
from engine.words import DeadlineState, TaskState, said_deadline

MESSAGE, DECISION = "late_filing", "late_filing"


class NotTakenAway(WrongState):
    """The task is open, done, or was taken back for another reason than its day."""

    code = "late_filing.not_taken_away"


class LateFilingNotLaidDown(WrongState):
    """The jurisdiction does not say whether this step may be handed in after its day."""

    code = "late_filing.not_laid_down"


class LateFilingNotAllowed(NotAllowed):
    """The jurisdiction's table says that this step is not handed in after its day."""

    code = "late_filing.not_allowed"


class NoWayBack(WrongState):
    """The case has gone on, or its diagram has no way back."""

    code = "late_filing.no_way_back"


@dataclass(frozen=True, slots=True)
class Closed:
    """A step that a deadline took away; `rule` is what the table says about asking, undefined for 本区未规定."""

    step: str
    deadline: Deadline
    rule: Decision | None
    rule_told: str | None
    policy: Policy

    @property
    def laid_down(self) -> bool:
        """Whether the jurisdiction says anything about it."""
        return self.rule is not None and not self.rule.undefined

    def latest(self, today: date) -> date:
        """The furthest day on which it may be handed in after all: as far from today as a day may be put off."""
        return latest_day(self.policy, self.deadline, since=today)


def taken_away(session: Session, case: Case, task: Task) -> Closed:
    """Which deadline took a task away, and what the table says; refuses a task that no deadline took."""
    deadline = _last_fired(session, task) if task.state == TaskState.CLOSED else None
    if deadline is None:
        raise NotTakenAway(
            "这件任务不是因为期限届满收回的，不用申请补报。仍在办理的请直接报送，已办结的请看案卷。",
            task_id=str(task.id),
        )
    rule = rule_for(session, case.policy_id, deadline.name, deadline.started_on)
    policy = library_of(session).policy_version(session, case.policy_id)
    told = policy.row_told(DECISION, rule.row) if rule is not None and not rule.undefined else None
    return Closed(step_name(session, case.diagrams_id, task.process, task.element), deadline, rule, told, policy)


def rule_for(session: Session, policy_id: int, deadline: str, started_on: date) -> Decision | None:
    """What a case's tables say about asking for the step that this deadline took away; None: tables without a word."""
    policy = library_of(session).policy_version(session, policy_id)
    stage, _, step = deadline.partition(".")
    known = DECISION in policy.tables  # tables of earlier releases say nothing about it
    return policy.decide(DECISION, {"stage": stage, "step": step}, on=started_on) if known else None


def _last_fired(session: Session, task: Task) -> Deadline | None:
    deadline = all_of(Deadline)
    return session.scalars(
        select(deadline)
        .where(
            deadline.case_id == task.case_id, deadline.task_id == task.id, deadline.timer.is_not(None),
            deadline.state == DeadlineState.FIRED,
        )
        .order_by(deadline.closed_at.desc(), deadline.due_at.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip


def must_lead_back(case: Case, task: Task, closed: Closed) -> None:
    """Refuse what the table does not allow or does not know, and a case from which no way is drawn any more."""
    name, rule = said_deadline(closed.deadline.name), closed.rule
    if rule is None or rule.undefined:
        raise LateFilingNotLaidDown(
            f"“{closed.step}”已于{closed.deadline.due_on:%m月%d日}截止；截止后能否补报，本区未规定，没有申请。"
            "流程已按期限表往下办理，有新情况请向办理下一步的部门说明。",
            deadline=name,
        )
    if not rule.outputs["allowed"]:
        raise LateFilingNotAllowed(
            f"“{closed.step}”已于{closed.deadline.due_on:%m月%d日}截止，截止后不能补报，没有申请。"
            f"依据：{closed.rule_told}，{rule.source}。",
            deadline=name, source=rule.source,
        )  # fmt: skip
    if wait_for(case.waits, f"{task.process}.{MESSAGE}") is None:
        raise NoWayBack(
            f"案卷已经往下办理，“{closed.step}”不能再补报，没有办理。请到案卷查看现在办到哪一步。", deadline=name
        )


def refuse_bad_day(reason: str, until: date, today: date, latest: date) -> None:
    """Refuse a day that has passed or is further off than the table lets it be, and a request without a reason."""
    if is_blank(reason):
        raise ReasonMissing("补报要写明原因，没有办理。请补充。")
    if until > latest:
        raise DateRefused(f"这个期限按期限表最晚延到{latest:%Y-%m-%d}，没有办理。请核对年份。", until=until.isoformat())
    if until < today:
        raise DateRefused(
            f"补报的截止日不能早于今天（{today:%Y-%m-%d}），没有办理。请改一个以后的日期。", until=until.isoformat()
        )


def lead_back(
    session: Session, case: Case, task: Task, closed: Closed, until: date, why_late: str, *, reason: str, by: Actor,
    at: datetime,
) -> UUID | None:  # fmt: skip
    """Open the step again until `until`, with the draft that was kept; gives the task that is to be handed in.

    What opens is the same unit's, whoever in it had the paper; its version will be told as late. Refuses a case that
    has gone on.
    """
    case.must_be_active()
    must_lead_back(case, task, closed)
    move = Move(session, case, by, at)
    catch = wait_for(move.waits, f"{task.process}.{MESSAGE}")
    if catch is None:
        raise NoWayBack(f"流程的期限已过，“{closed.step}”不能再补报，没有办理。请到案卷查看最新进度。")
    deadline = closed.deadline
    move.record(
        LateFilingGranted(
            id=deadline.id,
            deadline=deadline.name,
            due_on=deadline.day,
            until=until,
            reason=reason,
            task=task.id,
            step=task.step,
        )  # fmt: skip
    )
    move.deliver(catch, {MESSAGE: "granted"}, until)
    opened = next((key for key, row in move.new_tasks.items() if _of_the_same_unit(row, task)), None)
    if opened is not None:
        move.forms = move.forms.with_late(LateFiling(opened, deadline.day, why_late))
        _take_draft_along(move, task.id, opened)
    move.write()
    return opened


def _of_the_same_unit(row: dict[str, object], task: Task) -> bool:
    return (row["process"], row["unit_id"]) == (task.process, task.unit_id)


def _take_draft_along(move: Move, closed_id: UUID, opened_id: UUID) -> None:
    draft = move.session.get(Draft, closed_id)
    if draft is not None:
        kept = {"content": draft.content, "saved_by": draft.saved_by, "saved_at": draft.saved_at}
        row = {"task_id": opened_id, "jurisdiction": draft.jurisdiction, "version": draft.version, **kept}
        move.rows.setdefault(table_of(Draft), []).append(row)
