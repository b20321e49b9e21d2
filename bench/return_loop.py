"""Is the thousandth return as cheap as the fifth? A target is sent back, mended, confirmed and sent back again."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import text

from bench.command_life import CommandLife, Errand
from bench.ground import Ground
from bench.pure_life import PureLife, decide_in
from bench.report import Report, at_most
from bench.timing import middle, milliseconds, ratio, turn_by_turn
from bench.way import Way
from engine import process
from engine.process import Diagrams
from engine.process.model import Decide
from engine.stages import Library

EARLY, LATE = 5, 1000
BORDER_PERCENT = 10
ALWAYS_BACK = Way(returned={"check_target": LATE * 10})
LOOP = (("check_target", "returned"), ("revise_target", "submitted"), ("confirm_revised_target", "submitted"))


def measure_process(library: Library, rounds: int) -> Report:
    """Bytes and milliseconds of the process alone at both ends."""
    report = Report("退回循环：第1000次与第5次（流程层）")
    decide = decide_in(library)
    life = PureLife(library.diagrams, decide, ALWAYS_BACK)
    standing: dict[int, tuple[bytes, bytes]] = {}
    life.live_until("check_target")
    for number in range(1, LATE + 1):
        for _ in LOOP:
            life.go()
        if number in (EARLY, LATE):
            standing[number] = life.step.state, next(iter(life.tasks))
    times = turn_by_turn(
        {str(number): partial(once_around, library.diagrams, *at, decide) for number, at in standing.items()}, rounds
    )
    early, late = times[str(EARLY)], times[str(LATE)]
    size = {number: len(state) for number, (state, _) in standing.items()}
    report.tell(f"第{EARLY}次后状态", size[EARLY], "字节")
    report.tell(f"第{LATE}次后状态", size[LATE], "字节")
    report.tell("字节相差", change_percent(size[EARLY], size[LATE]), "%", at_most(BORDER_PERCENT))
    report.tell(f"第{EARLY}次后一圈（3步）", middle(early), "毫秒")
    report.tell(f"第{LATE}次后一圈（3步）", middle(late), "毫秒")
    report.tell("耗时相差", change_percent(1, ratio(late, early)), "%", at_most(BORDER_PERCENT))
    report.remarks.append(f"两个状态轮流各走{rounds}圈，相差逐圈比较后取中位数，不计正负。")
    return report


def measure_commands(ground: Ground, rounds: int) -> Report:
    """The same through the commands: two cases go on in turns, one behind 5 returns, one behind 1,000."""
    report = Report("退回循环：第1000次与第5次（经命令和数据库）")
    cases = {number: CommandLife(ground, ALWAYS_BACK, f"示例-退回{number}") for number in (EARLY, LATE)}
    errands = {}
    for number, life in cases.items():
        life.live_until("check_target")
        errands[number] = _from_here(life)
        for _ in range(number):
            _once_returned(life, errands[number])
    size = {number: _sizes(ground, life.case_id) for number, life in cases.items()}
    laps: dict[int, list[float]] = {number: [] for number in cases}
    for turn in range(rounds):
        for number in (EARLY, LATE)[:: 1 if turn % 2 else -1]:
            laps[number].append(_once_returned(cases[number], errands[number]))
    early, late = laps[EARLY], laps[LATE]
    for what, place in (("流程状态", 0), ("案卷行", 1)):
        report.tell(f"第{EARLY}次后{what}", size[EARLY][place], "字节")
        report.tell(f"第{LATE}次后{what}", size[LATE][place], "字节")
        change = change_percent(size[EARLY][place], size[LATE][place])
        report.tell(f"{what}相差", change, "%", at_most(BORDER_PERCENT))
    report.tell(f"第{EARLY}次后一圈（3步）", middle(early), "毫秒")
    report.tell(f"第{LATE}次后一圈（3步）", middle(late), "毫秒")
    report.tell("耗时相差", change_percent(1, ratio(late, early)), "%", at_most(BORDER_PERCENT))
    report.remarks.append(
        f"两份案卷轮流各走{rounds}圈，相差逐圈比较后取中位数；每圈含退回、修改重报（新版本）、负责人确认。"
    )
    return report


def _from_here(life: CommandLife) -> Iterator[Errand]:
    life.rounds["check_target", None] -= 1  # the step was looked at, not done
    return life.errands()


def _once_returned(life: CommandLife, errands: Iterator[Errand]) -> float:
    """One return with everything that follows; gives the milliseconds of the commands alone."""
    spent = 0.0
    for element_id, _ in LOOP:
        errand = next(errands)
        assert errand.element_id == element_id
        spent += milliseconds(partial(life.do, errand))
    return spent


def _sizes(ground: Ground, case_id: int) -> tuple[int, int]:
    """Bytes of the process state and of the whole row of the case."""
    asked = text("SELECT pg_column_size(c.process_state), pg_column_size(c.*) FROM cases c WHERE c.id = :case")
    with ground.database.upkeep() as session:
        state, row = session.execute(asked, {"case": case_id}).one()
        return int(state), int(row)


def once_around(diagrams: Diagrams, state: bytes, key: bytes, decide: Decide) -> None:
    """One return with everything that follows, from a stored state; the state itself is left as it is."""
    for _, word in LOOP:
        step = process.complete(diagrams, state, key, {"outcome": word}, decide)
        state, key = step.state, step.opened_tasks[0].key


def change_percent(before: float, after: float) -> float:
    """By how much two figures differ, in percent of the first."""
    return abs(after - before) / before * 100
