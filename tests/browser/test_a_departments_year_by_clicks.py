"""The whole year of a department by clicks alone; its journal is equal in kind to that of a year by commands."""

from collections.abc import Callable
from typing import Any

from engine.words import CaseKind, CaseState
from tests.browser import year_by_clicks
from tests.browser.year_by_clicks import SitsDown, clicked_through
from tests.office import Office
from tests.pages.year import kinds

site = year_by_clicks.site
hands_of = year_by_clicks.hands_of
like_by_commands = year_by_clicks.like_by_commands


def test_a_department_goes_through_its_year_sent_back_once_by_each_who_judges(
    office: Office, hands_of: SitsDown, like_by_commands: Callable[[CaseKind], Any]
) -> None:
    told = like_by_commands(CaseKind.WHOLE_DEPARTMENT)

    closed = clicked_through(office, hands_of, CaseKind.WHOLE_DEPARTMENT)

    assert closed.state == CaseState.CLOSED
    assert kinds(office, closed.id) == told
