"""Carrying a launch to the cases that wait for it, and the day finance may give with it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.accounts.limits import one_at_a_time
from engine.audit.events.cases import StageLaunched
from engine.clock import day_of
from engine.directory import Actor, Person
from engine.errors import InvalidInput, NotFound, WrongState
from engine.moves.delivering import Delivered, Transactions, deliver_to_waiting, still_waiting, stuck_among
from engine.portions import begun
from engine.reviews import ReasonMissing
from engine.stages.launches import launched_before
from engine.stages.model import Launch
from engine.texts import is_blank, minute_of, told_who
from engine.words import Stage

KIND = "launch"
"""The kind of long work a launch is; its subject is the number of the launch."""


class LaunchNotFound(NotFound):
    """No such launch in this jurisdiction."""

    code = "launch.unknown"


class LaunchDayRefused(InvalidInput):
    """The day given is over, or years away."""

    code = "launch.day_refused"


class LaunchedAlready(WrongState):
    """The stage was launched for all of these before; facts: that `launch`, and how many are still `waiting`."""

    code = "launch.made_already"


def launch_by_id(session: Session, launch_id: int) -> Launch:
    """The launch of that number; refuses one this jurisdiction does not have."""
    launch = session.get(Launch, launch_id)
    if launch is None:
        raise LaunchNotFound("没有这次部署，或者它不属于本地区。请核对编号。", launch=launch_id)
    return launch


def must_be_a_day_to_give(due_on: date | None, reason: str | None, at: datetime) -> None:
    """Refuse a day that is over, one beyond the end of next year, and one without a reason.

    Whether anybody works on it nobody has to know: a person gives the day, nothing is counted.
    """
    if due_on is None:
        return
    if due_on < day_of(at):
        raise LaunchDayRefused(f"截止日{due_on}已经过去，没有部署。请另选今天或以后的一天。", due_on=due_on.isoformat())
    if due_on.year > day_of(at).year + 1:
        raise LaunchDayRefused(f"截止日{due_on}太远，最晚到明年年底，没有部署。请核对年份。", due_on=due_on.isoformat())
    if is_blank(reason):
        raise ReasonMissing("自行指定截止日要写明理由，没有部署。请补充，或按期限表计算。")


def not_launched_yet(
    session: Session, fiscal_year: int, stage: Stage, content: Mapping[str, Any], *, by: Actor
) -> dict[str, Any]:
    """The scope a launch is to have; refuses one whose cases were all launched before, and says by whom and when.

    As 补建 (`missing`) it is what of it still waits and did not fail.
    """
    scope, message = dict(content["scope"]), str(stage.launch_message)
    one_at_a_time(session, "launch", f"{by.jurisdiction} {fiscal_year} {message}")
    former = launched_before(session, by.jurisdiction, fiscal_year, message, scope)
    if former is None:
        return scope
    waiting = still_waiting(session, by.jurisdiction, fiscal_year, message, scope)
    left = sorted(set(waiting) - stuck_among(session, waiting))
    if left and content.get("missing"):
        return {"case_ids": left}
    person = session.get_one(Person, former.launched_by)
    who = told_who(person.name, "部署", minute_of(former.launched_at))
    rest = f"还有 {len(left)} 件在等待，可以只补建这些。" if left else "没有案卷还在等待，请到那次部署查看进度。"
    raise LaunchedAlready(
        f"{fiscal_year} 年度{stage.label}已经这样部署过{who}，没有再部署。{rest}", launch=former.id, waiting=len(left)
    )


def begin_to_carry(session: Session, launch: Launch, *, by: Actor, at: datetime) -> None:
    """From now on the launch goes on by itself until it has reached everybody who waits for it."""
    waiting = still_waiting(session, launch.jurisdiction, launch.fiscal_year, launch.message, launch.scope)
    begun(session, KIND, launch.id, len(waiting), by=by, at=at)


def failed_of(session: Session, launch_id: int) -> int:
    """How many cases that wait for a launch are left to 重试."""
    launch = launch_by_id(session, launch_id)
    waiting = still_waiting(session, launch.jurisdiction, launch.fiscal_year, launch.message, launch.scope)
    return len(stuck_among(session, waiting))


def carry_launch(
    transactions: Transactions,
    launch_id: int,
    *,
    by: Actor,
    at: datetime,
    most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Delivered:
    """Open the stage for the cases that still wait for this launch, a chunk a transaction; `most` of them."""
    with transactions() as session:
        launch = launch_by_id(session, launch_id)
    stage, _, _ = launch.message.partition(".")
    told = StageLaunched(
        stage=stage, fiscal_year=launch.fiscal_year, due_on=launch.due_on, reason=launch.due_reason
    )  # fmt: skip
    return deliver_to_waiting(
        transactions,
        launch.fiscal_year,
        launch.message,
        lambda case: {},
        by=by,
        at=at,
        scope=launch.scope,
        due_on=launch.due_on,
        most=most,
        progress=progress,
        note=lambda move: move.record(told),
    )
