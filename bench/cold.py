"""What an operator waits for: a decision from a cold start, reading all definitions, their weight in memory, a year."""

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.ground import Ground
from bench.hand import Hand
from bench.report import Report, at_most
from bench.timing import middle, milliseconds, ratio, turn_by_turn
from engine.policies import load_policies
from engine.process import Diagrams
from web.settings import PROJECT, Settings

DECIDE_TIMES, READ_TIMES, REHEARSAL_TIMES = 8, 12, 6
BARE = "import click, lxml.etree, rich.console"
"""What any program of this kind imports before it does anything."""
DATA = PROJECT / "data"
DECIDE = ("decide", "huaxi", "grade", "--input", '{"score": "90", "object_kind": "whole_department"}', "--json")
REHEARSE = (
    *("rehearse", "huaxi", "--year", "2021"),
    *("--departments", str(DATA / "huaxi_2021_departments.csv")),
    *("--projects", str(DATA / "huaxi_2021_projects.csv")),
    *("--published", str(DATA / "seed_aggregates.csv")),
    "--json",
)


def measure_start(rounds: int) -> Report:
    """The decision and the reading, each in new processes."""
    report = Report("冷启动：判定一次、读入全部图和表")
    turns = turn_by_turn({"decide": lambda: _jixiao(*DECIDE), "bare": _bare}, rounds)
    report.tell("jixiao decide（新进程，中位）", middle(turns["decide"]) / 1000, "秒")
    report.tell("只导入 click、lxml、rich 的新进程", middle(turns["bare"]) / 1000, "秒")
    report.tell("jixiao decide 为其", ratio(turns["decide"], turns["bare"]), "倍", at_most(DECIDE_TIMES))
    bare, readings = [], []
    for _ in range(rounds):
        bare.append(_seconds(_bare))
        readings.append(_reading())
    seconds = {part: middle([reading[part] for reading in readings]) for part in readings[0]}
    report.tell("读入全部图和表", seconds["tables"] + seconds["diagrams"], "秒")
    report.tell("读入并检查全部图和表（已导入程序）", seconds["checked"], "秒")
    report.tell("读入并检查为其", ratio([each["checked"] for each in readings], bare), "倍", at_most(READ_TIMES))
    report.tell("其中只读决策表", seconds["tables"], "秒")
    report.tell("其中只读流程图", seconds["diagrams"], "秒")
    report.tell("导入程序", seconds["imports"], "秒")
    report.tell("jixiao check 全部（新进程）", middle([_seconds(lambda: _jixiao("check", "--json"))]), "秒")
    report.tell("一套流程图占内存", _megabytes(lambda: Diagrams.stored(_diagram_files())), "MB")
    report.tell("全部地区决策表占内存", _megabytes(lambda: load_policies(Settings.from_environment().bpmn)), "MB")
    report.remarks.append(f"每次都是新进程，各{rounds}次取中位数；一套定义由全部案卷和线程共用。")
    return report


def measure_rehearsal(ground: Ground) -> Report:
    """花溪 2021: 67 departments and 29 projects through the whole year, from the command line."""
    report = Report("花溪 2021 年度演练")
    hand = Hand(ground.database)
    with TemporaryDirectory(prefix="jixiao-bench-") as folder:
        yardstick = [hand.milliseconds_a_step()]
        began = perf_counter()
        answer = _jixiao(*REHEARSE, "--out", folder)
        seconds = perf_counter() - began
        yardstick.append(hand.milliseconds_a_step())
    hand.close()
    report.tell("全程", seconds, "秒")
    times = seconds * 1000 / answer["human_steps"] / middle(yardstick)
    report.tell("每个人工步骤耗时为手写一步的", times, "倍", at_most(REHEARSAL_TIMES))
    report.tell("人工步骤", answer["human_steps"], "步")
    report.tell("每秒", answer["human_steps"] / seconds, "步")
    report.tell("退回", answer["returns"], "次")
    report.tell("届满期限", answer["deadlines_fired"], "个")
    report.tell("办结案卷", answer["cases_finished"], "份")
    return report


def _bare() -> None:
    subprocess.run([sys.executable, "-c", BARE], check=True)


def _jixiao(*arguments: str) -> dict[str, Any]:
    """The JSON answer of the installed command, from whatever it finds wrong or right."""
    done = subprocess.run(
        [Path(sys.executable).with_name("jixiao"), *arguments], capture_output=True, text=True, cwd=PROJECT, check=False
    )
    if not done.stdout.strip():
        raise RuntimeError(f"jixiao {arguments[0]} gave no answer: {done.stderr.strip()[-500:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise RuntimeError(f"jixiao {arguments[0]} refused: {answer['error']['message']}")
    return answer


def _reading() -> dict[str, float]:
    """What `bench.reading` says in a process of its own."""
    command = [sys.executable, "-m", "bench.reading"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True)
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def _seconds(work: Callable[[], Any]) -> float:
    return milliseconds(work) / 1000


def _diagram_files() -> dict[str, bytes]:
    lifecycle = Settings.from_environment().bpmn / "lifecycle"
    return {path.name: path.read_bytes() for path in sorted(lifecycle.glob("*.bpmn"))}


def _megabytes(made: Callable[[], Any]) -> float:
    """What stays in memory of something just made."""
    tracemalloc.start()
    try:
        kept = made()
        size, _ = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return size / 2**20
