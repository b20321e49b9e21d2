"""延长期限: which deadlines can be put off, how far, and what becomes of one whose day has passed already."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.audit.events.deadlines import DeadlineExtended
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.move import Move
from engine.moves.redating import DayMove, cells_on, row_of
from engine.policies import Policy
from engine.reviews import ReasonMissing
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import Consequence, DeadlineState, TaskState

RUNS_AGAIN: Mapping[str, Any] = MappingProxyType({"state": DeadlineState.PENDING, "closed_at": None})
WITHOUT_ITS_TIMER: Mapping[str, Any] = MappingProxyType({"timer": None, "consequence": Consequence.MARK_OVERDUE})
"""The diagram's clock has gone off and does so once: a day given afterwards is the row's alone."""


class DateRefused(InvalidInput):
    """A deadline only moves later, not into the past, and no further than its table lets it."""

    code = "deadline.date_refused"


class DeadlineNotFound(NotFound):
    """No such deadline in this jurisdiction."""

    code = "deadline.not_found"


class DeadlineNotPending(WrongState):
    """The deadline was met or dropped, or has taken its task away."""

    code = "deadline.not_pending"


def can_be_put_off() -> ColumnElement[bool]:
    """What a row of `deadlines` must fulfil: it runs, or it has passed and its task is still to be done."""
    waits = select(Task.id).where(Task.id == Deadline.task_id, Task.state == TaskState.OPEN).exists()
    return or_(Deadline.state == DeadlineState.PENDING, and_(Deadline.state == DeadlineState.FIRED, waits))


def must_be_put_off_able(session: Session, deadline: Deadline) -> None:
    """Refuse a deadline that is over; it is read anew, because its case may have gone on since it was looked up."""
    now = select(Deadline).where(Deadline.id == deadline.id, can_be_put_off())
    if session.scalars(now.execution_options(populate_existing=True)).one_or_none() is None:
        raise DeadlineNotPending(
            "这个期限已经办结，或届满时已把任务收回，不能再延长。收回的任务可以申请补报；请刷新案卷查看。",
            state=deadline.state,
        )


def must_have_a_day(deadline: Deadline) -> None:
    """Refuse to ask for a later day than one that is not known yet."""
    if deadline.due_on is None:
        raise DeadlineNotPending(
            "这个期限还没有定日，不用申请延期。放假安排确认、定日以后再申请。", state=deadline.state
        )


def extended(move: Move, deadline: Deadline, until: date, reason: str) -> DayMove:
    """One deadline put off within a move; all that is due has taken effect before."""
    today = day_of(move.at)
    refuse_bad_day(until, deadline.due_on, today, latest_day(move.policy, deadline))
    cells = cells_on(move.session, move.policy, deadline.name, deadline.started_on, until, today)
    if deadline.state == DeadlineState.FIRED:
        cells |= {**RUNS_AGAIN, **(WITHOUT_ITS_TIMER if deadline.timer else {})}
    told = DeadlineExtended(
        id=deadline.id, deadline=deadline.name, before=deadline.due_on, after=until, reason=reason
    )  # fmt: skip
    return DayMove(deadline.id, deadline.case_id, deadline.task_id, cells, told, deadline.on_ledger)


def latest_day(policy: Policy, deadline: Deadline, *, since: date | None = None) -> date:
    """The furthest day it may be put off to: as many days after the one laid down (or `since`) as its row lets it.

    Where the table says nothing it is the end of the year after; one without a day counts from its start.
    """
    most = row_of(policy, deadline.name, deadline.started_on).get("longest_extension")
    laid_down_on = since or deadline.laid_down_on or deadline.due_on or deadline.started_on
    return date(laid_down_on.year + 1, 12, 31) if most is None else laid_down_on + timedelta(days=int(most))


def refuse_without_reason(reason: str) -> None:
    """Refuse to put a day off without saying why."""
    if is_blank(reason):
        raise ReasonMissing("延长期限要写明原因，没有办理。请补充。")


def refuse_passed_day(until: date, today: date) -> None:
    """Refuse a day that has passed."""
    if until < today:
        raise DateRefused(
            f"新的截止日不能早于今天（{today:%Y-%m-%d}），没有办理。请改一个以后的日期。", until=until.isoformat()
        )


def refuse_bad_day(until: date, before: date | None, today: date, latest: date) -> None:
    """Refuse a day that is not later than the present one, has passed, or is too far off."""
    facts = {"until": until.isoformat()}
    if before is not None and until <= before:
        raise DateRefused(f"新的截止日应晚于{before:%Y-%m-%d}，没有办理。请填更晚的日子。", **facts)
    refuse_passed_day(until, today)
    if until > latest:
        raise DateRefused(f"这个期限按期限表最晚延到{latest:%Y-%m-%d}，没有办理。请核对年份。", **facts)
