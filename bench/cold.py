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

from bench.report import Report, at_most
from bench.timing import middle, milliseconds
from engine.policies import load_policies
from engine.process import Diagrams
from web.settings import PROJECT, Settings

DECIDE_SECONDS, PARSE_SECONDS, REHEARSAL_SECONDS = 1.5, 2.0, 90.0
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
    decides = [_seconds(lambda: _jixiao(*DECIDE)) for _ in range(rounds)]
    report.tell("jixiao decide（新进程，中位）", middle(decides), "秒", at_most(DECIDE_SECONDS))
    readings = [_reading() for _ in range(rounds)]
    seconds = {part: middle([reading[part] for reading in readings]) for part in readings[0]}
    report.tell("读入全部图和表", seconds["tables"] + seconds["diagrams"], "秒", at_most(PARSE_SECONDS))
    report.tell("读入并检查全部图和表（已导入程序）", seconds["checked"], "秒", at_most(PARSE_SECONDS))
    report.tell("其中只读决策表", seconds["tables"], "秒")
    report.tell("其中只读流程图", seconds["diagrams"], "秒")
    report.tell("导入程序", seconds["imports"], "秒")
    report.tell("jixiao check 全部（新进程）", middle([_seconds(lambda: _jixiao("check", "--json"))]), "秒")
    report.tell("一套流程图占内存", _megabytes(lambda: Diagrams.stored(_diagram_files())), "MB")
    report.tell("全部地区决策表占内存", _megabytes(lambda: load_policies(Settings.from_environment().bpmn)), "MB")
    report.remarks.append(f"每次都是新进程，各{rounds}次取中位数；一套定义由全部案卷和线程共用。")
    return report


def measure_rehearsal() -> Report:
    """花溪 2021: 67 departments and 29 projects through the whole year, from the command line."""
    report = Report("花溪 2021 年度演练")
    with TemporaryDirectory(prefix="jixiao-bench-") as folder:
        began = perf_counter()
        answer = _jixiao(*REHEARSE, "--out", folder)
        seconds = perf_counter() - began
    report.tell("全程", seconds, "秒", at_most(REHEARSAL_SECONDS))
    report.tell("人工步骤", answer["human_steps"], "步")
    report.tell("每秒", answer["human_steps"] / seconds, "步")
    report.tell("退回", answer["returns"], "次")
    report.tell("届满期限", answer["deadlines_fired"], "个")
    report.tell("办结案卷", answer["cases_finished"], "份")
    return report


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
