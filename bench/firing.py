"""Ten thousand deadlines that are due at once: each in a transaction of its own, and many together, in turns."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground
from bench.report import Report, at_least, at_most
from bench.timing import middle, ratio, turn_by_turn
from bench.way import JURISDICTION, STRAIGHT
from engine.commands.fire_deadline import fire_deadline
from engine.commands.fire_due import fire_due
from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from web.wiring import transactions_of

MIN_RATIO = 4.0
TURN = 500
ALONE, TOGETHER = "逐个", "成批"


def measure(ground: Ground, count: int) -> Report:
    """Grow cases in front of a date, let it pass, and let it take effect in both ways, `TURN` cases a turn."""
    report = Report(f"期限届满：{count:,}个期限同时到期")
    life = CommandLife(ground, STRAIGHT, "示例-到期")
    life.live_until("fill_target")
    grown(ground, life.case_id, count - 1, units_of(ground))
    at = _past_the_first(ground)
    due = _due(ground, at)
    ways: dict[str, Callable[[], object]] = {
        ALONE: lambda: _one_by_one(ground, at),
        TOGETHER: lambda: fire_due(transactions_of(ground.database, JURISDICTION), at=at, most=2 * TURN),
    }
    times = turn_by_turn(ways, count // (2 * TURN))
    report.tell("成批比逐个快", ratio(times[ALONE], times[TOGETHER]), "倍", at_least(MIN_RATIO))
    for name, spent in times.items():
        report.tell(f"{name}：每个期限（中位）", middle(spent) / TURN, "毫秒")
    report.tell("到期的期限", due, "个", at_least(count))
    report.tell("没有处理的期限", _due(ground, at), "个", at_most(0))
    report.remarks.append(
        f"每份案卷一个填报期限到期，流程图里的定时随之触发，记“逾期”；两种做法轮流，每轮{TURN}份。"
        "成批时每个事务一批，还发出自己和上一轮逐个触发的催办。案卷用 SQL 复制而成，不计入。"
    )
    return report


def _past_the_first(ground: Ground) -> datetime:
    with ground.database.transaction(JURISDICTION) as session:
        first = session.scalars(select(func.min(Deadline.due_at)).where(Deadline.state == "pending")).one()
    assert first is not None
    return first + timedelta(hours=1)


def _due(ground: Ground, at: datetime) -> int:
    with ground.database.transaction(JURISDICTION) as session:
        return session.scalar(select(func.count()).select_from(Deadline).where(*takes_effect(at))) or 0


def _one_by_one(ground: Ground, at: datetime) -> None:
    with ground.database.transaction(JURISDICTION) as session:
        first = select(Deadline.id).where(*takes_effect(at)).order_by(Deadline.due_at, Deadline.case_id).limit(TURN)
        numbers = session.scalars(first).all()
    for number in numbers:
        with ground.database.transaction(JURISDICTION) as session:
            fire_deadline(session, number, at=at)
