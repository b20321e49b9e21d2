"""统一延期: which kinds of days of a year can be moved together, those that run and those that are late told apart."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.commands.extend_all import extend_all
from engine.deadlines.model import Deadline
from engine.queries.deadline_board import DaysToMove, days_to_move
from tests.integration.desk import deadline, project_at
from tests.office import Office

FILL = "target_filing.fill"


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


def kinds(office: Office, name: str = FILL) -> list[DaysToMove]:
    with office.transactions() as session:
        return [each for each in days_to_move(session, office.bureau.office, on=office.today) if each.name == name]


def late_and_open(office: Office) -> int:
    late = project_at(office, "fill_target")
    office.let_pass(late, FILL)
    return late


def test_days_that_run_are_counted_with_their_first_and_last(office: Office, case: int) -> None:
    (kind,) = kinds(office)

    assert (kind.fiscal_year, kind.many, kind.first, kind.last) == (2021, 1, date(2020, 9, 28), date(2020, 9, 28))
    assert (kind.late, kind.oldest) == (0, None)


def test_days_that_have_passed_over_open_work_are_told_apart(office: Office) -> None:
    late_and_open(office)
    office.clock.move_to(office.now + timedelta(days=5))
    running = project_at(office, "fill_target")
    runs_until = deadline(office, running, FILL).due_on

    (kind,) = kinds(office)

    assert (kind.many, kind.first, kind.last) == (1, runs_until, runs_until)
    assert (kind.late, kind.oldest) == (1, date(2020, 9, 28))


def test_a_kind_of_which_all_days_have_passed_is_listed_too(office: Office) -> None:
    late_and_open(office)

    (kind,) = kinds(office)

    assert (kind.many, kind.first, kind.last, kind.late, kind.oldest) == (0, None, None, 1, date(2020, 9, 28))


def test_what_was_done_late_or_taken_away_is_not_listed(office: Office, case: int) -> None:
    office.let_pass(case, FILL)
    office.do(case, "fill_target")
    office.do(case, "confirm_target")
    gone = late_and_open(office)
    office.let_pass(gone, "target_filing.budget_gate")

    assert kinds(office) == []


def test_a_day_nobody_knows_yet_is_not_moved_together_and_not_listed(office: Office, case: int) -> None:
    waits = {"due_on": None, "due_at": None, "awaits_year": 2027}
    with office.transactions() as session:
        session.execute(update(Deadline).where(Deadline.name == FILL).values(**waits))
        listed = [each.name for each in days_to_move(session, office.bureau.office, on=office.today)]
        session.rollback()

    assert FILL not in listed
    assert "target_filing.budget_gate" in listed


def test_what_is_listed_is_what_is_moved(office: Office, case: int) -> None:
    late_and_open(office)
    (kind,) = kinds(office)

    with office.transactions() as session:
        how: dict[str, Any] = {"reason": "示例：系统升级", "by": office.bureau.office, "at": office.now}
        moved = extend_all(session, 2021, FILL, date(2020, 11, 30), **how).gave["moved"]

    assert moved == kind.many + kind.late == 2
    (after,) = kinds(office)
    assert (after.many, after.late) == (2, 0)
