"""What is wrong with deadline tables, alone and beside the diagrams, before any case meets it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from engine.deadlines.calendar import CalendarYear, WorkingCalendar
from engine.deadlines.plan import plan_before_end
from engine.deadlines.problems import DAYS_OF_PROBLEMS
from engine.errors import EngineError
from engine.findings import Finding
from engine.policies import Policies, Table, deadlines_by_row, must_be_sound
from engine.process.lint import Waiting, deadlines_waited_for
from engine.stages import Library
from engine.words import Consequence

YEARS = range(2021, 2025)
"""Years of money a row is planned in: four in a row, for a fixed day must be there in leap years and in all others."""

FURTHEST_REMINDER = 250
"""Working days; a year has no more."""

_OF_FIXED_DAYS = {"year_offset": "年度", "on_day_off": "遇休息日"}


def deadlines_must_be_sound(library: Library) -> None:
    """Refuse diagrams and tables in which something about a deadline is wrong, and say what to look at first."""
    policies = library.policies
    must_be_sound(fault for table in policies.tables("deadline") for fault in faults_of_rows(table))
    waiting = deadlines_waited_for(library.diagrams.files)
    must_be_sound([*names_apart(policies, waiting), *words_apart(policies, waiting)])


def faults_of_rows(table: Table) -> list[Finding]:
    """Rows of a deadline table no case could be dated by, read as the planner will, and cells that do nothing."""
    return [
        Finding("error", table.file, row.line, row.id, message.rstrip("。"), remedy)
        for row in table.rows
        for message, remedy in _faults(table.answer([row]))
    ]


def _faults(outputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    refused = _refused(outputs)
    if refused is not None:
        yield refused, "按表头的说明改写这一行"
    for name, label in _OF_FIXED_DAYS.items():
        if outputs[name] is not None and outputs["month_day"] is None:
            yield f"写了“{label}”，却没有固定日期，这一格不起作用", "补上固定日期，或清空这一格"
    yield from _useless_reminders(str(outputs["reminders"] or ""), outputs["working_days"])


def _refused(outputs: Mapping[str, Any]) -> str | None:
    """Why the planner refuses the row; a row counted back from a policy's end is also read where that is not known."""
    for year in YEARS:
        for ends_on in (None, f"{year}-12-31"):
            facts = {"policy_ends_on": ends_on}
            try:
                plan_before_end(date(year, 1, 4), outputs, year, _plain_calendar(), facts)
            except EngineError as reason:
                return reason.message
    return None


def _useless_reminders(reminders: str, working_days: Any) -> Iterator[tuple[str, str]]:
    """Reminders that can never come, or only in another year."""
    for written in re.findall(r"[+-]\d+", reminders):
        if working_days is not None and -int(written) >= working_days:
            yield f"催办“{written}”不晚于期限开始的那天，永远不会发出", "改得比工作日数小，或删去这一次"
        elif abs(int(written)) > FURTHEST_REMINDER:
            yield f"催办“{written}”离截止日超过一年", f"写在 {FURTHEST_REMINDER} 个工作日以内"


@lru_cache(maxsize=1)
def _plain_calendar() -> WorkingCalendar:
    """Weekends and nothing else, every year confirmed: whether a row makes sense does not hang on holidays."""
    return WorkingCalendar(CalendarYear(year, True, ("没有节假日",), ()) for year in range(2000, 2050))


def words_apart(policies: Policies, waiting: Waiting) -> list[Finding]:
    """Rows whose word for what follows is not what will follow, given who waits for them."""
    return [finding for table in policies.tables("deadline") for finding in _misspoken(table, waiting)]


def _misspoken(table: Table, waiting: Waiting) -> Iterator[Finding]:
    rows = {row.id: row for row in table.rows}
    for row_id, names in deadlines_by_row(table).items():
        row, of_step = rows[row_id], bool(names & waiting.tasks)
        fault = _wrong_word(row.results["consequence"], of_step=of_step, of_timer=bool(names & waiting.timers))
        if fault is not None:
            yield Finding("error", table.file, row.line, row_id, *fault)


def _wrong_word(word: str | None, *, of_step: bool, of_timer: bool) -> tuple[str, str] | None:
    """What is wrong with the word, and what to write instead."""
    if of_step and word is None:
        return (
            "步骤的期限没有写逾期后果",
            f"写一种后果，例如 {Consequence.MARK_OVERDUE}（{Consequence.MARK_OVERDUE.label}）",
        )
    if of_step and word == Consequence.CLOSE:
        return "步骤的期限写了截止关闭，但只有流程图里的定时能关闭步骤", "改写别的后果，或在流程图里画出定时"
    if of_timer and not of_step and word is not None:
        return "这个期限归流程图里的定时，届满后怎样由流程图决定，逾期后果这一格不起作用", "清空这一格"
    return None


def names_apart(policies: Policies, waiting: Waiting) -> list[Finding]:
    """Deadlines that sound diagrams wait for and one table lacks, and rows that nothing waits for."""
    return [finding for table in policies.tables("deadline") for finding in _apart(table, waiting, policies)]


def _apart(table: Table, waiting: Waiting, policies: Policies) -> Iterator[Finding]:
    rows, named = deadlines_by_row(table), waiting.timers | waiting.tasks | DAYS_OF_PROBLEMS
    for name in sorted(named & policies.deadlines() - frozenset[str]().union(*rows.values())):
        message = f"缺少期限“{name}”：流程图或函外问题等它，别的地区有这一行"
        yield Finding("error", table.file, table.line, name, message, "补上这一行；本地区没有规定的，照抄全国的表")
    lines = {row.id: row.line for row in table.rows}
    for row, names in rows.items():
        if not names & named:
            message = "没有流程图用到这一行期限"
            yield Finding("warning", table.file, lines[row], row, message, "更正阶段、步骤，或删去这一行")
