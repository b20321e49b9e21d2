"""Processes are killed in the middle of what two people do one after the other: letters, calendars, draws, plans."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit.verify import verify
from engine.commands.confirm_calendar import confirm_calendar
from engine.commands.draft_calendar import draft_calendar
from engine.commands.draw_sampling import draw_sampling
from engine.commands.finish_selection import finish_selection
from engine.commands.give_seed import give_seed
from engine.commands.open_sampling import open_sampling
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.recall_letter import recall_letter
from engine.commands.sign_letter import sign_letter
from engine.commands.void_sampling import void_sampling
from engine.deadlines import Day
from engine.directory import Actor, Unit
from engine.queries.calendar_effects import calendar_effects
from engine.results.model import Sample
from engine.store import Database
from engine.words import CaseKind, DayKind, Role
from tests.factories import person_in
from tests.integration.desk import project_at, sound, steps, two_before_a_draw
from tests.integration.dying import dies, dies_after_commit, dies_after_the_choice, dies_before_write, writes_of
from tests.integration.refusals import traces
from tests.office import FISCAL_YEAR, Office

Arranged = tuple[Any, ...]
WHY = "示例：本区未规定"
NEW_YEAR = (Day(date(2024, 1, 1), DayKind.HOLIDAY, "元旦"),)


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)
    with office.transactions() as session:
        assert verify(session, "huaxi").holds


def system_admin(office: Office) -> Actor:
    with office.transactions() as session:
        bureau = session.get_one(Unit, office.bureau.finance_id)
        actor: Actor = person_in(session, bureau, "示例系统管理员", Role.SYSTEM_ADMIN)
        return actor


def frozen(office: Office) -> int:
    two_before_a_draw(office)
    with office.transactions() as session:
        return int(freeze(session, office.bureau.office, office.now).gave["sampling"])


# ── what is done, each in a process of its own ───────────────────────────────────────────────────────────────────────


def draft(session: Any, by: Actor, at: Any) -> None:
    draft_calendar(session, 2024, "示例通知", NEW_YEAR, by=by, at=at)


def confirm(session: Any, edition: int, seen: str, by: Actor, at: Any) -> None:
    confirm_calendar(session, edition, 2024, seen, by=by, at=at)


def sign(session: Any, task: Any, by: Actor, at: Any) -> None:
    sign_letter(session, task, by=by, at=at)


def take_back(session: Any, case: int, by: Actor, at: Any) -> None:
    recall_letter(session, case, reason="示例：期限写错", by=by, at=at)


def freeze(session: Any, by: Actor, at: Any) -> Any:
    return open_sampling(session, FISCAL_YEAR, "spot_review", 1, reason=WHY, by=by, at=at)


def seal(session: Any, sampling: int, by: Actor, at: Any) -> None:
    give_seed(session, sampling, "handler", "314159", by=by, at=at)


def give_up(session: Any, sampling: int, by: Actor, at: Any) -> None:
    void_sampling(session, sampling, reason="示例：名单有误", by=by, at=at)


def _draft(office: Office) -> Arranged:
    return draft, system_admin(office), office.now


def _confirm(office: Office) -> Arranged:
    project_at(office, "fill_target")
    with office.transactions() as session:
        draft(session, system_admin(office), office.now)
    with office.transactions() as session:
        seen = calendar_effects(session, office.bureau.office, 2024, office.today)
    return confirm, seen.edition_id, seen.effects.fingerprint, office.bureau.office, office.now


def _sign(office: Office) -> Arranged:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")
    office.do(case, "issue_feedback_letter", "for_signature")
    (task,) = office.tasks(case)
    return sign, task.id, office.bureau.leader, office.now


def _take_back(office: Office) -> Arranged:
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    return take_back, case, office.bureau.office, office.now


def _freeze(office: Office) -> Arranged:
    two_before_a_draw(office)
    return freeze, office.bureau.office, office.now


def _seal(office: Office) -> Arranged:
    return seal, frozen(office), office.bureau.office, office.now


def _give_up(office: Office) -> Arranged:
    return give_up, frozen(office), office.bureau.office, office.now


@pytest.mark.parametrize("arranged", [_draft, _confirm, _sign, _take_back, _freeze, _seal, _give_up])
def test_killed_before_any_write_or_before_the_commit_it_leaves_nothing_and_works_when_done_again(
    office: Office, arranged: Callable[[Office], Arranged]
) -> None:
    work, *given = arranged(office)
    total = writes_of(office.database, work, *given)
    before = traces(office.database)

    for number in [*range(1, total + 1), 0]:
        dies(dies_before_write, office.database.logins, number, work, *given)
        assert traces(office.database) == before, f"killed before write {number} of {total}"

    dies(dies_after_commit, office.database.logins, work, *given)
    assert traces(office.database) != before


# ── a choice that is on record, and nobody told ──────────────────────────────────────────────────────────────────────


def test_a_draw_by_two_that_nobody_was_told_of_is_finished_with_what_was_drawn(office: Office) -> None:
    cases = two_before_a_draw(office)
    with office.transactions() as session:
        sampling = freeze(session, office.bureau.office, office.now).gave["sampling"]
        seal(session, sampling, office.bureau.office, office.now)
        give_seed(session, sampling, "supervisor", "271828", by=office.bureau.division, at=office.now)

    dies(dies_after_the_choice, office.database.logins, draw_sampling, sampling, by=office.bureau.office, at=office.now)

    finish_and_look(office, cases, "assign_spot_reviewer")


def test_a_plan_that_nobody_was_told_of_is_finished_as_it_was_settled(office: Office) -> None:
    cases = [office.open_case(CaseKind.PROJECT, f"示例-{number}") for number in (1, 2)]
    for case in cases:
        office.reach(case, "key_evaluation")

    how = {"chosen": cases[:1], "reason": "示例：年度计划", "by": office.bureau.office, "at": office.now}
    dies(dies_after_the_choice, office.database.logins, plan_evaluation, FISCAL_YEAR, **how)

    finish_and_look(office, cases, "assign_evaluator")


def finish_and_look(office: Office, cases: list[int], step: str) -> None:
    """Go on with the choice, twice; those chosen stand at the step, every case was told once."""
    with office.transactions() as session:
        sample = session.scalars(select(Sample).order_by(Sample.id.desc())).first()
    assert sample is not None
    assert all(not office.tasks(case) for case in cases)

    for _ in range(2):
        finish_selection(office.transactions, sample.id, by=office.bureau.office, at=office.now)

    chosen = {choice["case"] for choice in sample.drawn}
    assert {case for case in cases if steps(office, case) == [step]} == chosen
