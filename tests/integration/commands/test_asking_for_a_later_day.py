"""申请延期: who may ask and who answers; only a granted request moves the day."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from engine.commands import answer_extension, claim, request_extension
from engine.directory import Actor
from tests.integration.desk import deadline, project_at
from tests.integration.refusals import refused
from tests.office import Office

WANTED = date(2020, 12, 31)


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


@pytest.fixture
def day(office: Office, case: int) -> UUID:
    return deadline(office, case, "target_filing.fill").id


def ask(office: Office, day: UUID, by: Actor, **more: Any) -> int:
    how: dict[str, Any] = {"reason": "示例：停电", "by": by, "at": office.now} | more
    with office.transactions() as session:
        return int(request_extension(session, day, WANTED, **how).gave["request"])


def answer(office: Office, request: int, until: date | None, by: Actor, reason: str = "示例：属实") -> None:
    with office.transactions() as session:
        answer_extension(session, request, until, reason=reason, by=by, at=office.now)


def test_a_request_moves_nothing_until_it_is_granted(office: Office, case: int, day: UUID) -> None:
    before = deadline(office, case, "target_filing.fill").due_on

    request = ask(office, day, office.bureau.clerk)
    asked = deadline(office, case, "target_filing.fill").due_on
    answer(office, request, date(2020, 11, 30), office.bureau.office)

    assert asked == before
    assert deadline(office, case, "target_filing.fill").due_on == date(2020, 11, 30)
    (told,) = office.journal(case, "deadline.extended")
    assert told.payload["reason"] == "示例：属实"


def test_asking_and_a_no_leave_what_somebody_has_before_them_as_it_is(office: Office, case: int, day: UUID) -> None:
    as_seen, (task,) = office.case(case).journal_seq, office.tasks(case)
    answer(office, ask(office, day, office.bureau.clerk), None, office.bureau.office)

    with office.transactions() as session:
        claim(session, task.id, by=office.bureau.clerk, at=office.now, expected=as_seen)

    assert office.tasks(case)[0].holder_id == office.bureau.clerk.person_id


def test_the_same_request_under_the_same_key_is_made_once(office: Office, day: UUID) -> None:
    first = ask(office, day, office.bureau.clerk, key="示例")

    assert ask(office, day, office.bureau.clerk, key="示例") == first


def test_only_the_unit_asks_and_only_the_performance_office_answers(office: Office, day: UUID) -> None:
    with refused(office.database, "task.not_yours"):
        ask(office, day, office.bureau.department)
    with refused(office.database, "task.not_yours"):
        ask(office, day, office.bureau.office)
    request = ask(office, day, office.bureau.clerk)

    with refused(office.database, "directory.wrong_office"):
        answer(office, request, WANTED, office.bureau.division)


def test_what_is_answered_or_unknown_or_without_a_reason_is_refused(office: Office, day: UUID) -> None:
    request, officer = ask(office, day, office.bureau.clerk), office.bureau.office

    with refused(office.database, "review.reason_missing"):
        answer(office, request, WANTED, officer, reason=" ")
    with refused(office.database, "extension.not_found"):
        answer(office, 404, WANTED, officer)
    answer(office, request, None, officer)
    with refused(office.database, "extension.already_answered"):
        answer(office, request, WANTED, officer)
