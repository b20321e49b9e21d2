"""通知: one finds what was told oneself, counts what one has not read, and says what one has read, for nobody else."""

import pytest

from engine.commands.read_notices import NoticeNotFound, read_notices
from engine.directory import Actor
from engine.notifications import Notice
from engine.queries.notices import MANY, NoticeLine, notices_of, one_notice, unread_notices
from engine.store.base import table_of
from tests.integration.desk import project_at
from tests.office import Office


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


def tell_of(office: Office, who: Actor, case: int, *numbers: int) -> None:
    rows = [
        {
            "jurisdiction": who.jurisdiction, "person_id": who.person_id, "kind": "new_task", "case_id": case,
            "seq": number, "words": f"示例{number}", "made_at": office.now,
        }
        for number in numbers
    ]  # fmt: skip
    with office.transactions() as session:
        session.execute(table_of(Notice).insert(), rows)


def shown_to(office: Office, who: Actor) -> tuple[NoticeLine, ...]:
    with office.transactions() as session:
        return notices_of(session, who).lines


def unread_by(office: Office, who: Actor) -> int:
    with office.transactions() as session:
        return unread_notices(session, who)


def test_the_latest_comes_first_and_nobody_finds_anothers(office: Office, case: int) -> None:
    clerk, head = office.bureau.clerk, office.bureau.head
    tell_of(office, clerk, case, 1, 2)
    tell_of(office, head, case, 3)

    with office.transactions() as session:
        anothers = one_notice(session, clerk, shown_to(office, head)[0].id)

    assert [line.words for line in shown_to(office, clerk)] == ["示例2", "示例1"]
    assert [line.words for line in shown_to(office, head)] == ["示例3"]
    assert anothers is None


def test_one_is_read_or_all_up_to_the_one_that_was_seen(office: Office, case: int) -> None:
    clerk = office.bureau.clerk
    tell_of(office, clerk, case, 1, 2, 3)
    third, _, first = shown_to(office, clerk)

    with office.transactions() as session:
        read_notices(session, first.id, by=clerk, at=office.now)
    after_one = unread_by(office, clerk)
    tell_of(office, clerk, case, 4)
    with office.transactions() as session:
        read_notices(session, third.id, and_before=True, by=clerk, at=office.now)

    assert after_one == 2
    assert [line.words for line in shown_to(office, clerk) if line.read_at is None] == ["示例4"]


def test_nobody_reads_for_somebody_else(office: Office, case: int) -> None:
    clerk, head = office.bureau.clerk, office.bureau.head
    tell_of(office, clerk, case, 1)

    with pytest.raises(NoticeNotFound, match="不是给您的"), office.transactions() as session:
        read_notices(session, shown_to(office, clerk)[0].id, and_before=True, by=head, at=office.now)

    assert unread_by(office, clerk) == 1


def test_more_than_can_be_looked_through_is_not_counted(office: Office, case: int) -> None:
    tell_of(office, office.bureau.clerk, case, *range(1, MANY + 50))

    assert unread_by(office, office.bureau.clerk) == MANY + 1
