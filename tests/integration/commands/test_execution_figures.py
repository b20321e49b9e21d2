"""执行数: figures arrive one by one and in files, each a version; lights, the board and supplements follow at once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text, update

from engine.audit.export import export_lines
from engine.audit.verify import verify
from engine.clock import shanghai
from engine.commands import (
    adjust_budget,
    bring_execution_file,
    cancel,
    import_execution,
    report_execution,
)
from engine.commands.start_case import Line
from engine.directory import Actor
from engine.executions import ExecutionFigure
from engine.executions.execution_file import HEADER
from engine.moves.executing import Reported
from engine.queries.executions import execution_check, execution_versions, executions_brought
from engine.queries.monitoring_board import MonitoringFilters, MonitoringLine, monitoring_board
from engine.sheets import CheckedRow
from engine.store import Database
from engine.words import CaseKind, Light
from tests.integration.desk import prepared
from tests.integration.refusals import refused
from tests.office import FISCAL_YEAR, Office

JULY, SEPTEMBER, OCTOBER = date(2021, 7, 31), date(2021, 9, 30), date(2021, 10, 31)
TWO = (Line("财政拨款", Decimal("60")), Line("上级补助", Decimal("40")))
_numbers = count(1)


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def haicang(database: Database) -> Office:
    return Office.opened(database, "haicang")


def watched(office: Office, *sheets: dict[str, Any], lines: tuple[Line, ...] = ()) -> list[int]:
    """Projects at their monitoring, in November of their year; what is filled into the sheet where there is one."""
    cases = [office.open_case(code=f"示例-{next(_numbers)}", lines=lines) for _ in sheets]
    for case_id, filled in zip(cases, sheets, strict=True):
        office.reach(case_id, "monitoring.confirm_monitoring" if filled else "monitoring.fill_monitoring", **filled)
    office.clock.move_to(shanghai(2021, 11, 15))
    return cases


def told_off(office: Office, code: str, work: Callable[[], object]) -> str:
    """What is said when this is refused with that code."""
    with refused(office.database, code) as caught:
        work()
    return caught.value.message


def say(office: Office, case_id: int, wan: str, as_of: date = SEPTEMBER, **more: Any) -> dict[str, Any]:
    reported = Reported(as_of, Decimal(wan), "示例：国库系统", **more)
    with office.transactions() as session:
        return dict(report_execution(session, case_id, reported, by=office.bureau.division, at=office.now).gave)


def line_of(office: Office, case_id: int, light: Light | None = None) -> MonitoringLine | None:
    with office.transactions() as session:
        filters = MonitoringFilters(FISCAL_YEAR, light=light)
        page = monitoring_board(session, office.bureau.division, on=office.today, filters=filters)
    return next((line for line in page.lines if line.case_id == case_id), None)


def versions(office: Office, case_id: int, actor: Actor | None = None) -> list[tuple[int, date, bool]]:
    with office.transactions() as session:
        found = execution_versions(session, actor or office.bureau.division, case_id)
    return [(each.version, each.as_of, each.is_newest) for each in found.versions]


# ── one by one ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_figure_shows_on_the_board_at_once_with_its_day_its_source_and_its_light(office: Office) -> None:
    (case_id,) = watched(office, {})

    gave = say(office, case_id, "54")

    line = line_of(office, case_id)
    assert gave == {"version": 1}
    assert line is not None
    assert (line.as_of, line.figure_source) == (SEPTEMBER, "示例：国库系统")
    assert (line.execution_rate, line.time_progress, line.gap) == (
        Decimal("30.00"),
        Decimal("75.00"),
        Decimal("-45.00"),
    )
    assert (line.money_light, line.target_light, line.laid_down) == ("red", None, True)
    assert office.journal(case_id, "execution.reported")[-1].payload["executed_wan"] == "54"


def test_a_later_figure_takes_the_place_of_the_newest_and_an_earlier_one_does_not(office: Office) -> None:
    (case_id,) = watched(office, {})

    for wan, as_of in (("54", SEPTEMBER), ("30", JULY), ("120", OCTOBER), ("121", OCTOBER)):
        say(office, case_id, wan, as_of)

    line = line_of(office, case_id)
    assert line is not None
    assert (line.as_of, line.execution_rate) == (OCTOBER, Decimal("67.22"))
    assert versions(office, case_id) == [
        (4, OCTOBER, True),
        (3, OCTOBER, False),
        (1, SEPTEMBER, False),
        (2, JULY, False),
    ]
    assert [entry.payload.get("older", False) for entry in office.journal(case_id, "execution.reported")] == [
        False, True, False, False,
    ]  # fmt: skip


def test_the_sheet_counts_as_long_as_no_figure_of_its_month_or_later_is_there(office: Office) -> None:
    (case_id,) = watched(office, {"executed_wan": "105", "achieved": "0.5"})
    say(office, case_id, "20", date(2021, 6, 30))
    by_sheet = line_of(office, case_id)

    say(office, case_id, "170", OCTOBER)

    by_figure = line_of(office, case_id)
    assert by_sheet is not None
    assert by_figure is not None
    assert (by_sheet.as_of, by_sheet.figure_source, by_sheet.execution_rate) == (JULY, None, Decimal("58.33"))
    assert (by_figure.as_of, by_figure.execution_rate) == (OCTOBER, Decimal("94.44"))
    assert by_figure.money_light == "green"
    assert by_figure.target_light == by_sheet.target_light
    assert by_figure.advice == "check_quality"


def test_the_board_is_sorted_and_filtered_by_the_newest_figures(office: Office) -> None:
    late, early = watched(office, {}, {})
    say(office, late, "170")
    say(office, early, "20")

    say(office, late, "1", OCTOBER)

    with office.transactions() as session:
        board = monitoring_board(
            session, office.bureau.office, on=office.today, filters=MonitoringFilters(FISCAL_YEAR, light=Light.RED)
        )
    assert [line.case_id for line in board.lines] == [late, early]
    assert line_of(office, late, Light.GREEN) is None


def test_the_light_follows_the_amount_when_the_budget_is_adjusted(office: Office) -> None:
    (case_id,) = watched(office, {})
    say(office, case_id, "90")
    before = line_of(office, case_id, Light.RED)

    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "示例：压减", "by": office.bureau.division, "at": office.now, "kind": "cut"}
        adjust_budget(session, case_id, Decimal(100), **how)
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case_id, step)

    after = line_of(office, case_id, Light.GREEN)
    assert before is not None
    assert after is not None
    assert (before.execution_rate, after.execution_rate) == (Decimal("50.00"), Decimal("90.00"))


def test_who_has_a_form_before_them_hands_it_in_although_figures_came_meanwhile(office: Office) -> None:
    (case_id,) = watched(office, {})
    say(office, case_id, "50", JULY)  # with it the days that have passed took effect
    as_seen, filling = office.case(case_id).journal_seq, prepared(office, case_id, "fill_monitoring")
    say(office, case_id, "54")

    with office.transactions() as session:
        filling.done(session, office, expected=as_seen)

    assert office.open_steps(case_id) == ["monitoring.confirm_monitoring"]


def test_every_fund_line_can_be_told_and_then_all_of_them_are(office: Office) -> None:
    (case_id,) = watched(office, {}, lines=TWO)

    say(office, case_id, "70", lines={1: Decimal(40), 2: Decimal(30)})

    with office.transactions() as session:
        (version,) = execution_versions(session, office.bureau.office, case_id).versions
    assert version.lines == (("财政拨款", "40"), ("上级补助", "30"))
    half = {1: Decimal(40)}
    told = told_off(office, "execution.refused", lambda: say(office, case_id, "40", OCTOBER, lines=half))
    assert "请报全每一笔（财政拨款、上级补助）" in told
    both = half | {2: Decimal(30)}
    told = told_off(office, "execution.refused", lambda: say(office, case_id, "71", OCTOBER, lines=both))
    assert "各笔之和与合计不一致" in told


@pytest.mark.parametrize(
    ("wan", "as_of", "said"),
    [
        ("1", date(2020, 12, 31), "不在2021资金年度内"),
        ("1", date(2021, 12, 31), "还没有到"),
        ("-1", SEPTEMBER, "不小于0"),
        ("0.0000001", SEPTEMBER, "最多六位小数"),
    ],
)
def test_a_figure_that_cannot_be_one_is_refused(office: Office, wan: str, as_of: date, said: str) -> None:
    (case_id,) = watched(office, {})

    told = told_off(office, "execution.refused", lambda: say(office, case_id, wan, as_of))

    assert said in told


def test_the_same_figure_is_not_kept_twice_and_a_cancelled_case_takes_none(office: Office) -> None:
    (case_id,) = watched(office, {})
    say(office, case_id, "54")

    told_off(office, "execution.known", lambda: say(office, case_id, "54"))
    with office.transactions() as session:
        cancel(session, case_id, reason="示例：撤销", by=office.bureau.office, at=office.now)

    told_off(office, "case.not_active", lambda: say(office, case_id, "60"))


def test_a_figure_changed_behind_our_back_is_found_by_verify_and_cannot_be_changed_by_the_program(
    office: Office,
) -> None:
    (case_id,) = watched(office, {})
    say(office, case_id, "54")
    with office.transactions() as session:
        assert verify(session, "huaxi").breaks == ()
        exported = list(export_lines(session, "huaxi", at=office.now, with_papers=True))

    with office.transactions() as session, pytest.raises(Exception, match="permission denied"):
        session.execute(update(ExecutionFigure).values(executed_wan=Decimal(180)))
    with office.database.upkeep() as session:
        session.execute(text("UPDATE execution_figures SET executed_wan = 180"))

    with office.transactions() as session:
        breaks = verify(session, "huaxi").breaks
    assert any("执行数与校验值不符" in str(each) for each in breaks)
    assert sum('"kind":"figure"' in line for line in exported) == 1


# ── more money ───────────────────────────────────────────────────────────────────────────────────────────────────────


def ask_for_more(office: Office, case_id: int) -> list[str]:
    with office.transactions() as session:
        adjust_budget(
            session, case_id, Decimal(220), reason="示例：追加", by=office.bureau.division, at=office.now,
            kind="supplement",
        )  # fmt: skip
    return [step for step in office.open_steps(case_id) if step.startswith("budget_adjustment")]


def test_a_supplement_is_held_against_the_newest_figure_of_the_moment(haicang: Office) -> None:
    behind, ahead = watched(haicang, {"executed_wan": "170"}, {"executed_wan": "100"})
    for case_id in (behind, ahead):
        say(haicang, case_id, "100", OCTOBER)
    late = ask_for_more(haicang, behind)

    for case_id in (behind, ahead):
        say(haicang, case_id, "160", date(2021, 11, 10))

    assert late == ["budget_adjustment.decide_supplement_exception"]
    assert ask_for_more(haicang, ahead) == ["budget_adjustment.fill_adjusted_target"]
    told = haicang.journal(ahead, "supplement.weighed")[-1].payload
    assert (told["executed_wan"], told["of_wan"], told["projects"]) == ("320", "360", 2)
    assert (told["execution_rate"], told["time_progress"]) == ("0.888889", "0.833333")


def test_it_is_the_department_that_is_held_against_time_not_the_project_alone(haicang: Office) -> None:
    quick, slow = watched(haicang, {}, {})
    say(haicang, quick, "180", OCTOBER)
    say(haicang, slow, "10", OCTOBER)

    assert ask_for_more(haicang, quick) == ["budget_adjustment.decide_supplement_exception"]


def test_as_long_as_a_project_of_the_department_has_no_figure_a_person_decides(haicang: Office) -> None:
    told, untold = watched(haicang, {}, {})
    say(haicang, told, "180", OCTOBER)

    assert ask_for_more(haicang, told) == ["budget_adjustment.decide_supplement"]
    assert haicang.journal(told, "supplement.weighed")[-1].payload["without"] == 1
    assert versions(haicang, untold) == []


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def brought(office: Office, *rows: tuple[str, ...], by: Actor | None = None) -> int:
    raw = "\r\n".join(",".join(row) for row in (HEADER, *rows)).encode("utf-8-sig")
    with office.transactions() as session:
        by = by or office.bureau.division
        return int(bring_execution_file(session, f"示例{next(_numbers)}.csv", raw, by=by, at=office.now).gave["file"])


def rows_of(office: Office, file: int) -> tuple[CheckedRow, ...]:
    with office.transactions() as session:
        return execution_check(session, office.bureau.division, file, at=office.now).rows


def written(office: Office, file: int, **how: Any) -> dict[str, Any]:
    with office.transactions() as session:
        given = {"by": office.bureau.division, "at": office.now} | how
        return dict(import_execution(session, file, **given).gave)


def code_of(office: Office, case_id: int) -> str:
    return office.case(case_id).code


def test_a_row_of_an_unknown_project_is_refused_with_its_number_and_the_others_are_taken_in(office: Office) -> None:
    one, two = watched(office, {}, {}, lines=TWO)
    file = brought(
        office,
        (code_of(office, one), "2021", "2021-09-30", "", "54", "", "示例：国库系统"),
        ("没有这个", "2021", "2021-09-30", "", "54", "", ""),
        (code_of(office, two), "2021", "2021/9/30", "财政拨款", "40", "", ""),
        (code_of(office, two), "2021", "2021年9月30日", "2", "30.5", "", ""),
        (code_of(office, one), "2021", "2021-10-31", "", "一百", "", ""),
    )
    rows = rows_of(office, file)
    whole = told_off(office, "import.rows_refused", lambda: written(office, file))

    gave = written(office, file, only_sound=True)

    assert {row.row: row.said for row in rows if row.is_wrong} == {
        3: "本地区2021年度没有编号“没有这个”的案卷。请核对编号和年度。",
        6: "“一百”读不出金额。请填写万元数，例如 980.00。",
    }
    assert "第 3 行" in whole
    assert gave == {"figures": 2, "left_out": 2}
    assert versions(office, one) == [(1, SEPTEMBER, True)]
    assert versions(office, two) == [(1, SEPTEMBER, True)]
    with office.transactions() as session:
        (figure,) = session.scalars(select(ExecutionFigure).where(ExecutionFigure.case_id == two))
        assert (figure.executed_wan, figure.lines) == (Decimal("70.5"), {"1": "40", "2": "30.5"})
        assert figure.source.startswith("文件“示例")
        (line,) = executions_brought(session, office.bureau.division)
        assert (line.file.figures, line.file.left_out) == (2, 2)
        assert verify(session, "huaxi").breaks == ()


def test_rows_of_one_project_and_day_are_written_together_or_not_at_all(office: Office) -> None:
    (case_id,) = watched(office, {}, lines=TWO)
    code = code_of(office, case_id)

    half = rows_of(office, brought(office, (code, "2021", "2021-09-30", "财政拨款", "40", "", "")))
    twice = rows_of(office, brought(office, *[(code, "2021", "2021-09-30", "", wan, "", "") for wan in ("40", "41")]))
    strange = rows_of(
        office,
        brought(
            office,
            (code, "2021", "2021-09-30", "财政拨款", "40", "", ""),
            (code, "2021", "2021-09-30", "别的", "3", "", ""),
        ),
    )

    assert "请报全每一笔" in half[0].said
    assert [row.is_wrong for row in twice] == [True, True]
    assert "与第 2 行是同一天的同一笔" in twice[1].said
    assert ["第 3 行有错" in strange[0].said, "没有叫“别的”的资金" in strange[1].said] == [True, True]


def test_what_is_worth_a_look_is_said_and_what_is_known_is_passed_over(office: Office) -> None:
    (case_id,) = watched(office, {})
    code = code_of(office, case_id)
    say(office, case_id, "54", OCTOBER)
    file = brought(
        office,
        (code, "2021", "2021-10-31", "", "54", "", ""),
        (code, "2021", "2021-09-30", "", "200", "", ""),
        (code, "2021", "2021-11-10", "", "50", "", ""),
    )

    known, over, less = rows_of(office, file)
    gave = written(office, file)

    assert known.is_known
    assert ("早于" in over.said or "只留作一版" in over.said, "超过预算180万元" in over.said) == (True, True)
    assert "比截至2021-10-31的54万元少" in less.said
    assert gave == {"figures": 2, "left_out": 0}
    assert versions(office, case_id)[0] == (3, date(2021, 11, 10), True)


def test_a_file_is_written_once_and_by_whoever_brought_it(office: Office) -> None:
    (case_id,) = watched(office, {})
    row = (code_of(office, case_id), "2021", "2021-09-30", "", "54", "", "")
    file = brought(office, row)
    told_off(office, "import.file_not_found", lambda: written(office, file, by=office.bureau.office))
    written(office, file)

    told_off(office, "execution.nothing_to_report", lambda: written(office, file))
    other = brought(office, row, row)

    told_off(office, "import.rows_refused", lambda: written(office, other))


def test_many_cases_are_taken_in_together(office: Office) -> None:
    cases = watched(office, {}, {}, {})
    file = brought(office, *[(code_of(office, case), "2021", "2021-10-31", "", "90", "", "") for case in cases])

    gave = written(office, file)

    assert gave == {"figures": 3, "left_out": 0}
    with office.transactions() as session:
        told = session.scalars(select(ExecutionFigure.case_id).where(ExecutionFigure.as_of == OCTOBER))
        assert sorted(told) == cases
        assert verify(session, "huaxi").breaks == ()


def test_a_code_with_two_cases_means_the_one_at_work_and_of_a_policy_the_annual_one(office: Office) -> None:
    first = office.open_case(code="示例-另立")
    with office.transactions() as session:
        cancel(session, first, reason="示例：撤销", by=office.bureau.office, at=office.now)
    second = office.open_case(code="示例-另立")
    annual = office.open_case(CaseKind.POLICY, "示例-政策")
    office.open_case(CaseKind.POLICY, "示例-政策", policy_ends_on="2021-12-31")

    office.clock.move_to(shanghai(2021, 11, 15))

    written(
        office, brought(office, *[(code, "2021", "2021-09-30", "", "1", "", "") for code in ("示例-另立", "示例-政策")])
    )

    with office.transactions() as session:
        assert sorted(session.scalars(select(ExecutionFigure.case_id))) == [second, annual]
