"""Ten thousand deadlines due in the same minute, taken up by one worker, then as many by two at once."""

from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import func, select

from bench.command_life import CommandLife
from bench.crowd import grown, units_of
from bench.ground import BPMN, Ground
from bench.report import Report, at_least, at_most
from bench.usage import Usage, added, usage_of, usage_of_server
from bench.way import BEGUN, JURISDICTION, STRAIGHT
from engine.audit import Entry
from engine.audit.events.deadlines import DeadlineFired
from engine.clock import SteppingClock
from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from engine.store import Logins
from engine.submissions.file_store import FileStore
from engine.words import DeadlineState
from web.wiring import open_database
from web.worker.jobs import Worker

MOST_SECONDS = 60.0


class Swept(NamedTuple):
    """What some workers did together: in how many seconds, how many deadlines each, and what it took."""

    seconds: float
    each: list[int]
    workers: Usage
    server: Usage

    @property
    def processors(self) -> float:
        """How many processors were at work at it."""
        return (self.workers.worked + self.server.worked) / self.seconds


def measure(ground: Ground, count: int) -> Report:
    """Grow cases in front of a day and let it pass, once for one worker and once more for two."""
    report = Report(f"同一分钟到期：{count:,}个期限，一个和两个后台进程")
    units = units_of(ground)
    found = {number: _turn(ground, count, number, units) for number in (1, 2)}
    alone, together = found[1], found[2]
    fired, apart = _fired(ground)
    count_of = cpu_count() or 1
    report.tell("一个后台进程办完", alone.seconds, "秒", at_most(MOST_SECONDS))
    report.tell("两个后台进程办完", together.seconds, "秒")
    report.tell("两个比一个快", alone.seconds / together.seconds, "倍")
    report.tell("两个中少的一个办了", 100 * min(together.each) / max(1, sum(together.each)), "%")
    for name, swept in (("一个", alone), ("两个", together)):
        report.tell(f"{name}：后台进程的处理器时间", swept.workers.worked, "秒")
        report.tell(f"{name}：数据库的处理器时间", swept.server.worked, "秒")
        report.tell(f"{name}：能走而没有轮到处理器", swept.workers.waited + swept.server.waited, "秒")
        report.tell(f"{name}：用到处理器（共{count_of}个）", swept.processors, "个")
    report.tell("触发的期限", fired, "个", at_least(2 * count))
    report.tell("触发了不止一次的", fired - apart, "个", at_most(0))
    report.remarks.append(
        "案卷用 SQL 复制而成，不计入；后台进程与数据库在同一台机器上，共用处理器，几个核就快到几个核为止。"
        "后台进程和它的数据库连接轮流做事，一个后台进程至多用满一个核。"
    )
    return report


def work(pipe: Connection, logins: Logins, at: datetime) -> None:
    """A worker of its own: gets ready, and sweeps when it is told to."""
    with TemporaryDirectory() as files:
        database = open_database(logins, BPMN, BEGUN)
        worker = Worker(database, SteppingClock(at), None, FileStore(Path(files)))
        pipe.send(0)
        with suppress(EOFError):
            pipe.recv()
            began = usage_of("self")
            pipe.send((worker.sweep(), usage_of("self").since(began)))
        database.close()


def _turn(ground: Ground, count: int, workers: int, units: list[int]) -> Swept:
    life = CommandLife(ground, STRAIGHT, f"示例-到期-{workers}")
    life.live_until("fill_target")
    grown(ground, life.case_id, count - 1, units)
    with ground.database.transaction(JURISDICTION) as session:
        pending = select(func.min(Deadline.due_at)).where(Deadline.state == DeadlineState.PENDING)
        first = session.scalars(pending.where(Deadline.case_id >= life.case_id)).one()
        assert first is not None
    at = first + timedelta(minutes=1)
    swept = _swept(ground, workers, at)
    with ground.database.transaction(JURISDICTION) as session:
        left = session.scalar(select(func.count()).select_from(Deadline).where(*takes_effect(at)))
    assert not left, f"还有 {left} 个没有触发"
    return swept


def _swept(ground: Ground, workers: int, at: datetime) -> Swept:
    context = get_context("spawn")
    pairs = [context.Pipe() for _ in range(workers)]
    processes = [context.Process(target=work, args=(theirs, ground.database.logins, at)) for _, theirs in pairs]
    for process in processes:
        process.start()
    for ours, _ in pairs:
        ours.recv()
    before, began = usage_of_server(ground), perf_counter()
    for ours, _ in pairs:
        ours.send(1)
    told = [ours.recv() for ours, _ in pairs]
    seconds, at_server = perf_counter() - began, usage_of_server(ground).since(before)
    for process in processes:
        process.join()
    return Swept(seconds, [fired for fired, _ in told], added([usage for _, usage in told]), at_server)


def _fired(ground: Ground) -> tuple[int, int]:
    """How often a deadline took effect, and how many did."""
    with ground.database.transaction(JURISDICTION) as session:
        which = Entry.payload["id"].astext
        told = select(func.count(), func.count(which.distinct())).where(Entry.type == DeadlineFired.name)
        fired, apart = session.execute(told).one()
    return int(fired), int(apart)
