"""我的待办 among ten thousand open tasks: of somebody who has them all, and of somebody who has a hundred of them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground
from bench.report import Report, at_least, at_most
from bench.timing import middle, percentile, turn_by_turn
from bench.way import BEGUN, JURISDICTION, STRAIGHT
from engine.clock import day_of
from engine.directory import Actor, Role
from engine.queries.worklist import worklist

MAX_MILLISECONDS = 15
TODAY = day_of(BEGUN) + timedelta(days=20)
STEP = "review_target"
PAGE = 50


def measure(ground: Ground, count: int, rounds: int) -> Report:
    """Pages of the same ten thousand tasks, first all at one office, then spread over a hundred units."""
    report = Report(f"我的待办：{count:,}件未办任务中列出自己的一页")
    life = CommandLife(ground, STRAIGHT, "示例-待办")
    life.live_until(STEP)
    units = units_of(ground)
    grown(ground, life.case_id, count - 1, units)
    with ground.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE tasks SET due_on = :today + (case_id % 90)::int - 10 WHERE state = 'open'"), {"today": TODAY}
        )
    office = ground.bureau.office
    _tell(report, ground, "全部在本人手上，第1页（50件）", office, count, rounds)
    _tell(report, ground, "全部在本人手上，第100页", office, count, rounds, page=100)
    _spread(ground, units)
    clerk = Actor(0, "示例经办人", JURISDICTION, units[0], frozenset({Role.UNIT_CLERK}))
    _tell(report, ground, f"分属{len(units)}个单位，本人一页", clerk, count // len(units) - 1, rounds)
    report.remarks.append(f"每次一个事务，各{rounds}次取中位数；含逾期数和总数。")
    return report


def _tell(report: Report, ground: Ground, name: str, actor: Actor, least: int, rounds: int, page: int = 1) -> None:
    """One person's list; the demand holds for what people look at, the first page."""

    def ask() -> int:
        with ground.database.transaction(JURISDICTION) as session:
            return worklist(session, actor, on=TODAY, offset=(page - 1) * PAGE, limit=PAGE).total

    report.tell(f"{name}：共", ask(), "件", at_least(least))
    times = turn_by_turn({name: ask}, rounds)[name]
    report.tell(f"{name}：中位", middle(times), "毫秒", at_most(MAX_MILLISECONDS) if page == 1 else None)
    report.tell(f"{name}：p95", percentile(times, 0.95), "毫秒")


def _spread(ground: Ground, units: Sequence[int]) -> None:
    """The same tasks, now each at the clerk of one of the units."""
    with ground.database.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE tasks SET role = 'unit_clerk', unit_id = (CAST(:units AS bigint[]))[1 + case_id % :many]"
                " WHERE state = 'open'"
            ),
            {"units": list(units), "many": len(units)},
        )
        connection.execute(text("ANALYZE tasks"))
