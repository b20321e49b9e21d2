"""Commands out of order, by the wrong person, twice, and on cases that stand still: each refused in a sentence."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from engine.commands.adjust_budget import adjust_budget
from engine.commands.approve_submission import approve_submission
from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.complete_task import complete_task
from engine.commands.correct_facts import correct_facts
from engine.commands.correct_request import correct_request
from engine.commands.correct_state import correct_state
from engine.commands.extend_deadline import extend_deadline
from engine.commands.migrate_case import migrate_case
from engine.commands.resume import resume
from engine.commands.return_submission import return_submission
from engine.commands.save_draft import save_draft
from engine.commands.start_case import Line, start_case
from engine.commands.submit import submit
from engine.commands.suspend import suspend
from engine.commands.transfer import transfer
from engine.commands.undo_migration import undo_migration
from engine.commands.withdraw import withdraw
from engine.directory import Actor, Unit
from engine.moves.outcome import Outcome
from engine.store import Database
from engine.words import Role, UnitKind
from tests.factories import Bureau, new_project, person_in
from tests.integration.desk import SHORT, latest, opened, prepared, project_at, steps, the_task
from tests.integration.refusals import Attempt, act, refused, step
from tests.office import Office


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture(scope="module")
def colleagues(shared_database: Database, shared_bureau: Bureau) -> dict[str, Actor]:
    """A second clerk, and a clerk of another unit."""
    with shared_database.transaction("huaxi") as session:
        unit = session.get_one(Unit, shared_bureau.unit_id)
        other = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT.value)
        session.add(other)
        session.flush()
        return {
            "second clerk": person_in(session, unit, "陈经办", Role.UNIT_CLERK),
            "stranger": person_in(session, other, "外经办", Role.UNIT_CLERK),
        }


def migrating(session: Session, case: int, *, reason: str = "示例", by: Actor, at: datetime) -> object:
    """换用新版流程 with a colleague who agrees."""
    second = replace(by, person_id=0, roles=frozenset({Role.PERFORMANCE_OFFICE}))
    return migrate_case(session, case, reason=reason, second=second, by=by, at=at)


# ── by the wrong person, without what is needed ──────────────────────────────────────────────────────────────────────

AT_FILL_TARGET: list[tuple[str, Attempt]] = [
    ("directory.wrong_office", step("fill_target", by="head")),
    ("task.not_yours", step("fill_target", by="office")),
    ("task.outcome_refused", step("fill_target", word="approved")),
    ("task.outcome_refused", step("fill_target", answers={"target_result": "approved"})),
    ("submission.form_missing", step("fill_target", content=None)),
    ("submission.incomplete", step("fill_target", content={})),
    ("form.malformed", step("fill_target", content={"no_such_cell": "1"})),
    ("directory.wrong_office", act(correct_request, Decimal(9), reason="示例", by="division")),
    ("budget.amount_refused", act(correct_request, Decimal(-1), reason="示例", by="clerk")),
    ("budget.amount_refused", act(correct_request, Decimal("NaN"), reason="示例", by="clerk")),
    ("budget.amount_refused", act(correct_request, Decimal(180), reason="示例", by="clerk")),
    ("budget.split_refused", act(correct_request, Decimal(9), reason="示例", by="clerk", lines={1: Decimal(8)})),
    ("review.reason_missing", act(correct_request, Decimal(9), reason=" \n", by="clerk")),
    ("facts.refused", act(correct_facts, {"project_nature": "continuing"}, reason="示例")),
    ("facts.refused", act(correct_facts, {}, reason="示例")),
    ("facts.refused", act(correct_facts, {"policy_ends_on": "2022-12-31"}, reason="示例")),
    ("facts.refused", act(correct_facts, {"amount_wan": "1"}, reason="示例")),
    ("facts.refused", act(correct_facts, {"public_expense_quota_wan": "1"}, reason="示例")),
    ("policy.input_refused", act(correct_facts, {"marks": ["没有的词"]}, reason="示例")),
    ("policy.input_refused", act(correct_facts, {"spending_frequency": "每年"}, reason="示例")),
    ("review.reason_missing", act(correct_facts, {"project_nature": "new"}, reason=" \n")),
    ("directory.wrong_office", act(adjust_budget, Decimal(9), reason="示例", by="clerk")),
    ("budget.adjustment_open", act(adjust_budget, Decimal(9), reason="示例", by="division")),
    ("budget.amount_refused", act(adjust_budget, Decimal("NaN"), reason="示例", by="division")),
    ("budget.amount_refused", act(adjust_budget, Decimal("-Infinity"), reason="示例", by="division")),
    ("budget.amount_refused", act(adjust_budget, Decimal(-1), reason="示例", by="division")),
    ("budget.amount_refused", act(adjust_budget, Decimal("1e13"), reason="示例", by="division")),
    ("budget.amount_refused", act(adjust_budget, Decimal(9), reason="示例", by="division", kind="gift")),
    ("review.reason_missing", act(adjust_budget, Decimal(9), reason=" \n", by="division")),
    ("directory.wrong_office", act(suspend, reason="示例", by="department")),
    ("review.reason_missing", act(suspend, reason="")),
    ("review.reason_missing", act(cancel, reason="　")),
    ("case.not_active", act(resume, reason="示例")),
    ("directory.wrong_office", act(migrating, by="division")),
    ("review.reason_missing", act(migrating, reason="")),
    ("review.reason_missing", act(undo_migration, reason="")),
    ("case.nothing_to_undo", act(undo_migration, reason="示例")),
]


@pytest.fixture(scope="module")
def being_filled(shared_database: Database, shared_bureau: Bureau) -> int:
    """A project whose target is being filled; what is refused leaves it so."""
    return project_at(Office(shared_database, shared_bureau), "fill_target")


@pytest.mark.parametrize(("code", "attempt"), AT_FILL_TARGET, ids=lambda value: value if isinstance(value, str) else "")
def test_what_nobody_may_do_to_a_target_being_filled_is_refused(
    office: Office, being_filled: int, code: str, attempt: Attempt
) -> None:
    with refused(office.database, code):
        attempt(office, being_filled)


def test_a_person_of_another_unit_is_refused_every_step(office: Office, colleagues: dict[str, Actor]) -> None:
    case = project_at(office, "check_target")
    stranger, version = colleagues["stranger"], latest(office, case)
    task = the_task(office, case, "check_target")
    how: dict[str, Any] = {"by": stranger, "at": office.now}

    for code, command in (
        ("task.not_yours", lambda s: complete_task(s, task.id, Outcome("approved"), **how)),
        ("task.not_yours", lambda s: claim(s, task.id, **how)),
        ("task.not_yours", lambda s: save_draft(s, task.id, {}, **how)),
        ("task.not_yours", lambda s: transfer(s, task.id, stranger.person_id, reason="示例", **how)),
        ("task.not_yours", lambda s: approve_submission(s, version.id, **how)),
        ("task.not_yours", lambda s: return_submission(s, version.id, reason="示例", **how)),
        ("submission.not_yours", lambda s: withdraw(s, version.id, **how)),
    ):
        with refused(office.database, code), office.transactions() as session:
            command(session)


def test_what_a_colleague_has_claimed_is_not_anybodys(office: Office, colleagues: dict[str, Actor]) -> None:
    case = project_at(office, "fill_target")
    done = prepared(office, case, "fill_target")
    second: dict[str, Any] = {"by": colleagues["second clerk"], "at": office.now}
    with office.transactions() as session:
        claim(session, done.task_id, by=done.by, at=office.now)

    for command in (
        lambda s: done.done(s, office, **second),
        lambda s: claim(s, done.task_id, **second),
        lambda s: save_draft(s, done.task_id, {}, **second),
    ):
        with refused(office.database, "task.held_by_another"), office.transactions() as session:
            command(session)


def test_a_task_is_handed_only_to_a_colleague_of_the_same_office_and_with_a_reason(
    office: Office, colleagues: dict[str, Actor]
) -> None:
    case = project_at(office, "fill_target")
    task, bureau = the_task(office, case, "fill_target"), office.bureau

    for code, to, reason, by in (
        ("task.cannot_take_over", bureau.head, "示例", bureau.clerk),
        ("task.cannot_take_over", colleagues["stranger"], "示例", bureau.clerk),
        ("task.cannot_take_over", colleagues["second clerk"], " ", bureau.clerk),
        ("directory.wrong_office", colleagues["second clerk"], "示例", bureau.head),
    ):
        with refused(office.database, code), office.transactions() as session:
            transfer(session, task.id, to.person_id, reason=reason, by=by, at=office.now)


def test_ones_own_draft_is_saved_over_and_over_and_counted(office: Office) -> None:
    task = the_task(office, project_at(office, "fill_target"), "fill_target")
    how: dict[str, Any] = {"by": office.bureau.clerk, "at": office.now}

    with office.transactions() as session:
        saved = [save_draft(session, task.id, {"annual_goal": goal}, **how) for goal in ("甲", "乙", "丙")]

    assert [receipt.gave["draft"] for receipt in saved] == [1, 2, 3]


def test_a_draft_typed_over_an_older_one_is_not_lost_and_does_not_overwrite(
    office: Office, colleagues: dict[str, Actor]
) -> None:
    case = project_at(office, "fill_target")
    task = the_task(office, case, "fill_target")
    with office.transactions() as session:
        save_draft(session, task.id, {"annual_goal": "甲"}, by=office.bureau.clerk, at=office.now)
        save_draft(session, task.id, {"annual_goal": "乙"}, by=office.bureau.clerk, at=office.now, version=1)

    for by, version in ((office.bureau.clerk, 1), (colleagues["second clerk"], None)):
        with refused(office.database, "draft.changed_meanwhile"), office.transactions() as session:
            save_draft(session, task.id, {"annual_goal": "丙"}, by=by, at=office.now, version=version)


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", [None, "", "   ", "\n\t"])
def test_a_return_without_a_reason_is_refused(office: Office, reason: str | None) -> None:
    case = project_at(office, "check_target")

    with refused(office.database, "review.reason_missing"):
        step("check_target", "returned", reason=reason)(office, case)


def test_nobody_judges_what_they_filed_themselves_nor_through_a_substitute(office: Office) -> None:
    with office.transactions() as session:
        bureau = session.get_one(Unit, office.bureau.finance_id)
        offices = (Role.UNIT_CLERK, Role.UNIT_HEAD, Role.PERFORMANCE_OFFICE)
        filer, head, judge, other = (person_in(session, bureau, name, *offices) for name in "甲乙丙丁")
        new = new_project(
            office.bureau, "P-own", fiscal_year=2021, unit_id=bureau.id, lines=[Line("拨款", Decimal(180))]
        )
        case = start_case(session, new, by=office.bureau.office, at=office.now).case_id
    office.reach(case, "target_filing.fill_target", **SHORT)
    office.do(case, "fill_target", by=replace(filer, acting_for=other.person_id))
    office.do(case, "confirm_target", by=replace(head, acting_for=judge.person_id))
    version = latest(office, case)
    assert steps(office, case) == ["review_target"]

    for by in (
        filer,
        head,
        other,
        judge,
        replace(filer, acting_for=office.bureau.office.person_id),
        replace(office.bureau.office, acting_for=head.person_id),
        replace(office.bureau.office, acting_for=judge.person_id),
    ):
        with refused(office.database, "review.own_submission"), office.transactions() as session:
            approve_submission(session, version.id, by=by, at=office.now)
    office.do(case, "review_target", by=office.bureau.office)


# ── out of order, twice ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_task_is_done_only_once(office: Office) -> None:
    case = project_at(office, "fill_target")
    done = prepared(office, case, "fill_target")
    with office.transactions() as session:
        done.done(session, office)

    with refused(office.database, "task.not_open"), office.transactions() as session:
        done.done(session, office)
    with refused(office.database, "task.not_open"), office.transactions() as session:
        claim(session, done.task_id, by=done.by, at=office.now)
    with refused(office.database, "task.not_open"), office.transactions() as session:
        save_draft(session, done.task_id, {}, by=done.by, at=office.now)


def test_the_same_key_again_changes_nothing_and_gives_the_same_task(office: Office) -> None:
    case = project_at(office, "confirm_target")
    version = latest(office, case)
    confirmed, approved = str(the_task(office, case, "confirm_target").id), None
    with office.transactions() as session:
        submit(session, version.id, by=office.bureau.head, at=office.now, key="报送-1")
        by = office.bureau.department
        approved = approve_submission(session, version.id, by=by, at=office.now, key="通过-1").gave["task"]

    with office.transactions() as session:
        again = submit(session, version.id, by=office.bureau.head, at=office.now, key="报送-1")
        passed = approve_submission(session, version.id, by=office.bureau.department, at=office.now, key="通过-1")

    assert (again.gave["task"], passed.gave["task"]) == (confirmed, approved)
    assert (again.repeated, passed.repeated) == (True, True)
    assert steps(office, case) == ["review_target"]


def test_a_key_that_stands_for_something_else_is_refused(office: Office) -> None:
    first, second = project_at(office, "fill_target"), project_at(office, "fill_target")
    one, two = prepared(office, first, "fill_target"), prepared(office, second, "fill_target")
    with office.transactions() as session:
        one.done(session, office, key="k")

    with refused(office.database, "command.key_taken"), office.transactions() as session:
        two.done(session, office, key="k")
    with refused(office.database, "command.key_taken"), office.transactions() as session:
        claim(session, two.task_id, by=one.by, at=office.now, key="k")


def test_judging_a_version_that_is_not_the_turn_of_anybody_is_refused(office: Office) -> None:
    case = project_at(office, "confirm_target")
    version = latest(office, case)

    for command in (approve_submission, withdraw):
        with refused(office.database, "submission.closed"), office.transactions() as session:
            command(session, version.id, by=office.bureau.clerk, at=office.now)
    office.do(case, "confirm_target")
    with refused(office.database, "submission.closed"), office.transactions() as session:
        submit(session, version.id, by=office.bureau.head, at=office.now)


def test_judging_a_version_of_a_case_in_which_nothing_is_open_is_refused(office: Office) -> None:
    case = project_at(office, "approved")

    assert steps(office, case) == []
    for command in (submit, approve_submission):
        with refused(office.database, "submission.closed"), office.transactions() as session:
            command(session, latest(office, case).id, by=office.bureau.office, at=office.now)


def test_a_step_with_a_command_of_its_own_is_not_done_by_another(office: Office) -> None:
    case = opened(office)
    with office.transactions() as session:
        both = {"second": office.bureau.second_officer, "by": office.bureau.office, "at": office.now}
        correct_state(session, case, "case", "call_key_evaluation", reason="示例", **both)
    office.plan(case)
    task = the_task(office, case, "assign_evaluator")

    with refused(office.database, "task.special_step"), office.transactions() as session:
        complete_task(session, task.id, Outcome("recorded"), by=office.bureau.office, at=office.now)


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        ("task.not_found", lambda s, how: complete_task(s, uuid4(), Outcome("submitted"), **how)),
        ("task.not_found", lambda s, how: claim(s, uuid4(), **how)),
        ("submission.not_found", lambda s, how: withdraw(s, uuid4(), **how)),
        ("submission.not_found", lambda s, how: submit(s, uuid4(), **how)),
        ("deadline.not_found", lambda s, how: extend_deadline(s, uuid4(), date(2030, 1, 1), reason="示例", **how)),
        ("case.not_found", lambda s, how: suspend(s, 404, reason="示例", **how)),
        ("case.not_found", lambda s, how: adjust_budget(s, 404, Decimal(1), reason="示例", **how)),
        ("case.not_found", lambda s, how: undo_migration(s, 404, reason="示例", **how)),
    ],
)
def test_what_does_not_exist_is_said_not_to_exist(office: Office, code: str, attempt: Any) -> None:
    how = {"by": office.bureau.office, "at": office.now}

    with refused(office.database, code), office.transactions() as session:
        attempt(session, how)
