"""What came onto one's desks last."""

from datetime import timedelta
from uuid import uuid4

from engine.commands.suspend import suspend
from engine.queries.newest_work import newest_work
from engine.store import Database
from tests.factories import START, Bureau
from tests.integration.queries.test_worklist import given_tasks
from tests.office import Office


def test_the_newest_of_all_desks_come_first_whoever_waits_for_them(database: Database, bureau: Bureau) -> None:
    first, second, third, a_colleagues = (uuid4() for _ in range(4))
    later = START + timedelta(days=1)
    given_tasks(
        database,
        bureau,
        {"id": second, "opened_at": later},
        {"id": third, "opened_at": later + timedelta(hours=1), "holder_id": bureau.office.person_id},
        {"id": a_colleagues, "opened_at": later, "holder_id": bureau.second_officer.person_id},
        {"id": first, "opened_at": later - timedelta(hours=1)},
    )

    with database.transaction("huaxi") as session:
        told = newest_work(session, bureau.office)

    assert told[:3] == (third, second, first)
    assert a_colleagues not in told


def test_work_of_a_suspended_case_is_not_new(database: Database) -> None:
    office = Office.opened(database)
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    clerk = office.bureau.clerk

    with office.transactions() as session:
        before = newest_work(session, clerk)
        suspend(session, case, reason="项目暂缓实施", by=office.bureau.office, at=office.now)
        afterwards = newest_work(session, clerk)

    assert before == tuple(task.id for task in office.tasks(case))
    assert afterwards == ()
