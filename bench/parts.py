"""Where the time of a step goes: processor time by part, ours beside what is written by hand, and how many files run.

Processor time and not the clock, because the machine is shared: of the process that steps, and of the process of the
server that works for it. The loop is the one of `review_loop`.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from time import sleep, thread_time
from types import FrameType
from typing import Any
from unittest.mock import patch

from sqlalchemy import text
from sqlalchemy.orm import Session

import engine
from bench.ground import Ground, durability
from bench.hand import Hand
from bench.report import Detail, Report
from bench.review_loop import LOOP, hand_steps, our_steps, what_is_handed_in
from bench.timing import middle
from engine import process
from engine.moves import finishing, move, repeating, writing
from engine.store import wire

OUTSIDE = "事务：会话、连接、提交"
PARTS: dict[str, tuple[tuple[Any, str], ...]] = {
    "其余：收集改动，排成各表的行": ((import_module("engine.commands.complete_task"), "finish"),),
    OUTSIDE: ((Session, "connection"),),
    "读出任务、案卷、下一个期限": ((finishing, "standing"),),
    "请求编号和指纹": ((finishing, "beginning"), (finishing, "begun"), (repeating, "_keeping")),
    "权限、状态、迟报": ((finishing, "must_be_takeable"), (finishing, "must_be_as_seen"), (finishing, "lateness")),
    "表单：读、查、比照抄、补计算列": ((finishing, "fill"), (finishing, "judged")),
    "流程：读出状态、走图、存回": ((process, "complete"),),
    "期限：查表、数工作日": ((move, "opened_day"),),
    "表单和意见的摘要": ((finishing, "digest_of"),),
    "台账：事件写成 JSON、逐条串联": ((writing, "entries_for"),),
    "回执": ((repeating, "receipt_for"),),
    "语句：备值": ((wire._Trip, "take"),),
    "语句：发出、读回": ((wire._Trip, "go"), (wire._Trip, "answers")),
}
"""What people call a part, and the functions whose own time it is; what they call that is a part too is not theirs."""

_ENGINE = f"{Path(engine.__file__).parent}/"


class Watch:
    """Processor time of this thread by part; at any moment one part, the innermost, is charged."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._inside = [""]
        self._since = 0.0

    def turn(self) -> None:
        """Charge what went by since the last turn."""
        now = thread_time()
        self.spent[self._inside[-1]] = self.spent.get(self._inside[-1], 0.0) + (now - self._since) * 1000
        self._since = thread_time()

    @contextmanager
    def charging(self, name: str) -> Iterator[None]:
        """Charge a part until something inside it is charged, and again after that."""
        self.turn()
        self._inside.append(name)
        try:
            yield
        finally:
            self.turn()
            self._inside.pop()

    def around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same work, charged to a part."""

        def charged(*given: Any, **how: Any) -> Any:
            with self.charging(name):
                return work(*given, **how)

        return charged


def measure(ground: Ground, rounds: int) -> Report:
    """Milliseconds of processor time a step, by part."""
    hand, form = Hand(ground.database), what_is_handed_in(ground)
    mine, theirs = [], []
    with ground.database.transaction(ground.bureau.jurisdiction) as session:
        server = session.scalar(text("SELECT pg_backend_pid()"))
    for turn in range(rounds + 5):
        ours = _lap(our_steps(ground), server, OUTSIDE, _watched)
        other = _lap(hand_steps(hand, form), hand.connection.info.backend_pid, _BY_HAND, _plain)
        if turn >= 5:  # the first ones prepare the statements
            mine.append(ours)
            theirs.append(other)
    hand.close()
    files = [len(_files_of(step)) for step in our_steps(ground)]
    return _told(ground, mine, theirs, files)


_BY_HAND, _SERVER = "手写", "数据库进程"
Lap = dict[str, float]


def _lap(steps: Iterator[Callable[[], Any]], server: int, outermost: str, around: Callable[[Watch], Any]) -> Lap:
    """Milliseconds a step of each part, one time round."""
    watch, at_server = Watch(), 0.0
    for step in steps:
        before = _processor_time(server)
        with around(watch):
            watch.turn()
            watch.spent.pop("", None)  # what was between the steps
            with watch.charging(outermost):
                step()
        sleep(0.0005)  # the server lies down, and its time is told
        at_server += _processor_time(server) - before
    watch.spent.pop("", None)
    return {name: spent / len(LOOP) for name, spent in (watch.spent | {_SERVER: at_server}).items()}


@contextmanager
def _watched(watch: Watch) -> Iterator[None]:
    with ExitStack() as patches:
        for name, places in PARTS.items():
            for owner, function in places:
                patches.enter_context(patch.object(owner, function, watch.around(name, getattr(owner, function))))
        yield


@contextmanager
def _plain(watch: Watch) -> Iterator[None]:
    yield


def _processor_time(process_id: int) -> float:
    """Milliseconds a process of this machine has worked so far."""
    return int(Path(f"/proc/{process_id}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6


def _files_of(step: Callable[[], Any]) -> set[str]:
    """The files of the engine of which anything runs in a step."""
    found: set[str] = set()

    def hear(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(_ENGINE):
            found.add(frame.f_code.co_filename)

    sys.setprofile(hear)
    try:
        step()
    finally:
        sys.setprofile(None)
    return found


def _told(ground: Ground, mine: Sequence[Lap], theirs: Sequence[Lap], files: Sequence[int]) -> Report:
    report = Report("一步的处理器时间用在哪里")
    ours = {name: middle([lap.get(name, 0.0) for lap in mine]) for name in (*PARTS, _SERVER)}
    hand = {name: middle([lap[name] for lap in theirs]) for name in (_BY_HAND, _SERVER)}
    whole, by_hand = sum(ours.values()), sum(hand.values())
    report.tell("每步", whole, "毫秒")
    report.tell("手写每步", by_hand, "毫秒")
    report.tell("为手写的", whole / by_hand, "倍")
    report.tell("运行到的 engine/ 文件（中位）", middle(files), "个")
    rows: list[tuple[Any, ...]] = [
        (name, spent, f"{spent / whole:.0%}", "")
        for name, spent in sorted(ours.items(), key=lambda part: -part[1])
        if name != _SERVER
    ]
    rows.append(("本进程合计", whole - ours[_SERVER], f"{1 - ours[_SERVER] / whole:.0%}", hand[_BY_HAND]))
    rows.append((_SERVER, ours[_SERVER], f"{ours[_SERVER] / whole:.0%}", hand[_SERVER]))
    report.details.append(Detail("按部分（每步，中位）", ("部分", "jixiao 毫秒", "占", "手写毫秒"), rows))
    report.remarks += [
        f"审核循环六步，{len(mine)}圈轮流，逐圈的中位数。处理器时间不含等待；只能在数据库与客户端同机的 Linux 上量。",
        "手写的本进程时间全在备值、发出、读回和提交；左列各部分只算自己的时间，里面别的部分另算。",
        "文件：一步之中 engine/ 里有代码运行的文件（sys.setprofile），六步的中位数。",
        durability(ground.database),
    ]
    return report
