"""人工催办: who may remind whom, once a day, counted, and from the third time on the head hears of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from engine.cases import CaseNotActive
from engine.commands.claim import claim
from engine.commands.remind import NotToRemind, RemindedToday, ReminderText, remind
from engine.commands.suspend import suspend
from engine.directory import Actor, Appointment, NotYourOffice, NotYourUnit, Unit
from engine.moves.receipts import Receipt
from engine.queries.case_timeline import case_timeline
from engine.queries.reminders import reminders_of, told_to_heads
from engine.tasks import TaskNotFound, TaskNotOpen
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.office import Office

TEXT = "请于9月30日前办结绩效目标申报。"


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


def task_of(office: Office, case: int) -> UUID:
    return office.tasks(case)[0].id


def reminded(office: Office, task: UUID, by: Actor, text: str = TEXT, key: str | None = None) -> Receipt:
    with office.transactions() as session:
        return remind(session, task, text, by=by, at=office.now, key=key)


def test_a_reminder_is_counted_told_on_the_task_and_in_the_history_of_the_case(office: Office, case: int) -> None:
    task = task_of(office, case)

    receipt = reminded(office, task, office.bureau.office)

    with office.transactions() as session:
        seen = reminders_of(session, office.bureau.clerk, [task])[task]
        told = case_timeline(session, office.bureau.clerk, case)
    assert receipt.gave["number"] == 1
    assert (seen.number, seen.last_by, seen.text, seen.to_head) == (1, "王绩效", TEXT, False)
    assert [line.sentence for line in told if line.title == "人工催办"] == [
        f"第1次催办“填报绩效目标”（待签收岗位）：{TEXT}"
    ]


def test_who_is_reminded_finishes_what_they_had_before_them(office: Office, case: int) -> None:
    as_seen, task = office.case(case).journal_seq, task_of(office, case)
    reminded(office, task, office.bureau.office)

    with office.transactions() as session:
        claim(session, task, by=office.bureau.clerk, at=office.now, expected=as_seen)

    assert office.tasks(case)[0].holder_id == office.bureau.clerk.person_id


def test_a_second_reminder_on_the_same_day_says_who_was_first_whoever_asks(office: Office, case: int) -> None:
    task = task_of(office, case)
    reminded(office, task, office.bureau.office)

    with pytest.raises(RemindedToday, match="今天已由王绩效催办（第1次）"):
        reminded(office, task, office.bureau.head)

    assert len(office.journal(case, "task.reminded")) == 1


def test_who_was_reminded_today_is_not_reminded_of_another_task_before_tomorrow(office: Office, case: int) -> None:
    another, third = (project_at(office, "fill_target") for _ in range(2))
    held = task_of(office, third)
    with office.transactions() as session:
        claim(session, held, by=office.bureau.clerk, at=office.now)
    reminded(office, task_of(office, case), office.bureau.office)
    office.clock.move_to(office.now + timedelta(hours=2))

    with pytest.raises(RemindedToday, match="已由王绩效催办过别的任务"):
        reminded(office, task_of(office, another), office.bureau.division)
    reminded(office, held, office.bureau.division)
    office.clock.move_to(office.now + timedelta(days=1))
    reminded(office, task_of(office, another), office.bureau.division)

    assert [len(office.journal(each, "task.reminded")) for each in (case, another, third)] == [1, 1, 1]


def test_several_tasks_of_one_person_are_reminded_of_at_once(office: Office, case: int) -> None:
    another = project_at(office, "fill_target")

    for each in (case, another):
        reminded(office, task_of(office, each), office.bureau.office)

    assert [len(office.journal(each, "task.reminded")) for each in (case, another)] == [1, 1]


def test_where_a_unit_has_no_head_nobody_is_said_to_have_heard_of_the_third(office: Office, case: int) -> None:
    task = task_of(office, case)
    with office.database.upkeep() as session:
        session.execute(delete(Appointment).where(Appointment.role == Role.UNIT_HEAD))

    for _ in range(3):
        reminded(office, task, office.bureau.office)
        office.clock.move_to(office.now + timedelta(days=1))

    told = office.journal(case, "task.reminded")[-1].payload
    assert (told["reminder"], told.get("head", False)) == (3, False)


def test_the_same_request_again_reminds_once(office: Office, case: int) -> None:
    task = task_of(office, case)

    first = reminded(office, task, office.bureau.office, key="示例")
    again = reminded(office, task, office.bureau.office, key="示例")

    assert (first.repeated, again.repeated, again.gave) == (False, True, first.gave)


def test_the_third_time_the_head_of_the_unit_hears_of_it_until_it_is_done(office: Office, case: int) -> None:
    task, heard = task_of(office, case), []

    for _ in range(3):
        reminded(office, task, office.bureau.office)
        office.clock.move_to(office.now + timedelta(days=1))
        with office.transactions() as session:
            heard.append([told.number for told in told_to_heads(session, office.bureau.head)])
    with office.transactions() as session:
        told_a_clerk = told_to_heads(session, office.bureau.clerk)
    office.do(case, "fill_target")
    with office.transactions() as session:
        afterwards = told_to_heads(session, office.bureau.head)

    assert heard == [[], [], [3]]
    assert (told_a_clerk, afterwards) == ((), ())


def test_finance_a_head_and_the_department_above_remind_and_nobody_else(office: Office, case: int) -> None:
    bureau, task = office.bureau, task_of(office, case)
    with office.transactions() as session:
        other = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT.value, department_id=None)
        session.add(other)
        session.flush()
        foreign_head = person_in(session, other, "外负责", Role.UNIT_HEAD)
        foreign_department = person_in(session, other, "外主管", Role.DEPARTMENT)

    for somebody in (bureau.office, bureau.division, bureau.head, bureau.department):
        reminded(office, task, somebody)
        office.clock.move_to(office.now + timedelta(days=1))
    for somebody, refusal in (
        (bureau.clerk, NotYourOffice),
        (bureau.agency, NotYourOffice),
        (foreign_head, NotYourUnit),
        (foreign_department, NotYourUnit),
    ):
        with pytest.raises(refusal):
            reminded(office, task, somebody)

    assert len(office.journal(case, "task.reminded")) == 4


def test_nobody_reminds_themselves_and_finance_not_its_own_desks(office: Office, case: int) -> None:
    bureau = office.bureau
    office.reach(case, "target_filing.confirm_target")
    at_the_head = task_of(office, case)
    with office.transactions() as session:
        claim(session, at_the_head, by=bureau.head, at=office.now)

    with pytest.raises(NotToRemind, match="在您自己手里"):
        reminded(office, at_the_head, bureau.head)
    office.reach(case, "target_filing.review_target")
    with pytest.raises(NotToRemind, match="由财政内部办理"):
        reminded(office, task_of(office, case), bureau.office)


@pytest.mark.parametrize("text", ["", " \n", "催" * 201])
def test_nothing_and_too_much_is_no_reminder(office: Office, case: int, text: str) -> None:
    with pytest.raises(ReminderText):
        reminded(office, task_of(office, case), office.bureau.office, text)


def test_a_task_that_is_over_suspended_or_not_there_is_not_reminded_of(office: Office, case: int) -> None:
    task = task_of(office, case)
    with pytest.raises(TaskNotFound):
        reminded(office, uuid4(), office.bureau.office)

    office.do(case, "fill_target")
    with pytest.raises(TaskNotOpen):
        reminded(office, task, office.bureau.office)
    with office.transactions() as session:
        suspend(session, case, reason="示例", by=office.bureau.office, at=office.now)
    with pytest.raises(CaseNotActive):
        reminded(office, task_of(office, case), office.bureau.office)
