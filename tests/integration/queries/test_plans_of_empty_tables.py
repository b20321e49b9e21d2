"""Statements the server may have planned when little was in the tables are still quick when much is."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from engine.moves.doubting import MARK, MARK_NAMESAKES
from tests.integration.queries.plans import plans_inside, plans_of


@pytest.mark.parametrize(
    ("marking", "given"), [(MARK, {"judging": uuid4()}), (MARK_NAMESAKES, {"begun": 1})], ids=["papers", "namesakes"]
)
def test_what_is_doubtful_is_looked_for_once_and_not_again_at_every_task(database, marking, given):
    plans = plans_of(database, lambda session: session.execute(marking, given))

    assert plans.outside_of_what_is_asked_once == {"tasks"}


@pytest.mark.parametrize("clock", ["due_everywhere", "next_instant"])
def test_whether_work_is_still_open_is_asked_of_that_task_and_not_of_all_there_are(database, clock):
    given = {"due_everywhere": (datetime(2022, 1, 4, tzinfo=UTC), 100), "next_instant": ()}[clock]

    asked = plans_inside(database, clock, *given).filters_of("deadlines")

    assert any("(SubPlan" in each and "= 'open'::text" in each for each in asked)
