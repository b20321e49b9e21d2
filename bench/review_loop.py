"""A paper is handed in, returned, mended and approved, and a case begins: ours beside what one would write by hand.

In turns with the same loop by hand over psycopg, in four or five statements a step.
"""

from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from bench.command_life import CommandLife
from bench.ground import Ground, durability
from bench.hand import Hand
from bench.papers import paper
from bench.report import Detail, Report, at_most
from bench.stock import StockCase, StockEngine, stock_cases
from bench.timing import middle, milliseconds, ratio
from bench.way import Way
from engine.cases import case_by_id

TIMES_HAND, TIMES_HAND_START = 3, 5
LOOP = (
    ("fill_target", "submitted", "报送"),
    ("confirm_target", "submitted", "负责人确认"),
    ("check_target", "returned", "退回"),
    ("revise_target", "submitted", "修改重报"),
    ("confirm_revised_target", "submitted", "负责人确认"),
    ("check_target", "approved", "通过"),
)
"""Each step with the word it ends with and what people call it."""
FILLS = ("fill_target", "revise_target")
ONE_RETURN = Way(returned={"check_target": 1})
_codes = count(1)


def measure_loop(ground: Ground, rounds: int) -> Report:
    """Milliseconds of each step of the loop, ours and by hand."""
    report = Report("审核循环：报送、退回、重报、通过")
    hand = Hand(ground.database)
    form = what_is_handed_in(ground)
    ours, theirs = [], []
    for turn in range(rounds + 3):
        laps = [partial(_our_lap, ground), partial(_hand_lap, hand, form)]
        times = {lap.func: lap() for lap in laps[:: 1 if turn % 2 else -1]}
        if turn >= 3:  # the first ones prepare the statements
            ours.append(times[_our_lap])
            theirs.append(times[_hand_lap])
    hand.close()
    report.tell("每步（中位）", middle([step for lap in ours for step in lap]), "毫秒")
    report.tell("手写每步（中位）", middle([step for lap in theirs for step in lap]), "毫秒")
    report.tell("每秒", 1000 * len(LOOP) * len(ours) / sum(map(sum, ours)), "步")
    times_hand = ratio([sum(lap) for lap in ours], [sum(lap) for lap in theirs])
    report.tell("一圈耗时为手写的", times_hand, "倍", at_most(TIMES_HAND))
    rows = []
    for place, (element_id, _, name) in enumerate(LOOP):
        mine, other = middle([lap[place] for lap in ours]), middle([lap[place] for lap in theirs])
        rows.append((f"{name} {element_id}", mine, other, mine / other))
    report.details.append(Detail("按步骤（中位）", ("步骤", "jixiao 毫秒", "手写毫秒", "倍"), rows))
    report.remarks += [
        f"六步一圈，{rounds}圈轮流，逐圈相除取中位数。两边报送同一张表（{len(repr(form)):,}个字符）。",
        "手写：psycopg 逐条执行，更新案卷行、办结任务、新开任务、写一条记录，报送时另存表单，提交；不读、不查。",
        "本程序另外读出任务和案卷，查权限、请求编号和表单，走流程，立期限，写串起来的台账和回执。",
        durability(ground.database),
    ]
    return report


def measure_start(ground: Ground, rounds: int) -> Report:
    """Milliseconds to open a case: ours, by hand, and the stock way with the diagrams shared."""
    report = Report("立案 start_case")
    hand = Hand(ground.database)
    stock_cases.create(ground.plain, checkfirst=True)
    engine = StockEngine(ground.library.diagrams.files, shared=True)
    variables = {
        "jurisdiction": "huaxi", "object_kind": "project", "fiscal_year": 2022, "has_department": True,
    }  # fmt: skip
    decisions = {"ex_ante_required": {"undefined": True}, "entry_review_required": {"undefined": True}}
    ways = {
        "jixiao": lambda: CommandLife(ground, Way(), _code()),
        "手写": lambda: hand.start(_code(), "decide_ex_ante_required"),
        "原生共用": lambda: StockCase(engine, ground.plain, variables | decisions),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 20):
        for name in list(ways)[:: 1 if turn % 2 else -1]:
            spent = milliseconds(ways[name])
            if turn >= 20:
                times[name].append(spent)
    hand.close()
    for name, spent in times.items():
        report.tell(f"{name}（中位）", middle(spent), "毫秒")
    report.tell("耗时为手写的", ratio(times["jixiao"], times["手写"]), "倍", at_most(TIMES_HAND_START))
    report.tell("耗时为原生共用的", ratio(times["jixiao"], times["原生共用"]), "倍")
    report.remarks.append(f"轮流各立{rounds}份；手写三条语句；原生共用只存案卷自己的部分，一条语句。")
    return report


def _our_lap(ground: Ground) -> list[float]:
    return [milliseconds(step) for step in our_steps(ground)]


def our_steps(ground: Ground) -> Iterator[partial[None]]:
    """The loop in a case of its own, each step to be taken before the next is asked for."""
    life = CommandLife(ground, ONE_RETURN, _code())
    life.live_until("fill_target")
    life.rounds["fill_target", None] -= 1  # the step was looked at, not done
    for errand, (element_id, _, _) in zip(life.errands(), LOOP, strict=False):
        assert errand.element_id == element_id
        yield partial(life.do, errand)


def _hand_lap(hand: Hand, form: dict[str, Any]) -> list[float]:
    return [milliseconds(step) for step in hand_steps(hand, form)]


def hand_steps(hand: Hand, form: dict[str, Any]) -> Iterator[partial[None]]:
    """The same by hand."""
    case = hand.start(_code(), LOOP[0][0])
    following = [element_id for element_id, _, _ in LOOP[1:]] + ["review_target"]
    for (element_id, word, _), then in zip(LOOP, following, strict=True):
        yield partial(case.step, word, then, form if element_id in FILLS else None)


def what_is_handed_in(ground: Ground) -> dict[str, Any]:
    """The form both hand in."""
    life = CommandLife(ground, ONE_RETURN, _code())
    with ground.database.transaction(ground.bureau.jurisdiction) as session:
        return paper("F02", case_by_id(session, life.case_id), None)


def _code() -> str:
    return f"示例-轮-{next(_codes)}"
