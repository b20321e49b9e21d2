"""Statements the server may have planned when nothing was in the tables are still quick when much is."""

from uuid import uuid4

import pytest

from engine.moves.doubting import MARK, MARK_NAMESAKES
from tests.integration.queries.plans import plans_of


@pytest.mark.parametrize(
    ("marking", "given"), [(MARK, {"judging": uuid4()}), (MARK_NAMESAKES, {"begun": 1})], ids=["papers", "namesakes"]
)
def test_what_is_doubtful_is_looked_for_once_and_not_again_at_every_task(database, marking, given):
    plans = plans_of(database, lambda session: session.execute(marking, given))

    assert plans.outside_of_what_is_asked_once == {"tasks"}
