"""通知: everybody whom it concerns is told once of each thing, in words without scores, and nobody is forgotten."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text

from engine.accounts import close_account, open_account
from engine.clock import shanghai
from engine.commands.begin_substitutions import begin_substitutions
from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.copy_paper import copy_paper
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_due import fire_due
from engine.commands.name_substitute import name_substitute
from engine.commands.remind import remind
from engine.commands.revoke_substitute import revoke_substitute
from engine.commands.transfer import transfer
from engine.directory import Actor, Appointment, Person, Substitution, Unit
from engine.notifications import Notice, tell
from engine.words import NoticeKind, Role
from tests.factories import person_in
from tests.integration.desk import SHORT, project_at
from tests.office import Office
from web.worker.carrying import carrier_for, tell_only_since

NAME = "示例：社区养老服务站建设经费"


@pytest.fixture
def case(office: Office) -> int:
    """A target waits to be filled in; what happened before has been told."""
    case = project_at(office, "fill_target")
    carry(office)
    read_everything(office)
    return case


def carry(office: Office) -> None:
    carrier_for(office.database).carry_what_waits()


def read_everything(office: Office) -> None:
    with office.transactions() as session:
        session.execute(text("UPDATE notices SET read_at = made_at"))


def told(office: Office, who: Actor) -> list[tuple[NoticeKind, str]]:
    """What they have not read; projects are numbered as a run of tests goes on."""
    with office.transactions() as session:
        unread = select(Notice).where(Notice.person_id == who.person_id, Notice.read_at.is_(None))
        found = session.scalars(unread.order_by(Notice.id)).all()
        return [(notice.kind, re.sub("设经费P-[0-9]+：", "设经费：", notice.words)) for notice in found]


def task_of(office: Office, case: int) -> UUID:
    return office.tasks(case)[0].id


def first_of(told: list[tuple[NoticeKind, str]]) -> NoticeKind:
    ((kind, _),) = told
    return kind


def test_everybody_in_the_office_hears_of_work_that_waits_for_it(office: Office) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
    project_at(office, "fill_target")

    carry(office)

    expected = (NoticeKind.NEW_TASK, f"{NAME}：“填报绩效目标”等您办理，9月28日（周一）截止")
    assert expected in told(office, office.bureau.clerk)
    assert expected in told(office, colleague)
    assert expected not in told(office, office.bureau.head)


def test_the_same_entry_is_told_once_however_often_it_is_asked_for(office: Office, case: int) -> None:
    before = told_at_all(office)
    with office.transactions() as session:
        again = tell(session, {case: range(1, 100)})

    assert list(again) == []
    assert told_at_all(office) == before


def told_at_all(office: Office) -> int:
    with office.transactions() as session:
        return len(session.scalars(select(Notice.id)).all())


def test_who_gets_a_paper_back_hears_that_it_was_returned(office: Office, case: int) -> None:
    office.do(case, "fill_target")
    office.reach(case, "target_filing.check_target")
    carry(office)
    read_everything(office)

    office.do(case, "check_target", "returned", reason="示例：得分 88 分，偏低")
    carry(office)

    ((kind, words),) = told(office, office.bureau.clerk)
    assert kind == NoticeKind.RETURNED
    assert "退回修改" in words
    assert "88" not in words


def test_only_who_has_the_task_in_hand_is_reminded_of_its_day_and_told_when_it_passed(
    office: Office, case: int
) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
        claim(session, task_of(office, case), by=office.bureau.clerk, at=office.now)
    due = next(day for day in office.deadlines(case) if day.task_id == task_of(office, case))
    office.clock.move_to(due.remind_at or due.due_at)
    fire_due(office.transactions, at=office.now)
    carry(office)
    reminded = told(office, office.bureau.clerk)
    read_everything(office)

    office.clock.move_to(due.due_at)
    fire_due(office.transactions, at=office.now)
    carry(office)

    assert first_of(reminded) in (NoticeKind.DUE_SOON, NoticeKind.DUE_TODAY)
    assert "9月28日（周一）" in reminded[0][1]
    assert [kind for kind, _ in told(office, office.bureau.clerk)] == [NoticeKind.OVERDUE]
    assert told(office, colleague) == []


def test_finance_urges_and_the_third_time_the_head_hears_it_too(office: Office, case: int) -> None:
    for _ in range(3):
        with office.transactions() as session:
            remind(session, task_of(office, case), "示例：只得 60 分", by=office.bureau.office, at=office.now)
        office.clock.move_to(office.now + timedelta(days=1))
    carry(office)

    words = [words for _, words in told(office, office.bureau.clerk)]
    assert [kind for kind, _ in told(office, office.bureau.clerk)] == [NoticeKind.REMINDED] * 3
    assert told(office, office.bureau.head) == [
        (NoticeKind.REMINDED, f"{NAME}：第3次催办“填报绩效目标”，9月28日（周一）截止")
    ]
    assert not any("60" in each for each in words)


def test_who_takes_a_task_over_hears_of_it(office: Office, case: int) -> None:
    with office.transactions() as session:
        colleague = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
        claim(session, task_of(office, case), by=office.bureau.clerk, at=office.now)
        transfer(
            session, task_of(office, case), colleague.person_id, reason="示例", by=office.bureau.clerk, at=office.now
        )

    carry(office)

    assert told(office, colleague) == [(NoticeKind.NEW_TASK, f"{NAME}：“填报绩效目标”转给您办理，9月28日（周一）截止")]
    assert told(office, office.bureau.clerk) == []


def test_a_day_that_moved_is_told_to_whoever_keeps_it(office: Office, case: int) -> None:
    due = next(day for day in office.deadlines(case) if day.task_id == task_of(office, case))
    with office.transactions() as session:
        extend_deadline(session, due.id, date(2020, 10, 20), reason="示例", by=office.bureau.office, at=office.now)

    carry(office)

    assert told(office, office.bureau.clerk) == [
        (NoticeKind.DAY_MOVED, f"{NAME}：“填报绩效目标”的截止日改为10月20日（周二）")
    ]


def test_what_was_decided_after_monitoring_is_told_to_the_unit_and_to_those_above_it(office: Office) -> None:
    case = project_at(office, "approved")
    office.reach(case, "monitoring.decide_monitoring_disposal", executed_wan="1", **SHORT)
    carry(office)
    read_everything(office)

    office.do(case, "decide_monitoring_disposal", monitoring_disposal="cut", reduced_wan="150")
    carry(office)

    notice = (NoticeKind.DISPOSED, f"{NAME}：监控处置：调减预算，调减为150万元")
    for who in (office.bureau.clerk, office.bureau.head, office.bureau.department, office.bureau.office):
        assert notice in told(office, who)
    assert notice not in told(office, office.bureau.division)


def test_a_copy_is_told_to_who_gets_it(office: Office, case: int) -> None:
    office.do(case, "fill_target")
    carry(office)
    read_everything(office)
    paper = office.versions(case, "F02")[-1].id
    with office.transactions() as session:
        copy_paper(session, paper, [office.bureau.division.person_id], by=office.bureau.clerk, at=office.now)

    carry(office)

    assert [kind for kind, _ in told(office, office.bureau.division)] == [NoticeKind.COPIED]


def test_who_stands_in_is_told_that_they_do_and_of_the_work_that_comes(office: Office, case: int) -> None:
    with office.transactions() as session:
        substitute = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴代理", Role.UNIT_HEAD)
        name_substitute(
            session, office.bureau.clerk.person_id, substitute.person_id, date(2020, 9, 1), date(2020, 10, 31),
            by=office.bureau.clerk, at=office.now,
        )  # fmt: skip
    carry(office)
    entrusted = told(office, substitute)
    read_everything(office)

    with office.transactions() as session:
        remind(session, task_of(office, case), "示例", by=office.bureau.office, at=office.now)
    carry(office)

    assert entrusted == [(NoticeKind.ENTRUSTED, "9月1日（周二）起至10月31日（周六），吴代理代李经办办理")]
    assert told(office, office.bureau.clerk) == told(office, substitute) != []


@pytest.fixture
def manager(office: Office) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.finance_id), "郑系统", Role.SYSTEM_ADMIN)


def test_work_of_an_office_without_anybody_is_told_to_who_can_put_somebody_there(
    office: Office, manager: Actor
) -> None:
    with office.transactions() as session:
        session.execute(delete(Appointment).where(Appointment.person_id == office.bureau.clerk.person_id))
    project_at(office, "fill_target")

    carry(office)

    unreached = "示例单位甲的“预算单位经办人”岗位没有人，有任务等待办理。请安排人员"
    assert (NoticeKind.UNREACHED, unreached) in told(office, manager)
    assert not any(NAME in words for _, words in told(office, manager))


def test_who_has_left_is_told_nothing_more_and_the_office_is(office: Office, case: int, manager: Actor) -> None:
    with office.transactions() as session:
        leaver = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)
        person = session.get_one(Person, leaver.person_id)
        open_account(session, person, "花溪河上的石桥又旧又弯又长", by=None, at=office.now)
        claim(session, task_of(office, case), by=leaver, at=office.now)
        close_account(session, leaver.person_id, by=manager, at=office.now)
        remind(session, task_of(office, case), "示例", by=office.bureau.office, at=office.now)

    carry(office)

    assert told(office, leaver) == []
    assert [kind for kind, _ in told(office, office.bureau.clerk)] == [NoticeKind.REMINDED]


def test_what_was_left_by_a_case_that_is_over_meanwhile_is_told_all_the_same(office: Office, case: int) -> None:
    with office.transactions() as session:
        remind(session, task_of(office, case), "示例", by=office.bureau.office, at=office.now)
    with office.transactions() as session:
        cancel(session, case, reason="示例", by=office.bureau.office, at=office.now)

    carry(office)

    assert [kind for kind, _ in told(office, office.bureau.clerk)] == [NoticeKind.REMINDED]


def test_of_a_past_made_up_in_one_go_only_the_last_days_are_told(office: Office) -> None:
    case = project_at(office, "fill_target")
    office.clock.move_to(office.now + timedelta(days=7))
    with office.transactions() as session:
        remind(session, task_of(office, case), "示例", by=office.bureau.office, at=office.now)

    tell_only_since(office.database, "huaxi", office.now - timedelta(days=1))
    carry(office)

    assert [kind for kind, _ in told(office, office.bureau.clerk)] == [NoticeKind.REMINDED]


def test_a_move_nobody_has_to_hear_of_leaves_nothing_behind(office: Office, case: int) -> None:
    with office.transactions() as session:
        claim(session, task_of(office, case), by=office.bureau.clerk, at=office.now)

    with office.database.upkeep() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")) == 0


@pytest.mark.parametrize("worked_on", [date(2020, 9, 7), date(2020, 9, 9)])
def test_both_are_told_on_its_first_day_that_a_substitution_runs_or_as_soon_as_somebody_works_again(
    office: Office, worked_on: date
) -> None:
    substitute = a_substitute(office, date(2020, 9, 7), date(2020, 9, 30))
    read_everything(office)

    counts = [begin_on(office, day) for day in (date(2020, 9, 6), worked_on, worked_on + timedelta(days=1))]
    carry(office)

    words = "吴代理代李经办办理从9月7日（周一）起生效，至9月30日（周三）止"
    assert counts == [0, 1, 0]
    assert told(office, substitute) == told(office, office.bureau.clerk) == [(NoticeKind.ENTRUSTED, words)]


def test_both_are_told_that_a_substitution_was_revoked_but_who_did_it_is_not(office: Office) -> None:
    substitute = a_substitute(office, date(2020, 9, 1), date(2020, 9, 30))
    carry(office)
    read_everything(office)
    with office.transactions() as session:
        (number,) = session.scalars(select(Substitution.id))
        revoke_substitute(session, number, reason="示例：提前返岗", by=office.bureau.clerk, at=office.now)

    carry(office)

    words = "吴代理代李经办办理已撤销：示例：提前返岗"
    assert told(office, substitute) == [(NoticeKind.ENTRUSTED, words)]
    assert told(office, office.bureau.clerk) == []


def test_of_a_substitution_that_begins_at_once_both_hear_once(office: Office) -> None:
    substitute = a_substitute(office, date(2020, 9, 1), date(2020, 9, 30))

    assert begin_on(office, date(2020, 9, 1)) == 0
    assert len(told(office, substitute)) == 1


def test_of_a_substitution_revoked_or_over_before_anybody_worked_nothing_more_is_told(office: Office) -> None:
    a_substitute(office, date(2020, 9, 7), date(2020, 9, 8))
    with office.transactions() as session:
        other = name_substitute(
            session, office.bureau.head.person_id, office.bureau.clerk.person_id, date(2020, 9, 9), date(2020, 9, 20),
            by=office.bureau.head, at=office.now,
        )  # fmt: skip
        revoke_substitute(session, other.gave["substitution"], by=office.bureau.head, at=office.now)

    assert begin_on(office, date(2020, 9, 9)) == 0


def a_substitute(office: Office, from_on: date, until_on: date) -> Actor:
    """Of the clerk, named today; both have heard of that."""
    with office.transactions() as session:
        substitute = person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴代理", Role.UNIT_HEAD)
        name_substitute(
            session, office.bureau.clerk.person_id, substitute.person_id, from_on, until_on,
            by=office.bureau.clerk, at=office.now,
        )  # fmt: skip
    carry(office)
    return substitute


def begin_on(office: Office, day: date) -> int:
    return begin_substitutions(office.transactions, at=shanghai(day.year, day.month, day.day, 7, 30))
