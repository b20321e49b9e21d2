"""整改逾期: the unit hears that its day is over, and office after office that it is asked to see to it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from engine.clock import first_late
from engine.commands.cancel import cancel
from engine.commands.fire_due import fire_due
from engine.directory import Actor
from engine.notifications import Notice
from engine.store import Database
from engine.words import NoticeKind
from tests.factories import Bureau
from tests.integration.commands.problems import AUDIT, opened
from tests.journeys import LETTER_DAY, Journey, begin
from web.worker.carrying import carrier_for

LATE = first_late(AUDIT.due_on) + timedelta(hours=1)
SEEN_TO = "整改事项另立-1到"


@pytest.fixture
def journey(database: Database, bureau: Bureau) -> Journey:
    """A case of which nothing but a problem has a day, and what happened before has been told."""
    journey = begin(database, bureau)
    with database.transaction("huaxi") as session:
        cancel(session, journey.case_id, reason="示例：项目取消", by=bureau.office, at=LETTER_DAY)
    opened(journey)
    carry(database)
    with database.transaction("huaxi") as session:
        session.execute(text("UPDATE notices SET read_at = made_at"))
    return journey


def carry(database: Database) -> None:
    carrier_for(database).carry_what_waits()


def pass_until(journey: Journey, at: datetime) -> None:
    fire_due(journey.office.transactions, at=at)
    carry(journey.office.database)


def told(journey: Journey, who: Actor, at_all: str = "") -> list[str]:
    with journey.office.transactions() as session:
        unread = select(Notice.words).where(
            Notice.person_id == who.person_id,
            Notice.read_at.is_(None),
            Notice.kind == NoticeKind.OVERDUE,
            Notice.words.contains(at_all),
        )
        return list(session.scalars(unread.order_by(Notice.id)))


def test_the_head_is_asked_first_and_then_the_department_and_finance(journey: Journey, bureau: Bureau) -> None:
    pass_until(journey, LATE)
    after_the_day = [bool(told(journey, who, SEEN_TO)) for who in (bureau.head, bureau.department, bureau.office)]

    pass_until(journey, LATE + timedelta(days=200))

    assert after_the_day == [True, False, False]
    assert told(journey, bureau.department, SEEN_TO) != []
    assert told(journey, bureau.office, SEEN_TO) != []


def test_the_unit_hears_once_that_its_day_is_over_not_at_every_office_that_is_asked(
    journey: Journey, bureau: Bureau
) -> None:
    pass_until(journey, LATE)
    the_day_is_over = [words for words in told(journey, bureau.clerk) if "已逾期" in words]

    pass_until(journey, LATE + timedelta(days=200))

    named = f"{AUDIT.due_on.month}月{AUDIT.due_on.day}日"
    assert the_day_is_over != []
    assert all(named in words for words in told(journey, bureau.clerk) if "已逾期" in words)
