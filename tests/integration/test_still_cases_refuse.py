"""Cases that stand still, years nobody confirmed, choices for a whole year: what is refused, and how."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.adjust_budget import adjust_budget
from engine.commands.approve_submission import approve_submission
from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.correct_facts import correct_facts
from engine.commands.correct_request import correct_request
from engine.commands.correct_state import correct_state
from engine.commands.draw_sample import draw_sample
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.launch_stage import launch_stage
from engine.commands.migrate_case import migrate_case
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.resume import resume
from engine.commands.retry_incident import retry_incident
from engine.commands.start_case import Line, start_case
from engine.commands.suspend import suspend
from engine.commands.transfer import transfer
from engine.commands.withdraw import withdraw
from engine.store import Database
from tests.factories import Bureau, new_project
from tests.integration.desk import deadline, latest, prepared, project_at
from tests.integration.refusals import act, refused
from tests.office import Office


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


# ── cases that stand still ───────────────────────────────────────────────────────────────────────────────────────────


def _commands(office: Office, case: int) -> Iterator[Callable[[Any], object]]:
    bureau, at = office.bureau, office.now
    done, version = prepared(office, case, "check_target"), latest(office, case)
    due = deadline(office, case, "target_filing.check")
    both = {"by": bureau.office, "at": at}
    yield lambda s: done.done(s, office)
    yield lambda s: claim(s, done.task_id, by=bureau.department, at=at)
    yield lambda s: transfer(s, done.task_id, bureau.department.person_id, reason="示例", by=bureau.department, at=at)
    yield lambda s: withdraw(s, version.id, by=bureau.clerk, at=at)
    yield lambda s: approve_submission(s, version.id, by=bureau.department, at=at)
    yield lambda s: adjust_budget(s, case, Decimal(1), reason="示例", **both)
    yield lambda s: correct_request(s, case, Decimal(1), reason="示例", by=bureau.clerk, at=at)
    yield lambda s: correct_facts(s, case, {"project_nature": "new"}, reason="示例", **both)
    yield lambda s: suspend(s, case, reason="示例", **both)
    yield lambda s: migrate_case(s, case, reason="示例", second=bureau.second_officer, **both)
    yield lambda s: correct_state(
        s, case, "target_filing", "fill_target", reason="示例", second=bureau.second_officer, **both
    )
    yield lambda s: extend_deadline(s, due.id, date(2021, 5, 1), reason="示例", **both)


def test_nothing_is_done_to_a_suspended_case_but_dates_can_be_moved(office: Office) -> None:
    case = project_at(office, "check_target")
    *commands, extend = _commands(office, case)
    act(suspend, reason="机构改革")(office, case)

    for command in commands:
        with refused(office.database, "case.not_active"), office.transactions() as session:
            command(session)
    with office.transactions() as session:
        extend(session)


def test_nothing_is_done_to_a_cancelled_case(office: Office) -> None:
    case = project_at(office, "check_target")
    codes = ["task.not_open"] * 3 + ["case.not_active", "submission.closed"] + ["case.not_active"] * 6
    commands = [*_commands(office, case), lambda s: resume(s, case, reason="示例", by=office.bureau.office, at=at)]
    at = office.now
    act(cancel, reason="项目撤销")(office, case)

    for code, command in zip([*codes, "deadline.not_pending", "case.not_active"], commands, strict=True):
        with refused(office.database, code), office.transactions() as session:
            command(session)


def test_nothing_is_done_to_a_case_that_ran_to_its_end(office: Office) -> None:
    case = project_at(office, "approve_budget")
    office.do(case, "approve_budget", target_result="not_arranged")
    assert office.case(case).state == "closed"

    for attempt in (
        act(suspend, reason="示例"),
        act(cancel, reason="示例"),
        act(resume, reason="示例"),
        act(adjust_budget, Decimal(1), reason="示例"),
    ):
        with refused(office.database, "case.not_active"):
            attempt(office, case)


# ── the year as a whole ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def known_case(shared_database: Database, shared_bureau: Bureau) -> int:
    """A project with the code P-0."""
    return Office(shared_database, shared_bureau).open_case(code="P-0")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("case.exists", {"code": "P-0"}),
        ("case.refused", {"code": " "}),
        ("case.refused", {"code": "长" * 101}),
        ("case.refused", {"name": ""}),
        ("case.refused", {"name": "长" * 501}),
        ("case.refused", {"fiscal_year": 1999}),
        ("case.refused", {"fiscal_year": 2101}),
        ("case.refused", {"fiscal_year": 99999}),
        ("case.refused", {"lines": [Line("拨款", Decimal("NaN"))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal("1e15"))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal(-1))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal(1)), Line("拨款", Decimal(-1))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal("0.0000001"))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal("-0"))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal("1E-999999"))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal("6e11")), Line("拨款二", Decimal("6e11"))]}),
        ("case.refused", {"lines": [Line("\u200b", Decimal(1))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal(1), Decimal("NaN"))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal(1), Decimal(-5))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal(1), Decimal(101))]}),
        ("case.refused", {"lines": [Line("拨款", Decimal(1), Decimal("90.005"))]}),
        ("case.refused", {"name": "\u200b\u3164\u2060"}),
        ("case.refused", {"code": "\u3000\u200d"}),
        ("case.refused", {"facts": {"amount_wan": "1"}}),
        ("case.refused", {"facts": {"project_nature": "没有的词"}}),
        ("case.refused", {"facts": {"spending_frequency": "词" * 1_000_000}}),
        ("case.refused", {"facts": {"marks": "不是清单"}}),
        ("case.refused", {"facts": {"marks": ["没有的词"]}}),
        ("case.refused", {"facts": {"public_expense_quota_wan": "120万"}}),
        ("case.refused", {"facts": {"public_expense_quota_wan": "-1"}}),
        ("case.refused", {"facts": {"public_expense_quota_wan": ["120"]}}),
        ("case.refused", {"facts": {"policy_ends_on": "2021年7月"}}),
        ("case.refused", {"facts": {"policy_ends_on": "0001-01-01"}}),
        ("case.refused", {"facts": {"policy_ends_on": "9999-12-31"}}),
        ("case.refused", {"facts": {"policy_ends_on": 20210701}}),
        ("directory.no_unit", {"unit_id": 404}),
        ("directory.no_unit", {"agency_id": 404}),
    ],
)
def test_an_object_that_cannot_be_appraised_gets_no_case(
    office: Office, known_case: int, code: str, changes: dict[str, Any]
) -> None:
    new = replace(new_project(office.bureau, "P-new", fiscal_year=2021), **changes)

    with refused(office.database, code), office.transactions() as session:
        start_case(session, new, by=office.bureau.office, at=office.now)


def test_a_name_of_500_characters_a_code_of_100_and_a_line_of_nothing_are_taken(office: Office) -> None:
    new = new_project(office.bureau, "长" * 100, name="长" * 500, lines=[Line("拨款", Decimal(0))])

    with office.transactions() as session:
        receipt = start_case(session, new, by=office.bureau.office, at=office.now)

    assert receipt.case_id is not None
    case = office.case(receipt.case_id)
    assert (case.code, case.name, case.amount_wan) == ("长" * 100, "长" * 500, 0)


def test_a_unit_that_is_no_agency_is_not_taken_for_one(office: Office) -> None:
    new = new_project(office.bureau, "P-new", agency_id=office.bureau.unit_id)

    with refused(office.database, "directory.no_unit"), office.transactions() as session:
        start_case(session, new, by=office.bureau.office, at=office.now)


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        ("stage.not_launchable", lambda o, how: launch_stage(o.transactions, 2021, "feedback", **how)),
        ("sample.purpose_unknown", lambda o, how: _draw(o, "lottery", **how)),
        ("sample.nobody_waits", lambda o, how: _draw(o, "spot_review", **how)),
        ("sample.witness_missing", lambda o, how: _draw(o, "spot_review", witness=" ", **how)),
        ("sample.nobody_waits", lambda o, how: plan_evaluation(o.transactions, 2021, **how)),
        ("incident.not_found", lambda o, how: retry_incident(o.database, "huaxi", 404, **how)),
    ],
)
def test_what_concerns_the_whole_year_is_refused_as_a_whole(office: Office, code: str, attempt: Any) -> None:
    project_at(office, "fill_target")

    with refused(office.database, code):
        attempt(office, {"by": office.bureau.office, "at": office.now})


def _draw(office: Office, purpose: str, **how: Any) -> object:
    seeds = {"finance_seed": "甲", "witness_seed": "乙", "witness": "示例见证人"}
    return draw_sample(office.transactions, 2021, purpose, 1, **(seeds | how))


def test_only_the_performance_office_moves_the_whole_year(office: Office) -> None:
    due = deadline(office, project_at(office, "fill_target"), "target_filing.fill")
    how: dict[str, Any] = {"by": office.bureau.head, "at": office.now}

    for attempt in (
        lambda s: extend_all(s, 2021, "target_filing.fill", date(2021, 1, 1), reason="示例", **how),
        lambda s: extend_deadline(s, due.id, date(2021, 1, 1), reason="示例", **how),
        lambda s: launch_stage(office.transactions, 2021, "monitoring", **how),
        lambda s: _draw(office, "spot_review", **how),
        lambda s: plan_evaluation(office.transactions, 2021, **how),
        lambda s: retry_incident(office.database, "huaxi", 1, **how),
    ):
        with refused(office.database, "directory.wrong_office"), office.transactions() as session:
            attempt(session)


def test_the_operators_last_resort_needs_a_reason_and_a_second_person_of_the_jurisdiction(office: Office) -> None:
    case, bureau = project_at(office, "fill_target"), office.bureau
    good: dict[str, Any] = {
        "process_id": "target_filing", "element_id": "approve_budget", "reason": "示例",
        "second": bureau.second_officer, "by": bureau.office, "at": office.now,
    }  # fmt: skip

    for code, changes in (
        ("directory.wrong_office", {"by": bureau.clerk}),
        ("correction.second_person", {"second": bureau.office}),
        ("correction.second_person", {"second": replace(bureau.second_officer, acting_for=bureau.office.person_id)}),
        ("correction.second_person", {"second": replace(bureau.second_officer, jurisdiction="conghua")}),
        ("directory.wrong_office", {"second": bureau.clerk}),
        ("review.reason_missing", {"reason": " "}),
        ("process.unknown_element", {"element_id": "no_such_step"}),
        ("process.unknown_element", {"process_id": "no_such_process"}),
        ("process.jump_refused", {"process_id": "monitoring", "element_id": "fill_monitoring"}),
    ):
        with refused(office.database, code), office.transactions() as session:
            correct_state(session, case, **(good | changes))
