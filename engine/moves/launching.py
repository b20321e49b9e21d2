"""Carrying a launch to the cases that wait for it, and the day finance may give with it."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.audit.events.cases import StageLaunched
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput, NotFound
from engine.moves.delivering import Delivered, Transactions, deliver_to_waiting
from engine.moves.due import calendar_of
from engine.reviews import ReasonMissing
from engine.stages.model import Launch
from engine.texts import is_blank


class LaunchNotFound(NotFound):
    """No such launch in this jurisdiction."""

    code = "launch.unknown"


class LaunchDayRefused(InvalidInput):
    """The day given is over, or years away."""

    code = "launch.day_refused"


def launch_by_id(session: Session, launch_id: int) -> Launch:
    """The launch of that number; refuses one this jurisdiction does not have."""
    launch = session.get(Launch, launch_id)
    if launch is None:
        raise LaunchNotFound("没有这次部署，或者它不属于本地区。请核对编号。", launch=launch_id)
    return launch


def must_be_a_day_to_give(session: Session, due_on: date | None, reason: str | None, at: datetime) -> None:
    """Refuse a day that is over, a day of a year nobody confirmed, and one without a reason."""
    if due_on is None:
        return
    if due_on < day_of(at):
        raise LaunchDayRefused(f"截止日{due_on}已经过去，没有部署。请另选今天或以后的一天。", due_on=due_on.isoformat())
    calendar_of(session).day(due_on)
    if is_blank(reason):
        raise ReasonMissing("自行指定截止日要写明理由，没有部署。请补充，或按期限表计算。")


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
