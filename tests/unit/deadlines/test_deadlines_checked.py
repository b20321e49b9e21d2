"""What the check says of deadline tables and the diagrams that wait for them, before any case meets it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.deadlines.checking import deadlines_must_be_sound, faults_of_rows, names_apart, words_apart
from engine.deadlines.problems import DAYS_OF_PROBLEMS
from engine.findings import Finding
from engine.policies import DECISIONS, Policies, Table, UnsoundTables
from engine.policies.load import policy_files
from engine.process import DiagramRefused
from engine.process.lint import Waiting, deadlines_waited_for
from engine.stages import Library
from tests.unit.policies.tables import compiled, dmn

BPMN = Path(__file__).parents[3] / "bpmn"
Row = tuple[tuple[str, ...], tuple[str, ...]]
Given = Callable[..., Policies]


def row(stage: str, step: str, **cells: str) -> Row:
    """Five working days, reminded a day before, overdue afterwards; and what is told here."""
    usual = {"working_days": "5", "reminders": '"-1"', "consequence": '"mark_overdue"'}
    return (f'"{stage}"', f'"{step}"'), tuple((usual | cells).get(name, "") for name in DECISIONS["deadline"].outputs)


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    return policy_files(BPMN)


@pytest.fixture
def given(files: dict[str, bytes]) -> Given:
    """`given(row, …)`: the tables of the nation with these deadlines alone; `huaxi=` those 花溪 has of its own."""

    def policies(*rows: Row, huaxi: tuple[Row, ...] = ()) -> Policies:
        tables = {"decisions/deadline.dmn": dmn("deadline", rows)}
        own = {"policies/huaxi/deadline.dmn": dmn("deadline", huaxi)} if huaxi else {}
        rest = {name: content for name, content in files.items() if not name.endswith("/deadline.dmn")}
        return Policies.from_files({**rest, **tables, **own})

    return policies


def told(findings: list[Finding]) -> list[tuple[str, str, str | None, str]]:
    return [(each.severity, each.file, each.element, each.message) for each in findings]


def waiting_for(*tasks: str, timers: tuple[str, ...] = ()) -> Waiting:
    return Waiting(frozenset(timers), frozenset(tasks))


def test_what_is_waited_for_and_laid_down_everywhere_has_no_finding(given: Given) -> None:
    policies = given(row("target_filing", "fill"), row("monitoring", "fill"))

    assert names_apart(policies, waiting_for("target_filing.fill", timers=("monitoring.fill",))) == []


def test_a_table_of_its_own_must_have_every_deadline_the_diagrams_wait_for(given: Given) -> None:
    policies = given(row("target_filing", "fill"), row("monitoring", "fill"), huaxi=(row("target_filing", "fill"),))

    found = names_apart(policies, waiting_for("target_filing.fill", timers=("monitoring.fill",)))

    assert told(found) == [
        (
            "error",
            "policies/huaxi/deadline.dmn",
            "monitoring.fill",
            "缺少期限“monitoring.fill”：流程图或函外问题等它，别的地区有这一行",
        )
    ]


def test_a_row_no_diagram_waits_for_wants_a_look(given: Given) -> None:
    policies = given(row("target_filing", "fill"), row("monitoring", "fill"))

    found = names_apart(policies, waiting_for("target_filing.fill"))

    assert told(found) == [("warning", "decisions/deadline.dmn", "row_2", "没有流程图用到这一行期限")]


def test_a_row_for_several_steps_is_used_when_one_of_them_is(given: Given) -> None:
    cells = ('"target_filing"', '"fill","revise"'), row("target_filing", "fill")[1]

    assert given(cells).deadlines() == {"target_filing.fill", "target_filing.revise"}
    assert names_apart(given(cells), waiting_for("target_filing.revise")) == []


def test_a_row_for_every_step_lays_down_each(given: Given) -> None:
    cells = ('"monitoring"', "-"), row("monitoring", "fill")[1]

    assert {"monitoring.fill", "monitoring.dispose"} <= given(cells).deadlines()
    assert "target_filing.fill" not in given(cells).deadlines()


def test_diagrams_that_wait_for_what_no_table_has_are_not_put_into_service(library: Library) -> None:
    files = {
        name: content.replace(b"deadline('monitoring.fill')", b"deadline('monitoring.fil')")
        for name, content in library.diagrams.files.items()
    }

    with pytest.raises(DiagramRefused, match="期限“monitoring.fil”在期限表里没有，永远不会到期"):
        Library.of(files, library.policies)


def test_what_our_own_diagrams_wait_for_is_what_our_tables_lay_down(library: Library) -> None:
    waiting = deadlines_waited_for(library.diagrams.files)

    assert library.policies.deadlines() - waiting.timers - waiting.tasks <= DAYS_OF_PROBLEMS
    assert names_apart(library.policies, waiting) == []


def table(**cells: str) -> Table:
    """A deadline table of one row."""
    return compiled(dmn("deadline", [row("target_filing", "fill", **cells)]), "deadline")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"working_days": "2.5"}, "期限表的 working_days 要写整数，不能是“2.5”"),
        ({"working_days": ""}, "期限表这一行要么写工作日数，要么写固定日期，必须且只能写一项"),
        ({"month_day": '"10-31"'}, "期限表这一行要么写工作日数，要么写固定日期，必须且只能写一项"),
        (
            {"working_days": "", "days_before_end": "90"},
            "期限表这一行要么写工作日数，要么写固定日期，必须且只能写一项",
        ),
        (
            {"working_days": "", "month_day": '"02-30"'},
            "期限表里的日期“02-30”在 2021 年不存在，应写成“10-31”这样的月-日",
        ),
        (
            {"working_days": "", "month_day": '"02-29"'},
            "期限表里的日期“02-29”在 2021 年不存在，应写成“10-31”这样的月-日",
        ),
        ({"year_offset": "1"}, "写了“年度”，却没有固定日期，这一格不起作用"),
        ({"on_day_off": '"next"'}, "写了“遇休息日”，却没有固定日期，这一格不起作用"),
        ({"reminders": '"-5 -1"'}, "催办“-5”不晚于期限开始的那天，永远不会发出"),
        ({"reminders": '"-1 +900"'}, "催办“+900”离截止日超过一年"),
        ({"working_days": "", "month_day": '"10-31"', "reminders": '"-900"'}, "催办“-900”离截止日超过一年"),
    ],
)
def test_a_row_no_case_could_be_dated_by_is_an_error_in_its_place(cells: dict[str, str], message: str) -> None:
    [found] = faults_of_rows(table(**cells))

    assert told([found]) == [("error", "deadline.dmn", "row_1", message)]
    assert found.line == 4
    assert found.remedy


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"working_days": "365", "reminders": '"-250 0 +250"'},
        {"working_days": "", "month_day": '"12-31"', "year_offset": "-1", "on_day_off": '"previous"'},
        {"working_days": "", "month_day": '"02-28"', "days_before_end": "180", "reminders": '"0"'},
        {"days_before_end": "30", "reminders": '"-3"'},
        {"reminders": ""},
    ],
)
def test_a_row_the_planner_reads_has_no_finding(cells: dict[str, str]) -> None:
    assert faults_of_rows(table(**cells)) == []


@pytest.mark.parametrize(
    ("word", "tasks", "timers", "message"),
    [
        ("", ("monitoring.fill",), (), "步骤的期限没有写逾期后果"),
        ('"close"', ("monitoring.fill",), (), "步骤的期限写了截止关闭，但只有流程图里的定时能关闭步骤"),
        (
            '"mark_overdue"',
            (),
            ("monitoring.fill",),
            "这个期限归流程图里的定时，届满后怎样由流程图决定，逾期后果这一格不起作用",
        ),
    ],
)
def test_a_word_that_is_not_what_will_follow_is_an_error(
    given: Given, word: str, tasks: tuple[str, ...], timers: tuple[str, ...], message: str
) -> None:
    found = words_apart(given(row("monitoring", "fill", consequence=word)), waiting_for(*tasks, timers=timers))

    assert told(found) == [("error", "decisions/deadline.dmn", "row_1", message)]
    assert found[0].remedy


@pytest.mark.parametrize(
    ("word", "tasks", "timers"),
    [
        ('"mark_overdue"', ("monitoring.fill",), ()),
        ("", (), ("monitoring.fill",)),
        ('"mark_overdue"', ("monitoring.fill",), ("monitoring.fill",)),
        ("", (), ()),
    ],
)
def test_a_word_that_will_follow_has_no_finding(
    given: Given, word: str, tasks: tuple[str, ...], timers: tuple[str, ...]
) -> None:
    assert words_apart(given(row("monitoring", "fill", consequence=word)), waiting_for(*tasks, timers=timers)) == []


def test_tables_that_could_date_nothing_are_not_put_into_service(library: Library, given: Given) -> None:
    unplannable = given(row("target_filing", "fill", working_days="2.5"))

    with pytest.raises(UnsoundTables, match="先看decisions/deadline.dmn第4行：期限表的 working_days 要写整数"):
        deadlines_must_be_sound(Library(library.diagrams, unplannable))


def test_a_table_without_what_the_diagrams_wait_for_is_not_put_into_service(library: Library, given: Given) -> None:
    own = given(row("target_filing", "fill"), row("monitoring", "fill"), huaxi=(row("target_filing", "fill"),))

    with pytest.raises(UnsoundTables, match="缺少期限“monitoring.fill”"):
        deadlines_must_be_sound(Library(library.diagrams, own))


def test_our_own_diagrams_and_tables_are_put_into_service(library: Library) -> None:
    deadlines_must_be_sound(library)
