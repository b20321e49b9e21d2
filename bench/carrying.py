"""工作部署 in the background: cases that wait are moved portion by portion by a worker, with nobody's browser open."""

from datetime import timedelta
from time import perf_counter

from sqlalchemy import func, select, text

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground
from bench.launch import MESSAGE, STAGE
from bench.report import Report, at_least, at_most
from bench.way import DAYS, FISCAL_YEAR, JURISDICTION, STRAIGHT
from engine.audit import Entry
from engine.audit.events.cases import StageLaunched
from engine.cases import Incident
from engine.commands.carry_on_launch import PORTION, carry_on_launch
from engine.commands.launch_stage import launch_stage
from engine.moves.launching import KIND
from engine.portions import work_of
from web.wiring import transactions_of

BROKEN = 3
"""So many cases cannot be moved; each has to be told, and to keep no other waiting."""
MOST_GROWTH = 2.0
"""The last full portion may take so many times the first one."""


def measure(ground: Ground, count: int) -> Report:
    """Grow the crowd, announce the stage, let a worker go on with it until nothing waits; count what came of it."""
    report = Report(f"后台部署：{count:,}份案卷，每段{PORTION}份")
    life = CommandLife(ground, STRAIGHT, "示例-部署")
    life.live_until(MESSAGE)
    grown(ground, life.case_id, count - 1, units_of(ground))
    _break_some(ground, life.case_id)
    transactions, at = transactions_of(ground.database, JURISDICTION), DAYS[MESSAGE]
    launch = launch_stage(transactions, FISCAL_YEAR, STAGE, by=ground.bureau.office, at=at, most=0).gave["launch"]
    spent, moved = list[float](), 0
    while True:
        began = perf_counter()
        done = carry_on_launch(transactions, at=at, now=at + timedelta(days=1))
        if done is None:
            break
        spent.append(perf_counter() - began)
        moved += done
    full = spent[: count // PORTION]
    with transactions() as session:
        work = work_of(session, KIND, launch)
        told = session.execute(
            select(func.count(), func.count(Entry.case_id.distinct())).where(
                Entry.type == StageLaunched.name, Entry.case_id > 0
            )
        ).one()
        incidents = session.scalar(select(func.count()).select_from(Incident)) or 0
        ended = work is not None and work.ended_at is not None
    report.tell("耗时", sum(spent), "秒")
    report.tell("每秒", moved / sum(spent), "份")
    report.tell("最长的一段", max(spent), "秒")
    report.tell("最后一整段为第一段的", full[-1] / full[0], "倍", at_most(MOST_GROWTH))
    report.tell("推进的案卷", moved, "份", at_least(count - BROKEN))
    report.tell("推进了不止一次的", told[0] - told[1], "份", at_most(0))
    report.tell("推不动、记了异常的", incidents, "份", at_least(BROKEN))
    report.tell("还没有办完", 0 if ended else 1, "次", at_most(0))
    report.remarks.append(f"案卷用 SQL 复制而成（不计入），其中{BROKEN}份的流程状态弄坏，各记一个异常，其余照办。")
    return report


def _break_some(ground: Ground, model: int) -> None:
    """A few of the copies cannot be read any more."""
    broken = text(
        "UPDATE cases SET process_state = 'broken'::bytea WHERE id IN "
        "(SELECT id FROM cases WHERE id > :model ORDER BY md5(id::text) LIMIT :some)"
    )
    with ground.database.owner.begin() as connection:
        connection.execute(broken, {"model": model, "some": BROKEN})
