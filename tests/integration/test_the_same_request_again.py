"""A key stands for one request of one person: asked again it is told again, asked otherwise it is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from engine.clock import SHANGHAI
from engine.commands import claim, complete_task, correct_state, draw_sample, extend_deadline, start_case, suspend
from engine.directory import Actor
from engine.errors import EngineError
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.moves.repeating import DoneCommand
from engine.tasks import Task
from engine.words import Role
from tests.factories import new_project
from tests.integration.desk import deadline, opened, prepared, project_at, the_task
from tests.integration.refusals import refused, traces
from tests.office import Office

Ask = Callable[..., Receipt]
"""Asks for the same thing each time; `otherwise` for something else, `by` and `key` as told."""


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def _in_one(office: Office, work: Callable[..., Receipt], *given: Any, **how: Any) -> Receipt:
    with office.transactions() as session:
        return work(session, *given, **{"by": office.bureau.office, "at": office.now, **how})


def _completing(office: Office) -> Ask:
    case = project_at(office, "check_target")
    task, return_it = the_task(office, case, "check_target").id, prepared(office, case, "check_target", "returned")
    pass_it = prepared(office, case, "check_target")

    def ask(*, otherwise: bool = False, **how: Any) -> Receipt:
        outcome = (pass_it if otherwise else return_it).outcome
        return _in_one(office, complete_task, task, outcome, **{"by": return_it.by, **how})

    return ask


def _suspending(office: Office) -> Ask:
    case = opened(office)
    return lambda *, otherwise=False, **how: _in_one(
        office, suspend, case, reason="示例：另一事由" if otherwise else "示例：等待审计", **how
    )


def _starting(office: Office) -> Ask:
    code = f"K-{uuid4()}"
    return lambda *, otherwise=False, **how: _in_one(
        office, start_case, new_project(office.bureau, f"{code}-2" if otherwise else code), **how
    )


def _extending(office: Office) -> Ask:
    due = deadline(office, project_at(office, "check_target"), "target_filing.check")
    return lambda *, otherwise=False, **how: _in_one(
        office, extend_deadline, due.id, due.due_on + timedelta(days=8 if otherwise else 7), reason="示例：汛期", **how
    )


def _drawing(office: Office) -> Ask:
    case, both = opened(office), {"second": office.bureau.second_officer, "reason": "示例：等待抽样"}
    _in_one(office, correct_state, case, "case", "call_spot_review", **both)
    year = office.case(case).fiscal_year
    common = {"finance_seed": "示例甲", "witness_seed": "示例乙", "reason": "示例：年度计划"}

    def ask(*, otherwise: bool = False, **how: Any) -> Receipt:
        witness = "示例见证人乙" if otherwise else "示例见证人甲"
        given = {"by": office.bureau.office, "at": office.now, **how}
        return draw_sample(office.transactions, year, "spot_review", 1, witness=witness, **common, **given)

    return ask


ASKING: dict[str, Callable[[Office], Ask]] = {
    "complete_task": _completing,
    "suspend": _suspending,
    "start_case": _starting,
    "extend_deadline": _extending,
    "draw_sample": _drawing,
}


@pytest.fixture(params=ASKING)
def ask(request: pytest.FixtureRequest, office: Office) -> Ask:
    return ASKING[request.param](office)


def test_the_same_request_again_gives_the_same_receipt_and_changes_nothing(office: Office, ask: Ask) -> None:
    key = str(uuid4())
    first = ask(key=key)
    before = traces(office.database)

    again = ask(key=key)

    assert again.repeated
    assert not first.repeated
    told = ("command", "case_id", "version", "events", "opened", "gave")
    assert [getattr(again, name) for name in told] == [getattr(first, name) for name in told]
    assert traces(office.database) == before


def test_another_request_under_the_same_key_is_refused(office: Office, ask: Ask) -> None:
    key = str(uuid4())
    ask(key=key)

    with refused(office.database, "command.key_taken"):
        ask(key=key, otherwise=True)


@pytest.mark.parametrize("length", [0, 201])
def test_a_key_without_a_character_or_with_more_than_200_is_refused(office: Office, length: int) -> None:
    ask = _suspending(office)

    with refused(office.database, "command.key_taken"):
        ask(key="k" * length)


def test_a_key_may_have_200_characters(office: Office) -> None:
    ask, key = _suspending(office), "长" * 200

    assert [ask(key=key).repeated for _ in range(2)] == [False, True]


def test_a_key_of_one_command_does_not_answer_another(office: Office) -> None:
    key = str(uuid4())
    _suspending(office)(key=key)

    with refused(office.database, "command.key_taken"):
        _starting(office)(key=key)


def test_the_same_key_of_another_person_is_another_request(office: Office) -> None:
    key, first, second = str(uuid4()), _suspending(office), _suspending(office)

    one, other = first(key=key), second(key=key, by=office.bureau.second_officer)

    assert not one.repeated
    assert not other.repeated
    assert one.case_id != other.case_id


def test_the_right_is_looked_at_before_the_key_is_answered(office: Office, ask: Ask) -> None:
    key = str(uuid4())
    receipt = ask(key=key)
    asker = _who_asked(office, key)
    stripped = Actor(asker.person_id, asker.name, asker.jurisdiction, asker.unit_id, frozenset({Role.OBSERVER}))

    assert receipt.command in ASKING
    with refused(office.database, "directory.wrong_office"):
        ask(key=key, by=stripped)


def _who_asked(office: Office, key: str) -> Actor:
    with office.transactions() as session:
        (person,) = session.query(DoneCommand.person_id).where(DoneCommand.key == key).one()
    return next(actor for actor in office.bureau.everybody() if actor.person_id == person)


def test_a_claim_is_not_told_again_to_somebody_who_moved_to_another_unit(office: Office) -> None:
    task, clerk, key = the_task(office, project_at(office, "fill_target"), "fill_target"), office.bureau.clerk, "c-1"
    _in_one(office, claim, task.id, by=clerk, key=key)
    moved = Actor(clerk.person_id, clerk.name, clerk.jurisdiction, office.bureau.department_id, clerk.roles)

    with refused(office.database, "task.not_yours"):
        _in_one(office, claim, task.id, by=moved, key=key)


def test_a_refused_request_leaves_its_key_free(office: Office) -> None:
    case, key = project_at(office, "check_target"), str(uuid4())
    task, by = the_task(office, case, "check_target").id, office.bureau.department
    with pytest.raises(EngineError):
        _in_one(office, complete_task, task, Outcome("returned"), by=by, key=key)

    receipt = _in_one(office, complete_task, task, Outcome("returned", reason="示例：缺少依据"), by=by, key=key)

    assert not receipt.repeated
    with office.transactions() as session:
        assert session.get_one(Task, task).state == "completed"


# ── the version a person saw ─────────────────────────────────────────────────────────────────────────────────────────


def test_work_on_a_case_that_went_on_is_refused_and_says_what_changed_by_whom_and_when(office: Office) -> None:
    case = project_at(office, "check_target")
    seen, done = office.case(case).journal_seq, prepared(office, case, "check_target")
    with office.transactions() as session:
        receipt = done.done(session, office)

    with pytest.raises(EngineError) as caught:
        _in_one(office, suspend, case, reason="示例：等待审计", expected=seen)

    assert caught.value.code == "case.changed_meanwhile"
    (change,) = caught.value.facts["changes"]
    assert change["event"] == receipt.events[0].id
    assert change["by"] == "赵主管"
    assert change["title"]
    assert change["at"] == f"{office.now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def test_work_on_a_version_the_case_never_had_is_refused(office: Office) -> None:
    case = project_at(office, "check_target")
    never = office.case(case).journal_seq + 1

    with refused(office.database, "case.changed_meanwhile"):
        _in_one(office, suspend, case, reason="示例：等待审计", expected=never)


def test_a_step_on_a_case_that_went_on_is_refused(office: Office) -> None:
    case = project_at(office, "check_target")
    done, seen = prepared(office, case, "check_target"), office.case(case).journal_seq

    with refused(office.database, "case.changed_meanwhile"), office.transactions() as session:
        done.done(session, office, expected=seen - 1)


def test_the_version_of_a_receipt_can_be_handed_in_with_the_next_command(office: Office) -> None:
    case = project_at(office, "check_target")
    with office.transactions() as session:
        first = prepared(office, case, "check_target").done(session, office)

    second = _in_one(office, suspend, case, reason="示例：等待审计", expected=first.version)

    assert second.version == office.case(case).journal_seq
