"""为什么是这一天: the day count of a deadline, and the row that lays its length down."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import last_instant
from engine.deadlines import DayNote, Plan, WorkingCalendar, plan_before_end, why_that_day
from engine.deadlines.editions import kept_version
from engine.deadlines.model import Deadline, ExtensionRequest
from engine.deadlines.problems import REPORT
from engine.deadlines.rules import explain_until
from engine.deadlines.wording import awaited, day_words, waiting_words
from engine.directory import Actor
from engine.errors import NotFound
from engine.moves.due import calendar_of
from engine.moves.problems import tables_in_force
from engine.moves.rectifying import OUTSIDE_LETTERS
from engine.queries.scope import visible_to
from engine.rectifications import Rectification
from engine.stages import library_of
from engine.stages.model import Launch
from engine.store.archives import row_by_id

LATER_OWN_DAY = "期限表的这一天早于这一步自己的截止日，按较晚的一天：到那一天为止都可以报送，之后才收回"
ANOTHER_TABLE = "设定这个期限以后，期限表或工作日历换过版本，当时逐日怎样计算不再列出"


GOES_ON = "核验退回的，单位报送时还剩几个工作日，退回后就还有几个工作日；撤回的日期不变。"
"""How a problem keeps its day."""


class DeadlineUnknown(NotFound):
    """No such deadline for this person."""

    code = "deadline.unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a deadline falls on its day: the row with source and status, the days counted, and whether it was moved.

    The days are those of the calendar it was counted with, `laid_down_on` is what the table gave then. Of deadlines of
    earlier releases neither was kept: both are `recounted` with the calendar of today. One without a day says what it
    `waits` for.

    `name` is that of the deadline, as `stage.step`; `rule` is the row as people look it up. `given` is why finance
    gave another day with the launch, `granted` why it let the step be handed in after all; without a rule of the
    jurisdiction `laid_down_on` is that day, and `row` and `rule` are None.
    """

    case_id: int
    name: str
    due_on: date | None
    laid_down_on: date | None
    row: str | None
    rule: str | None
    source: str | None
    status: str | None
    notes: tuple[DayNote, ...]
    words: str
    given: str | None = None
    granted: str | None = None
    recounted: bool = False
    waits: str | None = None
    awaits_year: int | None = None

    @property
    def year(self) -> int:
        """The year whose calendar it hangs on."""
        return self.awaits_year if self.due_on is None and self.awaits_year else (self.due_on or date.min).year

    @property
    def moved(self) -> bool:
        """Whether the day is another than the one the table gave."""
        return self.due_on is not None and self.due_on != self.laid_down_on


def reason_of(session: Session, actor: Actor, deadline_id: UUID) -> Reason:
    """The reason of a deadline of a case the actor may see, by the case's tables and the calendar of that time."""
    deadline = row_by_id(session, Deadline, deadline_id)
    case = None if deadline is None else _seen(session, actor, deadline.case_id)
    if deadline is None or case is None:
        raise DeadlineUnknown("没有这个期限，或者您无权查看。请从待办重新打开。", deadline_id=str(deadline_id))
    if _is_of_letter(deadline):
        return _of_letter(session, case, deadline)
    policy = library_of(session).policy_version(session, case.policy_id)
    if deadline.stands_alone:
        policy = tables_in_force(session, case.jurisdiction)
    stage, _, step = deadline.name.partition(".")
    decision = policy.decide("deadline", {"stage": stage, "step": step}, on=deadline.started_on)
    if decision.undefined:
        return _without_rule(session, case, deadline)
    calendar = _counted_with(session, deadline)
    plan = plan_before_end(deadline.started_on, decision.outputs, case.fiscal_year, calendar, case.facts)
    counted = plan.due_on and max(plan.due_on, plan.started_on)
    laid_down_on = deadline.laid_down_on if deadline.row_id and deadline.laid_down_on else counted
    put_off = bool(deadline.interrupting and laid_down_on and counted and laid_down_on > counted)
    later = LATER_OWN_DAY if put_off else ANOTHER_TABLE
    notes, words = (plan.notes, _words(plan)) if laid_down_on == counted else ((), later)
    waits = awaited(deadline)
    if waits is not None:
        notes, words = _as_far_as_counted(deadline, calendar, waits)
    granted = _granted(session, deadline)
    return Reason(
        case_id=case.id,
        name=deadline.name,
        due_on=deadline.due_on,
        laid_down_on=laid_down_on,
        row=decision.row,
        rule=policy.row_told("deadline", decision.row),
        source=decision.source,
        status=decision.status,
        notes=notes,
        words=words,
        given=_given(session, case, deadline) if _is_given(deadline, laid_down_on) and granted is None else None,
        granted=granted,
        recounted=deadline.calendar is None,
        waits=waits,
        awaits_year=deadline.awaits_year,
    )


def _is_given(deadline: Deadline, laid_down_on: date | None) -> bool:
    return deadline.due_on is not None and deadline.due_on != laid_down_on


def _is_of_letter(deadline: Deadline) -> bool:
    """Whether its day stands in a letter or on the ledger, and in no table."""
    of_report = deadline.name == REPORT and deadline.row_id is None and deadline.laid_down_on is not None
    return deadline.on_ledger is not None or of_report


def _of_letter(session: Session, case: Case, deadline: Deadline) -> Reason:
    """The day a letter says, or whoever put the problem on the ledger, and how it goes on from there."""
    problem = session.get(Rectification, deadline.on_ledger) if deadline.on_ledger is not None else None
    by_hand = problem is not None and problem.origin in OUTSIDE_LETTERS
    whose = "整改台账" if by_hand else "反馈意见函"
    words = f"{'立项时' if by_hand else '反馈意见函'}写定的期限"
    if problem is not None:
        words = f"整改事项{problem.item}：{words}。{GOES_ON}"
    return Reason(
        case_id=case.id,
        name=deadline.name,
        due_on=deadline.due_on,
        laid_down_on=deadline.laid_down_on or deadline.due_on,
        row=None,
        rule=whose,
        source=None,
        status=None,
        notes=(),
        words=words,
    )


def _words(plan: Plan) -> str:
    return "；".join(part for part in (plan.remark, why_that_day(plan.notes)) if part)


def _as_far_as_counted(deadline: Deadline, calendar: WorkingCalendar, waits: str) -> tuple[tuple[DayNote, ...], str]:
    """The days before the year that is waited for; none where it begins in that year, or is a day laid down."""
    assert deadline.awaits_year is not None
    before = date(deadline.awaits_year - 1, 12, 31)
    notes = explain_until(deadline.started_on, before, calendar) if deadline.working_days else ()
    if not notes or not deadline.working_days:
        return (), f"自{day_words(deadline.started_on)}起，{waits}"
    return notes, waiting_words(notes, deadline.working_days, deadline.awaits_year)


def _counted_with(session: Session, deadline: Deadline) -> WorkingCalendar:
    """The calendar a deadline was counted with; where none was kept, the one of today."""
    now = calendar_of(session)
    if deadline.calendar in (None, now.version):
        return now
    return kept_version(session, deadline.jurisdiction, deadline.calendar) or now


def _without_rule(session: Session, case: Case, deadline: Deadline) -> Reason:
    """A day that rests on nothing but what finance gave with the launch or with a granted 补报."""
    granted = _granted(session, deadline)
    whence = "部署时" if granted is None else "准予补报时"
    return Reason(
        case_id=case.id,
        name=deadline.name,
        due_on=deadline.due_on,
        laid_down_on=deadline.due_on,
        row=None,
        rule=None,
        source=None,
        status=None,
        notes=(),
        words=f"本区未规定这个期限，截止日由财政绩效股在{whence}指定",
        given=_given(session, case, deadline) if granted is None else None,
        granted=granted,
    )


def _granted(session: Session, deadline: Deadline) -> str | None:
    """Why finance let the task of this deadline be handed in after all, if it did."""
    if deadline.task_id is None:
        return None
    return session.scalar(
        select(ExtensionRequest.answer).where(
            ExtensionRequest.case_id == deadline.case_id, ExtensionRequest.opened_task_id == deadline.task_id
        )
    )


def _given(session: Session, case: Case, deadline: Deadline) -> str | None:
    """Why finance gave a day with the launch of that stage, if it did."""
    stage, _, _ = deadline.name.partition(".")
    return session.scalar(
        select(Launch.due_reason)
        .where(
            Launch.jurisdiction == case.jurisdiction,
            Launch.fiscal_year == case.fiscal_year,
            Launch.message == f"{stage}.launched",
            Launch.due_on.is_not(None),
            Launch.launched_at <= last_instant(deadline.started_on),
        )
        .order_by(Launch.id.desc())
        .limit(1)
    )


def _seen(session: Session, actor: Actor, case_id: int) -> Case | None:
    return session.scalar(select(Case).where(Case.id == case_id, visible_to(actor)))
