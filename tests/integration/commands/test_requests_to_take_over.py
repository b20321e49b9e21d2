"""请求接手: a colleague asks for a task somebody has in hand; the holder hands it over or says why not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.accounts import close_account, open_account
from engine.cases import CaseNotActive
from engine.commands import claim, decline_takeover, request_takeover, transfer
from engine.commands.decline_takeover import (
    DeclinedWithoutReason,
    NotTheirsToDecline,
    TakeoverNotFound,
    TakeoverOver,
)
from engine.commands.dismiss import dismiss
from engine.commands.request_takeover import NothingToTakeOver
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.commands.transfer import CannotTakeOver
from engine.directory import Actor, NotYourOffice, NotYourUnit, Person, Unit
from engine.errors import EngineError
from engine.moves.holding import TakeoverText
from engine.queries.case_timeline import case_timeline
from engine.queries.handing_over import to_hand_over
from engine.queries.takeovers import Takeover, takeovers_of
from engine.store import retrying
from engine.tasks import TaskNotOpen
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.office import Office


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


@pytest.fixture
def task(office: Office, case: int) -> UUID:
    """The form of a target, in the hands of the clerk."""
    task_id = office.tasks(case)[0].id
    with office.transactions() as session:
        claim(session, task_id, by=office.bureau.clerk, at=office.now)
    return task_id


@pytest.fixture
def colleague(office: Office) -> Actor:
    return another_clerk(office, "吴经办")


def another_clerk(office: Office, name: str) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.unit_id), name, Role.UNIT_CLERK)


def ask(office: Office, task: UUID, by: Actor, reason: str = "", **more: Any) -> int:
    with office.transactions() as session:
        receipt = request_takeover(session, task, reason=reason, by=by, at=office.now, **more)
        return int(receipt.gave["takeover"])


def decline(office: Office, request: int, by: Actor, reason: str = "示例：今天就报送", **more: Any) -> None:
    with office.transactions() as session:
        decline_takeover(session, request, reason=reason, by=by, at=office.now, **more)


def hand_over(office: Office, task: UUID, to: Actor, by: Actor) -> None:
    with office.transactions() as session:
        transfer(session, task, to.person_id, reason="示例：应其请求", by=by, at=office.now)


def seen(office: Office, task: UUID, by: Actor) -> tuple[Takeover, ...]:
    with office.transactions() as session:
        return takeovers_of(session, by, [task]).get(task, ())


def told(office: Office, case: int) -> list[str]:
    with office.transactions() as session:
        lines = case_timeline(session, office.bureau.clerk, case)
    return [line.sentence for line in lines if line.title in ("请求接手", "不转")]


def test_a_request_reaches_the_holder_and_the_head_and_moves_neither_the_task_nor_its_day(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    before = office.tasks(case)[0]

    ask(office, task, colleague, " 示例：项目由我联系 ")

    for person in (office.bureau.clerk, office.bureau.head, colleague):
        (request,) = seen(office, task, person)
        assert (request.person, request.reason, request.waits) == ("吴经办", "示例：项目由我联系", True)
    after = office.tasks(case)[0]
    assert (after.holder_id, after.due_on, after.state) == (before.holder_id, before.due_on, before.state)
    assert told(office, case) == ["请求接手“填报绩效目标”（现由李经办办理）：示例：项目由我联系"]


def test_asking_again_changes_nothing_while_the_first_request_waits(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    first = ask(office, task, colleague, "示例：甲")

    assert ask(office, task, colleague, "示例：乙") == first
    assert ask(office, task, colleague, key="示例") == ask(office, task, colleague, key="示例") == first
    assert len(told(office, case)) == 1


def test_handing_the_task_over_answers_every_request(office: Office, case: int, task: UUID, colleague: Actor) -> None:
    other = another_clerk(office, "郑经办")
    requests = [ask(office, task, each) for each in (colleague, other)]
    both = [request.person for request in seen(office, task, office.bureau.clerk)]

    hand_over(office, task, colleague, office.bureau.clerk)

    assert both == ["吴经办", "郑经办"]
    assert office.tasks(case)[0].holder_id == colleague.person_id
    assert [seen(office, task, each) for each in (office.bureau.clerk, office.bureau.head, colleague, other)] == [
        ()
    ] * 4
    for request in requests:
        with pytest.raises(TakeoverOver):
            decline(office, request, colleague)


def test_a_request_does_not_come_back_with_the_task(office: Office, task: UUID, colleague: Actor) -> None:
    other = another_clerk(office, "郑经办")
    ask(office, task, other)

    hand_over(office, task, colleague, office.bureau.clerk)
    hand_over(office, task, office.bureau.clerk, colleague)

    assert seen(office, task, office.bureau.clerk) == ()
    assert ask(office, task, other)
    assert len(seen(office, task, office.bureau.clerk)) == 1


def test_the_head_hands_the_task_to_who_asked_for_it(office: Office, case: int, task: UUID, colleague: Actor) -> None:
    ask(office, task, colleague)

    hand_over(office, task, colleague, office.bureau.head)

    assert office.tasks(case)[0].holder_id == colleague.person_id


def test_who_asked_reads_why_not_and_may_ask_again(office: Office, case: int, task: UUID, colleague: Actor) -> None:
    first = ask(office, task, colleague)

    decline(office, first, office.bureau.clerk)
    (answered,) = seen(office, task, colleague)
    of_holder = seen(office, task, office.bureau.clerk)
    second = ask(office, task, colleague, "示例：已说好")

    assert (answered.waits, answered.declined_by, answered.answer) == (False, "李经办", "示例：今天就报送")
    assert of_holder == ()
    assert second != first
    assert [request.id for request in seen(office, task, colleague)] == [second]
    assert told(office, case)[1] == "“填报绩效目标”不转给吴经办：示例：今天就报送"


def test_only_who_has_the_task_declines_once_and_with_a_short_reason(
    office: Office, task: UUID, colleague: Actor
) -> None:
    request = ask(office, task, colleague)

    with pytest.raises(NotTheirsToDecline):
        decline(office, request, colleague)
    with pytest.raises(NotYourOffice):
        decline(office, request, office.bureau.head)
    with pytest.raises(NotYourUnit):
        decline(office, request, office.bureau.department)
    for reason, why in ((" ", DeclinedWithoutReason), ("长" * 201, TakeoverText)):
        with pytest.raises(why):
            decline(office, request, office.bureau.clerk, reason)
    with pytest.raises(TakeoverNotFound):
        decline(office, 404, office.bureau.clerk)
    for key in ("示例", "示例"):
        decline(office, request, office.bureau.clerk, key=key)
    with pytest.raises(TakeoverOver):
        decline(office, request, office.bureau.clerk)


def test_who_does_not_hold_the_office_asks_for_nothing(office: Office, task: UUID, colleague: Actor) -> None:
    for by in (office.bureau.head, replace(colleague, roles=frozenset({Role.UNIT_HEAD}))):
        with pytest.raises(NotYourOffice):
            ask(office, task, by)
    with office.transactions() as session:
        other = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT)
        session.add(other)
        session.flush()
        stranger = person_in(session, other, "陈无关", Role.UNIT_CLERK, Role.UNIT_HEAD)
    with pytest.raises(NotYourUnit):
        ask(office, task, stranger)
    ask(office, task, colleague)
    assert seen(office, task, stranger) == seen(office, task, office.bureau.office) == ()


def test_there_is_nothing_to_ask_for_in_the_pool_or_in_ones_own_hands(
    office: Office, case: int, colleague: Actor
) -> None:
    task = office.tasks(case)[0].id

    with pytest.raises(NothingToTakeOver, match="直接签收"):
        ask(office, task, colleague)
    with office.transactions() as session:
        claim(session, task, by=colleague, at=office.now)
    with pytest.raises(NothingToTakeOver, match="就在您手里"):
        ask(office, task, colleague)
    with pytest.raises(TakeoverText):
        ask(office, task, office.bureau.clerk, "长" * 201)


def test_a_task_that_is_done_or_stands_still_is_not_asked_for(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    request = ask(office, task, colleague)
    with office.transactions() as session:
        suspend(session, case, reason="示例", by=office.bureau.office, at=office.now)
    with pytest.raises(CaseNotActive):
        ask(office, task, another_clerk(office, "郑经办"))
    with office.transactions() as session:
        resume(session, case, reason="示例", by=office.bureau.office, at=office.now)

    office.do(case, "fill_target")

    assert seen(office, task, colleague) == seen(office, task, office.bureau.clerk) == ()
    for late in (lambda: ask(office, task, colleague), lambda: decline(office, request, office.bureau.clerk)):
        with pytest.raises(TaskNotOpen):
            late()
    with pytest.raises(TaskNotOpen):
        hand_over(office, task, colleague, office.bureau.clerk)


def test_a_request_does_not_stand_in_the_way_of_the_holder(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    as_seen = office.case(case).journal_seq
    request = ask(office, task, colleague)
    decline(office, request, office.bureau.clerk, expected=as_seen)

    with office.transactions() as session:
        transfer(
            session, task, colleague.person_id, reason="示例", by=office.bureau.clerk, at=office.now, expected=as_seen
        )


def test_who_leaves_the_office_asks_no_more_and_who_held_it_is_asked_no_more(
    office: Office, task: UUID, colleague: Actor
) -> None:
    with office.transactions() as session:
        finance = session.get_one(Unit, office.bureau.finance_id)
        security = person_in(session, finance, "孙安全", Role.SECURITY_ADMIN)
    ask(office, task, colleague)
    _leave(office, colleague, security)
    gone = seen(office, task, office.bureau.clerk)
    with pytest.raises(CannotTakeOver):
        hand_over(office, task, colleague, office.bureau.clerk)

    other = another_clerk(office, "郑经办")
    ask(office, task, other)
    _leave(office, office.bureau.clerk, security)

    assert gone == ()
    assert seen(office, task, other) == seen(office, task, office.bureau.head) == ()
    with pytest.raises(NothingToTakeOver):
        ask(office, task, other)
    with office.transactions() as session:
        claim(session, task, by=other, at=office.now)
    assert seen(office, task, other) == ()


def _leave(office: Office, person: Actor, security: Actor) -> None:
    with office.transactions() as session:
        dismiss(session, person.person_id, person.unit_id, Role.UNIT_CLERK, by=security, at=office.now)


def test_a_substitute_answers_for_the_holder_and_asks_for_whom_they_stand(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    other = another_clerk(office, "郑经办")
    for_holder = replace(
        office.bureau.head, roles=frozenset({Role.UNIT_CLERK}), acting_for=office.bureau.clerk.person_id
    )
    for_colleague = replace(for_holder, acting_for=colleague.person_id)

    with pytest.raises(NothingToTakeOver, match="就在您手里"):
        ask(office, task, for_holder)
    first = ask(office, task, other)
    decline(office, first, for_holder)
    second = ask(office, task, for_colleague)

    assert ask(office, task, colleague) == second
    (request,) = seen(office, task, for_holder)
    assert request.person == "吴经办"
    hand_over(office, task, colleague, for_holder)
    assert office.tasks(case)[0].holder_id == colleague.person_id


def test_of_several_who_ask_at_once_each_has_one_request(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    other = another_clerk(office, "郑经办")

    def go(by: Actor) -> int:
        return retrying(
            office.database, "huaxi",
            lambda session: int(request_takeover(session, task, by=by, at=office.now).gave["takeover"]),
        )  # fmt: skip

    with ThreadPoolExecutor(4) as threads:
        requests = list(threads.map(go, [colleague, other, colleague]))

    assert requests[0] == requests[2] != requests[1]
    assert sorted(each.id for each in seen(office, task, office.bureau.clerk)) == sorted(set(requests))
    assert len(told(office, case)) == 2


def test_of_declining_and_handing_over_at_once_one_counts(
    office: Office, case: int, task: UUID, colleague: Actor
) -> None:
    request = ask(office, task, colleague)

    def attempt(work: Any) -> str:
        try:
            retrying(office.database, "huaxi", work)
        except EngineError as refusal:
            return refusal.code
        return "done"

    told_how = {"by": office.bureau.clerk, "at": office.now + timedelta(minutes=1)}
    with ThreadPoolExecutor(2) as threads:
        outcomes = list(
            threads.map(
                attempt,
                [
                    lambda session: decline_takeover(session, request, reason="示例", **told_how),
                    lambda session: transfer(session, task, colleague.person_id, reason="示例", **told_how),
                ],
            )
        )

    assert outcomes in (["done", "done"], ["takeover.not_theirs", "done"], ["takeover.over", "done"])
    assert office.tasks(case)[0].holder_id == colleague.person_id
    assert len(office.journal(case, "task.takeover_declined")) == outcomes.count("done") - 1


def test_nobody_hands_a_task_to_somebody_whose_account_was_closed(office: Office, task: UUID, colleague: Actor) -> None:
    with office.transactions() as session:
        person = session.get_one(Person, colleague.person_id)
        open_account(session, person, "示例：第一次的密码 8271", by=None, at=office.now)
        offered = to_hand_over(session, office.bureau.clerk, task, at=office.now).colleagues
        close_account(session, colleague.person_id, by=None, at=office.now)
        offered_then = to_hand_over(session, office.bureau.clerk, task, at=office.now).colleagues

    with pytest.raises(CannotTakeOver, match="已停用"):
        hand_over(office, task, colleague, office.bureau.clerk)

    assert colleague.person_id in {each.person_id for each in offered}
    assert colleague.person_id not in {each.person_id for each in offered_then}
