"""工作部署: with a day of its own, in parts, gone on with; and what is foretold of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine.cases import Incident
from engine.commands.continue_launch import continue_launch
from engine.commands.launch_stage import launch_stage
from engine.directory import NotYourOffice
from engine.moves.launching import LaunchDayRefused, LaunchedAlready, LaunchNotFound
from engine.queries.deadline_reasons import reason_of
from engine.queries.launch_days import foretell_launch
from engine.queries.launch_work import launch_audience, launch_faults, launched_cases
from engine.queries.launches import launch_progress
from engine.reviews import ReasonMissing
from engine.texts import minute_of, told_who
from engine.words import CaseKind
from tests.office import FISCAL_YEAR, Office

WHY = "示例：人代会提前"
GIVEN = date(2021, 8, 20)
CODES = ("示例-1", "示例-2", "示例-3")


def departments_before_monitoring(office: Office, *codes: str) -> list[int]:
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, code) for code in codes]
    for case in cases:
        office.reach(case, "monitoring")
    office.clock.move_to(office.now + timedelta(hours=1))
    return cases


def test_a_day_given_with_a_launch_holds_instead_of_the_tables_and_says_why(office: Office) -> None:
    (case,) = departments_before_monitoring(office, "示例-1")
    given = office.today + timedelta(days=9)

    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, due_on=given, reason=WHY
    )  # fmt: skip

    (deadline,) = office.deadlines(case, "monitoring.fill")
    (task,) = office.tasks(case)
    with office.transactions() as session:
        reason = reason_of(session, office.bureau.clerk, deadline.id)
    assert (deadline.due_on, task.due_on) == (given, given)
    assert (reason.due_on, reason.given, reason.moved) == (given, WHY, True)
    assert office.journal(case, "stage.launched")[0].payload["due_on"] == given.isoformat()


def test_who_arrives_later_gets_the_day_given_too_until_it_has_passed(office: Office) -> None:
    (first,) = departments_before_monitoring(office, "示例-1")
    given = office.today + timedelta(days=9)
    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, due_on=given, reason=WHY
    )  # fmt: skip
    by_table = office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-3")

    late = office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-2")
    office.reach(late, "monitoring")
    office.clock.move_to(office.now + timedelta(days=20))
    office.reach(by_table, "monitoring")

    assert office.tasks(late)[0].due_on == given
    assert office.tasks(by_table)[0].due_on > office.today > given
    assert office.tasks(first)[0].due_on == given


def test_a_day_that_is_over_or_too_far_off_or_without_a_reason_launches_nothing(office: Office) -> None:
    (case,) = departments_before_monitoring(office, "示例-1")
    ask = {"by": office.bureau.office, "at": office.now}

    for day, why, refusal in (
        (office.today - timedelta(days=1), WHY, LaunchDayRefused),
        (date(office.today.year + 2, 1, 1), WHY, LaunchDayRefused),
        (office.today + timedelta(days=9), "  ", ReasonMissing),
    ):
        with pytest.raises(refusal):
            launch_stage(office.transactions, FISCAL_YEAR, "monitoring", due_on=day, reason=why, **ask)

    assert office.tasks(case) == []


def test_a_launch_in_parts_goes_on_where_it_stopped_and_moves_nobody_twice(office: Office) -> None:
    cases = departments_before_monitoring(office, *CODES)
    ask = {"by": office.bureau.office, "at": office.now, "most": 2}

    first = launch_stage(office.transactions, FISCAL_YEAR, "monitoring", key="示例", **ask)
    moved = [case for case in cases if office.tasks(case)]
    second = continue_launch(office.transactions, first.gave["launch"], **ask)
    third = continue_launch(office.transactions, first.gave["launch"], **ask)

    assert (first.gave["moved"], first.gave["left"], len(moved)) == (2, 1, 2)
    assert (second.gave["moved"], second.gave["left"]) == (1, 0)
    assert (third.gave["moved"], third.gave["left"]) == (0, 0)
    assert [len(office.journal(case, "stage.launched")) for case in cases] == [1, 1, 1]


def test_the_same_launch_a_second_time_is_told_who_made_the_first_and_is_made_only_for_what_still_waits(
    office: Office,
) -> None:
    cases = departments_before_monitoring(office, *CODES)
    ask = {"by": office.bureau.office, "at": office.now}
    first = launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask, most=2).gave["launch"]
    who = told_who(office.bureau.office.name, "部署", minute_of(office.now))

    with pytest.raises(LaunchedAlready) as refused:
        launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask)
    with pytest.raises(LaunchedAlready):
        launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask, scope={"case_ids": cases[:1]})
    made_up = launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask, missing=True).gave
    with pytest.raises(LaunchedAlready, match="没有案卷还在等待"):
        launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask, missing=True)

    assert refused.value.facts == {"launch": first, "waiting": 1}
    assert f"绩效运行监控已经这样部署过{who}，没有再部署。还有 1 件在等待，可以只补建这些。" in refused.value.message
    assert (made_up["moved"], made_up["launch"] != first) == (1, True)
    assert [len(office.journal(case, "stage.launched")) for case in cases] == [1, 1, 1]


def test_a_launch_for_more_than_an_earlier_one_is_another_launch(office: Office) -> None:
    cases = departments_before_monitoring(office, *CODES)
    ask = {"by": office.bureau.office, "at": office.now}

    some = launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask, scope={"case_ids": cases[:1]})
    everybody = launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask)

    assert (some.gave["moved"], everybody.gave["moved"]) == (1, 2)


def test_only_the_performance_office_goes_on_with_a_launch_that_is_there(office: Office) -> None:
    with pytest.raises(LaunchNotFound):
        continue_launch(office.transactions, 987, by=office.bureau.office, at=office.now)
    with pytest.raises(NotYourOffice):
        continue_launch(office.transactions, 987, by=office.bureau.division, at=office.now)


def test_the_days_of_a_launch_are_foretold_and_nothing_is_kept(office: Office) -> None:
    (case,) = departments_before_monitoring(office, "示例-1")
    ask = {"by": office.bureau.office, "at": office.now}

    with office.transactions() as session:
        (ahead,) = foretell_launch(session, launch_stage, FISCAL_YEAR, "monitoring", [case], **ask)

    assert office.tasks(case) == []
    office.clock.move_to(office.now + timedelta(minutes=1))
    launch_stage(office.transactions, FISCAL_YEAR, "monitoring", **ask)
    (day,), (step,) = ahead.days, ahead.steps
    assert (step.role, step.form) == ("unit_clerk", "F05")
    assert day.deadline == "monitoring.fill"
    assert day.due_on == office.tasks(case)[0].due_on
    assert day.reason.source


def test_the_audience_of_a_launch_says_of_every_case_of_the_year_where_it_is(office: Office) -> None:
    waiting, moved = departments_before_monitoring(office, *CODES[:2])
    ahead = office.open_case(CaseKind.WHOLE_DEPARTMENT, CODES[2])
    scope = {"case_ids": [moved]}
    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, scope=scope
    )  # fmt: skip

    with office.transactions() as session:
        told = launch_audience(session, office.bureau.office, FISCAL_YEAR, "monitoring")
        nobody = launch_audience(session, office.bureau.clerk, FISCAL_YEAR, "monitoring")

    assert {each.case_id: each.place for each in told} == {waiting: "waiting", moved: "unclaimed", ahead: "ahead"}
    assert {(each.unit, each.department) for each in told} == {("示例单位甲", "示例主管部门")}
    assert nobody == ()


def test_the_board_lists_the_cases_of_the_launch_with_their_open_task_and_the_faults_apart(office: Office) -> None:
    first, second = departments_before_monitoring(office, *CODES[:2])
    launch = launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now
    ).gave["launch"]  # fmt: skip
    with office.transactions() as session:
        session.add(
            Incident(
                jurisdiction="huaxi", case_id=second, command="deliver_message",
                arguments={"message": "monitoring.launched", "variables": {}}, message="流程图出错",
                raised_at=office.now,
            )
        )  # fmt: skip

    with office.transactions() as session:
        lines = launched_cases(session, office.bureau.office, launch).lines
        only = launched_cases(session, office.bureau.office, launch, place="failed").lines
        faults = launch_faults(session, office.bureau.office, launch)
        progress = launch_progress(session, office.bureau.office, launch)
        session.execute(select(Incident)).scalars().one().state = "resolved"

    assert [(line.case_id, line.place, line.task_id) for line in lines][::-1] == [
        (first, "unclaimed", office.tasks(first)[0].id),
        (second, "failed", office.tasks(second)[0].id),
    ]
    assert [line.case_id for line in only] == [second] == [fault.case_id for fault in faults]
    assert (progress.total, progress.failed, progress.unclaimed) == (2, 1, 1)
