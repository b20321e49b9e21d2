"""How large the stored process state of a case becomes in its life, and what each rectification item adds."""

from time import perf_counter

from bench.pure_life import PureLife, Taken, decide_in
from bench.report import Detail, Report, at_most
from bench.timing import middle
from bench.way import Way
from engine.process.model import Decide
from engine.stages import Library

MAX_BYTES = 8 * 1024
BYTES_PER_ITEM = 100
ITEMS = (0, 2, 10, 30, 100)


def measure(library: Library) -> Report:
    """The largest state of whole lives with 0 to 100 rectification items, and the milliseconds a step takes."""
    report = Report("流程状态大小")
    decide = decide_in(library)
    largest = {}
    rows = []
    for items in ITEMS:
        states, milliseconds = _life(library, decide, items)
        biggest = max(states, key=lambda taken: len(taken.state))
        largest[items] = len(biggest.state)
        mean = sum(len(taken.state) for taken in states) / len(states)
        rows.append((items, len(states), largest[items], round(mean), biggest.element_id, milliseconds))
    report.tell("一生中最大（2项整改、1次预算调整）", largest[2], "字节", at_most(MAX_BYTES))
    per_item = (largest[100] - largest[10]) / 90
    report.tell("每增加一项整改", per_item, "字节", at_most(BYTES_PER_ITEM))
    report.tell("每步流程计算（解码、推进、压缩、编码）", rows[1][-1], "毫秒")
    report.details.append(
        Detail("按整改项数", ("整改项数", "步数", "最大字节", "平均字节", "最大时所在步骤", "每步毫秒（中位）"), rows)
    )
    report.remarks.append("全程有退回；第一次监控时另开一条预算调整支线，走完重报目标。")
    return report


def _life(library: Library, decide: Decide, items: int) -> tuple[list[Taken], float]:
    life = PureLife(library.diagrams, decide, Way(items=items))
    states: list[Taken] = []
    times: list[float] = []
    adjusted = False
    while not life.step.completed:
        began = perf_counter()
        if not adjusted and any(task.process_id == "monitoring" for task in life.tasks.values()):
            catch = next(catch for catch in life.catches.values() if catch.message == "case.budget_adjusted")
            states.append(life.deliver(catch, {"adjustment_kind": "transfer"}))
            adjusted = True
        else:
            states.append(life.go())
        times.append((perf_counter() - began) * 1000)
    return states, middle(times)
