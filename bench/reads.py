"""Every list among few and among many cases of one jurisdiction: a page must not cost more where there are more.

A run with a million cases takes `python -m bench.reads 1000000`.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy.orm import Session

from bench.ground import BPMN, Ground, ground
from bench.report import Report, at_most, show
from bench.timing import middle, turn_by_turn
from bench.way import JURISDICTION
from engine.directory import Actor
from engine.queries.case_list import CaseFilters, case_list
from engine.queries.deadline_board import deadline_board
from engine.queries.rectification_ledger import rectification_ledger
from engine.queries.result_effects import result_effects
from engine.queries.review_queue import review_queue
from engine.queries.worklist import worklist
from engine.stages import Library
from engine.words import Role
from tests.integration.queries.volume import planted

FEW = 20_000
MANY = 200_000
TODAY = date(2022, 3, 10)
NOW = datetime(2022, 3, 10, tzinfo=UTC)
MOST_TIMES_SLOWER = 2

READS: Mapping[str, Callable[[Session, Actor], Any]] = {
    "我的待办": lambda s, a: worklist(s, a, on=TODAY),
    "审核队列": lambda s, a: review_queue(s, a, on=TODAY),
    "案卷": lambda s, a: case_list(s, a, on=TODAY),
    "案卷·某年某阶段": lambda s, a: case_list(s, a, on=TODAY, filters=CaseFilters(2021, stage="monitoring")),
    "期限": lambda s, a: deadline_board(s, a, at=NOW),
    "整改台账": lambda s, a: rectification_ledger(s, a, on=TODAY),
    "结果应用清单": lambda s, a: result_effects(s, a, 2023),
}


def measure(place: Ground, rounds: int, many: int = MANY) -> Report:
    """The first page of every list, as finance sees it, among `FEW` and among `many` cases."""
    report = Report(f"列表：{FEW:,}件和{many:,}件案卷时的一页（财政，看全部）")
    first_unit = planted(place.database, place.bureau, FEW)
    among_few = _times(place, place.bureau.office, rounds)
    planted(place.database, place.bureau, many, already=FEW)
    among_many = _times(place, place.bureau.office, rounds)
    clerk = Actor(
        place.bureau.clerk.person_id, "示例经办人", JURISDICTION, first_unit + 3, frozenset({Role.UNIT_CLERK})
    )
    for name, times in _times(place, clerk, rounds).items():
        few, lots = middle(among_few[name]), middle(among_many[name])
        report.tell(f"{name}：{FEW:,}件", few, "毫秒")
        report.tell(f"{name}：{many:,}件", lots, "毫秒")
        report.tell(f"{name}：多少倍", lots / few, "倍", at_most(MOST_TIMES_SLOWER))
        report.tell(f"{name}：{many:,}件中一个单位看自己的", middle(times), "毫秒")
    report.remarks.append(f"每次一个事务，各{rounds}次取中位数。")
    return report


def _times(place: Ground, actor: Actor, rounds: int) -> dict[str, list[float]]:
    def asking(read: Callable[[Session, Actor], Any]) -> Callable[[], Any]:
        def ask() -> Any:
            with place.database.transaction(JURISDICTION) as session:
                return read(session, actor)

        return ask

    contestants = {name: asking(read) for name, read in READS.items()}
    turn_by_turn(contestants, 3)
    return turn_by_turn(contestants, rounds)


def main(many: int) -> None:
    """One run with so many cases."""
    with ground(Library.read(Path(BPMN))) as place:
        show(Console(width=120), measure(place, rounds=20, many=many))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
