"""审核队列 says where a page of it begins, and on the last one how long it is."""

from engine.clock import day_of
from engine.queries.review_queue import ReviewPage, review_queue
from tests.integration.desk import project_at
from tests.office import Office


def _part(office: Office, after: str | None = None) -> ReviewPage:
    with office.transactions() as session:
        return review_queue(session, office.bureau.department, on=day_of(office.now), limit=2, after=after)


def test_a_page_of_the_queue_knows_what_stands_before_it_and_the_last_one_the_whole(office: Office) -> None:
    for _ in range(3):
        project_at(office, "check_target")

    first = _part(office)
    second = _part(office, first.next)

    assert (len(first.lines), first.before, first.known) == (2, 0, 2)
    assert (len(second.lines), second.before, second.known, second.next) == (1, 2, 3, None)
