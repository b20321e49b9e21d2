"""One act for many cases: its list is frozen, every item is done once and told of, whoever drives it or is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from engine import process
from engine.accounts import close_account, open_account
from engine.cases import Incident
from engine.clock import SteppingClock, day_of
from engine.commands.carry_on_year_act import LEFT_ALONE, carry_on_year_act
from engine.commands.claim import claim
from engine.commands.name_substitute import name_substitute
from engine.commands.suspend import suspend
from engine.directory import Actor, Appointment, Person, Unit, acting_as
from engine.moves import attempts
from engine.moves.outcome import Outcome
from engine.moves.year_acts import Act, FrozenItem, became_of, begin_act, items_of
from engine.notifications import Notice
from engine.portions import LongWork, Result, stopped
from engine.process import ProcessIncident
from engine.queries.year_acts import ActList, year_act, year_acts
from engine.stages import Library
from engine.store import Database
from engine.words import NoticeKind
from tests.factories import person_in
from tests.integration.desk import prepared, project_at, sound, the_task
from tests.office import FISCAL_YEAR, Office
from tests.pages.newer_diagrams import put_in_service
from web.wiring import wired
from web.worker.carrying import carrier_for
from web.worker.going_on import carry_on

carrying = import_module("engine.commands.carry_on_year_act")
STEP, LOCK = "target_filing.approve_budget", "target_filing.record_budget_lock"
PROGRAM = (sys.executable, "-W", "error", "-c", "from web.cli import main; main()")
LATER = LEFT_ALONE + timedelta(seconds=1)
APPROVED = {"target_result": "approved"}


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def other(database: Database, library: Library) -> Iterator[Database]:
    """Another machine on the same database."""
    server = wired(database.logins, Library(library.diagrams, library.policies))
    yield server
    server.close()


@pytest.fixture
def waiting(office: Office) -> list[int]:
    """Three projects whose target waits to be approved with the budget."""
    return [project_at(office, "approve_budget") for _ in range(3)]


def listed(office: Office, by: Actor | None = None, step: str = STEP) -> ActList:
    with office.transactions() as session:
        found = year_act(session, by or office.bureau.division, FISCAL_YEAR, step)
        assert found is not None
        return found


def begun(
    office: Office,
    by: Actor | None = None,
    key: str = "",
    seen: Mapping[int, int] | None = None,
    step: str = STEP,
    **answers: str,
) -> int:
    """The act over all that can be done, as its page begins it; `seen` are versions seen before those of now."""
    by, old = by or office.bureau.division, seen or {}
    found = listed(office, by, step)
    items = [
        FrozenItem(str(each.task_id), old.get(each.case_id, each.version), each.name, each.code)
        for each in found.frozen
    ]
    usual = APPROVED if found.questions else {}
    outcome = Outcome(found.word, answers=answers or usual, reason="示例：随预算批复")
    act = Act(FISCAL_YEAR, step, found.title, outcome, key or uuid4().hex)
    with office.transactions() as session:
        return begin_act(session, act, items, by=by, now=office.now).id


def carried(office: Office, act: int | None = None, database: Database | None = None) -> int | None:
    return carry_on_year_act(
        database or office.database, office.bureau.jurisdiction, at=office.now, now=office.now + LATER, act_id=act
    )


def kept(office: Office, act: int) -> LongWork:
    with office.transactions() as session:
        work = session.get_one(LongWork, act)
        session.expunge(work)
        return work


def results(office: Office, act: int) -> list[tuple[Result, str]]:
    work = kept(office, act)
    return [became_of(work)[item.task] for item in items_of(work) if item.task in became_of(work)]


def approved(office: Office, cases: list[int]) -> list[int]:
    """How often the target of each was approved."""
    return [sum(entry.payload["step"] == STEP for entry in office.journal(case, "task.completed")) for case in cases]


def test_what_waits_is_counted_by_year_and_step_with_its_money_and_its_first_day(
    office: Office, waiting: list[int]
) -> None:
    with office.transactions() as session:
        (act,) = year_acts(session, office.bureau.division, on=day_of(office.now))
        elsewhere = year_acts(session, office.bureau.clerk, on=day_of(office.now))

    assert (act.fiscal_year, act.step, act.title, act.number) == (FISCAL_YEAR, STEP, "随预算批复目标", 3)
    assert act.amount_wan == 3 * office.case(waiting[0]).amount_wan
    assert act.due_on == min(the_task(office, case, "approve_budget").due_on for case in waiting)
    assert elsewhere == ()


def test_the_list_tells_what_is_asked_once_and_what_is_left_out_and_why(office: Office, waiting: list[int]) -> None:
    still, held, free = waiting
    colleague = another_of_the_division(office)
    with office.transactions() as session:
        suspend(session, still, reason="示例：等待审计", by=office.bureau.office, at=office.now)
        claim(session, the_task(office, held, "approve_budget").id, by=colleague, at=office.now)

    found = listed(office)

    assert [item.case_id for item in found.frozen] == [free]
    assert {item.case_id: item.why for item in found.left_out} == {
        still: "案卷暂停中，恢复后再办。",
        held: f"{colleague.name}已签收，由其办理；如需接手，请在任务页请求接手。",
    }
    (question,) = found.questions
    assert (question.variable, list(question.options)) == ("target_result", ["approved", "not_arranged"])
    assert found.amount_wan == office.case(free).amount_wan


def test_a_step_that_is_each_cases_own_and_another_years_have_no_list(office: Office, waiting: list[int]) -> None:
    with office.transactions() as session:
        asked = [
            year_act(session, office.bureau.division, FISCAL_YEAR, "target_filing.review_jointly"),
            year_act(session, office.bureau.division, FISCAL_YEAR + 1, STEP),
            year_act(session, office.bureau.division, FISCAL_YEAR, "nonsense"),
            year_act(session, office.bureau.clerk, FISCAL_YEAR, STEP),
            year_act(session, office.bureau.office, FISCAL_YEAR, STEP),
        ]

    assert asked == [None] * 5


def test_a_case_on_diagrams_that_do_not_say_so_belongs_to_the_act_as_long_as_it_asks_the_same(
    office: Office, library: Library
) -> None:
    said_in = '<spiffworkflow:property name="year_wide" value="true"/>'
    put_in_service(office, library, said_in, "")
    cases = [project_at(office, "approve_budget")]
    act = begun(office)

    carried(office)

    assert results(office, act) == [(Result.DONE, "")]
    assert approved(office, cases) == [1]


def test_a_case_whose_own_diagrams_do_not_ask_for_an_amount_belongs_to_the_act(
    office: Office, library: Library
) -> None:
    put_in_service(office, library, " approved_wan:amount", "")
    older = project_at(office, "approve_budget")
    put_in_service(office, library, "outcomes", "outcomes")
    newer = project_at(office, "approve_budget")

    assert sorted(item.case_id for item in listed(office).frozen) == [older, newer]


def test_a_case_whose_own_diagrams_ask_something_else_is_left_out(office: Office, library: Library) -> None:
    older = project_at(office, "approve_budget")
    put_in_service(
        office, library, 'value="target_result=approved|not_arranged ', 'value="target_result=approved|later '
    )
    newer = project_at(office, "approve_budget")

    found = listed(office)

    assert [item.case_id for item in found.frozen] == [newer]
    assert {item.case_id: item.why for item in found.left_out} == {
        older: "这件案卷按较早的流程图办理，这一步要填的不同，须逐件办理。"
    }


def test_an_act_does_every_item_and_keeps_what_became_of_it(office: Office, waiting: list[int]) -> None:
    act = begun(office)

    assert carried(office) == 3
    assert carried(office) is None
    assert results(office, act) == [(Result.DONE, "")] * 3
    assert approved(office, waiting) == [1] * 3
    assert all("monitoring.launched" in str(office.case(case).waits) for case in waiting)
    told = office.journal(waiting[0], "task.completed")[-1]
    assert (told.by, told.payload["answers"]) == (office.bureau.division.person_id, APPROVED)


def test_the_closing_of_a_budget_is_recorded_for_all_cases_at_once_without_a_question(database: Database) -> None:
    office = Office.opened(database, "guangzhou")
    cases = [office.open_case(code=f"示例-{number}") for number in range(2)]
    for case in cases:
        office.reach(case, LOCK)
    with office.transactions() as session:
        found = year_act(session, office.bureau.division, FISCAL_YEAR, LOCK)
    assert found is not None
    act = begun(office, step=LOCK)

    carried(office)

    assert (found.title, found.questions, found.needs_reason) == ("登记预算编审封库", (), False)
    assert results(office, act) == [(Result.DONE, "")] * 2
    assert [office.open_steps(case) for case in cases] == [["target_filing.finalise_target"]] * 2


def test_the_other_answer_ends_the_cases(office: Office, waiting: list[int]) -> None:
    begun(office, target_result="not_arranged")

    carried(office)

    assert [office.case(case).closed_at is not None for case in waiting] == [True] * 3


def test_the_same_act_sent_twice_is_one(office: Office, waiting: list[int]) -> None:
    first, second = begun(office, key="示例"), begun(office, key="示例")

    carried(office)

    assert first == second
    assert approved(office, waiting) == [1] * 3


def test_a_case_that_went_on_meanwhile_is_told_of_and_the_others_are_done(office: Office, waiting: list[int]) -> None:
    moved, gone, free = waiting
    tasks = {case: str(the_task(office, case, "approve_budget").id) for case in waiting}
    act = begun(office, seen={moved: 1})
    with office.transactions() as session:
        prepared(office, gone, "approve_budget", target_result="approved").done(session, office)

    carried(office)

    became = became_of(kept(office, act))
    assert became[tasks[free]] == (Result.DONE, "")
    for case in (moved, gone):
        assert became[tasks[case]][0] is Result.SKIPPED
        assert "刚被别人更新" in became[tasks[case]][1]
    assert approved(office, [moved, gone, free]) == [0, 1, 1]
    assert kept(office, act).failed == 2


def test_a_suspended_case_and_one_in_a_colleagues_hands_are_passed_over(office: Office, waiting: list[int]) -> None:
    act = begun(office)
    still, held, free = waiting
    colleague = another_of_the_division(office)
    with office.transactions() as session:
        suspend(session, still, reason="示例：等待审计", by=office.bureau.office, at=office.now)
        claim(session, the_task(office, held, "approve_budget").id, by=colleague, at=office.now)

    carried(office)

    assert sorted(result for result, _ in results(office, act)) == sorted([Result.SKIPPED, Result.SKIPPED, Result.DONE])
    assert approved(office, [still, held, free]) == [0, 0, 1]


def test_who_lost_the_office_meanwhile_does_nothing_any_more(office: Office, waiting: list[int]) -> None:
    act = begun(office)
    with office.database.upkeep() as session:
        session.execute(delete(Appointment).where(Appointment.person_id == office.bureau.division.person_id))

    carried(office)

    assert {result for result, _ in results(office, act)} == {Result.FAILED}
    assert "没有任职" in results(office, act)[0][1]
    assert approved(office, waiting) == [0] * 3


def test_whose_account_was_closed_meanwhile_does_nothing_any_more(office: Office, waiting: list[int]) -> None:
    act = begun(office)
    with office.transactions() as session:
        person = session.get_one(Person, office.bureau.division.person_id)
        open_account(session, person, "Ceshi-Mima-2022", by=None, at=office.now)
        close_account(session, person.id, by=None, at=office.now)

    carried(office)

    assert {why for _, why in results(office, act)} == {
        f"{office.bureau.division.name}的账号已停用，没有办理。请由同岗位的同事办理。"
    }


def test_a_substitute_acts_as_one_and_no_longer_than_they_may(office: Office, waiting: list[int]) -> None:
    on, division, substitute = day_of(office.now), office.bureau.division, office.bureau.office
    with office.transactions() as session:
        name_substitute(session, division.person_id, substitute.person_id, on, on, by=division, at=office.now)
        by = acting_as(session, substitute, division.person_id, on)
    act = begun(office, by)
    carried(office, act)
    later = project_at(office, "approve_budget")
    late = begun(office, by)
    office.clock.move_to(office.now + timedelta(days=2))
    carried(office, late)

    assert results(office, act) == [(Result.DONE, "")] * 3
    told = office.journal(waiting[0], "task.completed")[-1]
    assert (told.by, told.acting_for) == (substitute.person_id, division.person_id)
    assert results(office, late) == [
        (Result.FAILED, "您今天没有这位同事的代理授权，不能代为办理。请其本人或安全管理员办理委托代理。")
    ]
    assert approved(office, [later]) == [0]


def test_a_stopped_act_is_left_alone_until_somebody_goes_on_with_it(
    office: Office, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "MOMENT", 0)
    act = begun(office)
    carried(office, act)
    with office.transactions() as session:
        stopped(session, session.get_one(LongWork, act), at=office.now)

    meanwhile = carried(office)
    before = approved(office, waiting)
    rest = [carried(office, act) for _ in range(3)]

    assert (meanwhile, sum(before), rest) == (None, 1, [1, 1, None])
    assert approved(office, waiting) == [1] * 3


def test_as_long_as_a_page_drives_it_no_worker_does(office: Office, waiting: list[int]) -> None:
    begun(office)

    done = carry_on_year_act(office.database, office.bureau.jurisdiction, at=office.now, now=office.now)

    assert done is None
    assert approved(office, waiting) == [0] * 3


def test_killed_between_an_item_and_its_note_it_is_found_done_and_not_done_again(
    office: Office, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    act = begun(office)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(carrying, "noted", killed)
    with pytest.raises(KeyboardInterrupt):
        carried(office)
    monkeypatch.undo()
    standing, before = kept(office, act).done, approved(office, waiting)
    carried(office)

    assert (standing, before) == (0, [1] * 3)
    assert results(office, act) == [(Result.DONE, "")] * 3
    assert approved(office, waiting) == [1] * 3


def test_two_drivers_do_every_item_once(office: Office, other: Database, waiting: list[int]) -> None:
    act = begun(office)
    watch, together = SteppingClock(office.now + LATER), threading.Barrier(3)

    def driven(work: Any) -> Any:
        together.wait()
        return work()

    with ThreadPoolExecutor(3) as three:
        list(
            three.map(
                driven,
                [
                    lambda: carried(office, act),
                    lambda: carry_on(office.database, office.clock, watch),
                    lambda: carry_on(other, office.clock, watch),
                ],
            )
        )
    carry_on(other, office.clock, watch)

    assert results(office, act) == [(Result.DONE, "")] * 3
    assert approved(office, waiting) == [1] * 3


def test_while_somebody_is_at_an_act_another_is_given_none(office: Office, waiting: list[int]) -> None:
    act = begun(office)

    with office.transactions() as session:
        session.scalars(select(LongWork).where(LongWork.id == act).with_for_update()).one()
        meanwhile = (carried(office), carried(office, act))

    assert meanwhile == (None, None)
    assert carried(office) == 3


def test_a_case_on_which_the_program_breaks_keeps_no_other_from_its_turn(
    office: Office, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    act, finish = begun(office), attempts.finish
    broken = the_task(office, waiting[0], "approve_budget").id

    def breaks(session: Any, asked: Any, task_id: Any, outcome: Any) -> Any:
        if task_id == broken:
            raise RuntimeError("示例")
        return finish(session, asked, task_id, outcome)

    monkeypatch.setattr(attempts, "finish", breaks)
    carried(office)

    assert sorted(result for result, _ in results(office, act)) == sorted([Result.DONE, Result.DONE, Result.FAILED])
    assert approved(office, waiting) == [0, 1, 1]


def test_a_case_whose_diagram_fails_is_left_with_an_incident_and_its_number_is_told(
    office: Office, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    act, complete, broken = begun(office), process.complete, office.case(waiting[1]).process_state

    def fails(diagrams: Any, state: bytes, *rest: Any) -> Any:
        if state == broken:
            raise ProcessIncident("示例：走不通", process_id="target_filing", element_id="freeze_target")
        return complete(diagrams, state, *rest)

    monkeypatch.setattr(process, "complete", fails)
    carried(office)

    with office.transactions() as session:
        (incident,) = session.scalars(select(Incident))
    assert incident.case_id == waiting[1]
    assert f"请把异常编号{incident.id}告诉运维人员" in "".join(why for _, why in results(office, act))


def test_who_began_it_is_told_once_when_a_worker_finished_it_and_not_when_the_page_did(
    office: Office, waiting: list[int]
) -> None:
    late = begun(office)
    carried(office, late)
    by_the_page = told(office)
    more = [project_at(office, "approve_budget") for _ in range(2)]
    begun(office)
    carried(office)
    carried(office)

    assert by_the_page == []
    assert len(more) == 2
    assert told(office) == [(office.bureau.division.person_id, f"{FISCAL_YEAR}年度“随预算批复目标”已办完，共2件")]


def test_another_tenant_drives_nothing_of_it(office: Office, waiting: list[int]) -> None:
    act = begun(office)

    done = [
        carry_on_year_act(office.database, "conghua", at=office.now, now=office.now + LATER, act_id=number)
        for number in (act, None)
    ]

    assert done == [None, None]
    assert approved(office, waiting) == [0] * 3


def test_the_program_goes_on_with_an_act_by_itself_and_after_a_kill(
    office: Office, waiting: list[int], tmp_path: Path
) -> None:
    act = begun(office)
    told_to_it = {
        "DATABASE_URL": office.database.logins.application,
        "DATABASE_OWNER_URL": "",
        "JIXIAO_ANCHORS": str(tmp_path / "a.jsonl"),
    }

    def started() -> "subprocess.Popen[str]":
        return subprocess.Popen([*PROGRAM, "worker"], env=os.environ | told_to_it, stderr=subprocess.PIPE, text=True)

    with started() as first:
        assert first.stderr is not None
        first.stderr.readline()
        first.send_signal(signal.SIGKILL)
    with started() as second:
        end = time.monotonic() + 60
        while kept(office, act).ended_at is None:
            assert time.monotonic() < end, "nothing happened"
            time.sleep(0.1)
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 128 + signal.SIGTERM

    assert len(results(office, act)) == 3


def told(office: Office) -> list[tuple[int, str]]:
    carrier_for(office.database).carry_what_waits()
    with office.transactions() as session:
        rows = session.execute(
            select(Notice.person_id, Notice.words).where(Notice.kind == NoticeKind.ACT_FINISHED).order_by(Notice.id)
        )
        return [(row.person_id, row.words) for row in rows]


def another_of_the_division(office: Office) -> Actor:
    """A colleague in the office that approves."""
    with office.database.upkeep() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        return person_in(session, unit, "示例同事", *office.bureau.division.roles)
