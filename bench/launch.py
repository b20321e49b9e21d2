"""工作部署 for ten thousand cases that wait for it: messages, tasks, deadlines and journal entries, case by case."""

from time import perf_counter

from sqlalchemy import func, select

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground
from bench.hand import Hand
from bench.report import Report, at_least, at_most
from bench.timing import middle
from bench.way import DAYS, FISCAL_YEAR, JURISDICTION, STRAIGHT, Way
from engine.audit import Entry
from engine.commands.launch_stage import launch_stage
from engine.deadlines.model import Deadline
from engine.tasks import Task
from engine.words import TaskState
from web.wiring import transactions_of

TIMES_HAND = 1.5
STAGE, MESSAGE = "monitoring", "monitoring.launched"


def measure(ground: Ground, count: int) -> Report:
    """Grow the crowd, open the stage for it, count what came of it."""
    report = Report(f"部署环节：{count:,}份案卷同时进入监控")
    CommandLife(ground, Way(), "示例-热身").timed()
    quiet = middle(CommandLife(ground, Way(), "示例-部署前").timed())
    life = CommandLife(ground, STRAIGHT, "示例-部署")
    life.live_until(MESSAGE)
    began = perf_counter()
    grown(ground, life.case_id, count - 1, units_of(ground))
    prepared = perf_counter() - began
    before = _counted(ground)
    hand = Hand(ground.database)
    yardstick = [hand.milliseconds_a_step()]
    began = perf_counter()
    receipt = launch_stage(
        transactions_of(ground.database, JURISDICTION), FISCAL_YEAR, STAGE, by=ground.bureau.office, at=DAYS[MESSAGE]
    )
    seconds = perf_counter() - began
    yardstick.append(hand.milliseconds_a_step())
    hand.close()
    after, moved = _counted(ground), receipt.gave["moved"]
    report.tell("耗时", seconds, "秒")
    report.tell("每秒", moved / seconds, "份")
    report.tell("每份耗时为手写一步的", seconds * 1000 / moved / middle(yardstick), "倍", at_most(TIMES_HAND))
    report.tell("推进的案卷", moved, "份", at_least(count))
    report.tell("新开任务", after["tasks"] - before["tasks"], "件", at_least(count))
    report.tell("新立期限", after["deadlines"] - before["deadlines"], "个")
    report.tell("新写台账", after["journal"] - before["journal"], "条")
    report.tell("部署前办理一步（中位）", quiet, "毫秒")
    report.tell("刚部署完办理一步（中位）", middle(CommandLife(ground, Way(), "示例-部署后").timed()), "毫秒")
    report.remarks.append(
        f"一份真实案卷走到等待部署，其余连同历史任务、报送、期限和台账用 SQL 复制而成（{prepared:.0f} 秒，不计入），"
        "分属100个单位。"
    )
    return report


def _counted(ground: Ground) -> dict[str, int]:
    with ground.database.transaction(JURISDICTION) as session:
        open_tasks = select(func.count()).select_from(Task).where(Task.state == TaskState.OPEN)
        return {
            "tasks": session.scalar(open_tasks) or 0,
            "deadlines": session.scalar(select(func.count()).select_from(Deadline)) or 0,
            "journal": session.scalar(select(func.count()).select_from(Entry).where(Entry.case_id > 0)) or 0,
        }
