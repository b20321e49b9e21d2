"""A million deadlines in the future: what a tick costs beside them, by which plan, and what an idle worker uses."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from sqlalchemy import text

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import Ground
from bench.report import Report, at_most
from bench.timing import middle, milliseconds
from bench.usage import worked_by_all_threads
from bench.way import STRAIGHT
from engine.clock import SystemClock
from engine.submissions.file_store import FileStore
from tests.integration.queries.plans import Plans, plans_inside
from web.worker.jobs import Worker

CASES = 1_000
TICKS = 30
MOST_SLOWER = 1.5
MOST_PERCENT = 1.0
IDLE_SECONDS = 30.0
SETTLED_PERCENT = 5.0
PROGRAM = (sys.executable, "-c", "from web.cli import main; main()")
_FAR = """
INSERT INTO deadlines (id, jurisdiction, case_id, name, started_on, due_on, due_at, remind_at, plan, state)
SELECT gen_random_uuid(), jurisdiction, id, 'target_filing.fill', date '2030-01-01',
       date '2030-01-02' + n % 3650, timestamptz '2030-01-03' + n % 3650 * interval '1 day',
       timestamptz '2029-12-30' + n % 3650 * interval '1 day', '{"reminders": []}', 'pending'
FROM cases CROSS JOIN generate_series(1, CAST(:each AS int)) n
"""


def measure(ground: Ground, count: int) -> Report:
    """Let everything that is due take effect, tick; plant the future, tick again; leave a worker alone."""
    report = Report(f"将来的期限：{count:,}个")
    life = CommandLife(ground, STRAIGHT, "示例-将来")
    life.live_until("fill_target")
    grown(ground, life.case_id, CASES - 1, units_of(ground))
    with TemporaryDirectory() as files:
        worker = Worker(ground.database, SystemClock(), None, FileStore(Path(files)))
        while worker.sweep():
            pass
        before, without = [milliseconds(worker.sweep) for _ in range(TICKS)], _plans(ground)
        with ground.database.owner.begin() as connection:
            connection.execute(text(_FAR), {"each": count // CASES})
        with ground.database.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE deadlines"))
        after, plans = [milliseconds(worker.sweep) for _ in range(TICKS)], _plans(ground)
        percent = _idle(ground, files)
    report.tell("看一次有没有到期的（中位），没有将来的期限", middle(before), "毫秒")
    report.tell(f"看一次（中位），有{count:,}个", middle(after), "毫秒")
    report.tell("慢到", middle(after) / middle(before), "倍", at_most(MOST_SLOWER))
    report.tell("看一次读过的行，没有将来的期限", without.rows_read, "行")
    report.tell("有了以后多读", plans.rows_read - without.rows_read, "行", at_most(0))
    report.tell("从头到尾读的大表", len(plans.whole_tables), "张", at_most(0))
    report.tell("闲着的后台进程用处理器", percent, "%", at_most(MOST_PERCENT))
    report.remarks.append(
        f"期限用 SQL 写成，分属{CASES:,}份案卷，每天都有；看一次是后台进程的期限扫描，在每个地区里找。"
        f"闲着的是 `jixiao worker` 整个程序（期限、定时、通知、部署），用量取{IDLE_SECONDS:.0f}秒，不含数据库。"
    )
    return report


def _plans(ground: Ground) -> Plans:
    """How the database looks for what is due."""
    return plans_inside(ground.database, "due_everywhere", SystemClock().now(), 1000)


def _idle(ground: Ground, files: str) -> float:
    """Percent of one processor the whole program uses once it has nothing to do."""
    told: Mapping[str, str] = {
        "DATABASE_URL": ground.database.logins.application, "DATABASE_OWNER_URL": "",
        "JIXIAO_ANCHORS": f"{files}/anchors.jsonl",
    }  # fmt: skip
    with subprocess.Popen([*PROGRAM, "worker"], env=os.environ | told, stderr=subprocess.DEVNULL) as worker:
        for _ in range(60):
            if _used(worker.pid, 5.0) < SETTLED_PERCENT:
                break
        percent = _used(worker.pid, IDLE_SECONDS)
        worker.terminate()
        worker.wait()
    return percent


def _used(process: int, seconds: float) -> float:
    begins = worked_by_all_threads(process)
    sleep(seconds)
    return 100 * (worked_by_all_threads(process) - begins) / seconds
