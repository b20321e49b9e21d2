"""一年 by clicks alone: from signing in to the archived case, everybody before a browser of their own.

Eight hundred and fifty pages take minutes of two cores: only with `JIXIAO_LONG_TESTS=1`, as `make test-long` sets it.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.clock import SteppingClock
from engine.directory import Actor
from engine.stages import Library
from engine.store import Logins
from engine.words import CaseKind, CaseState
from tests.browser.clicks import Clicks
from tests.browser.conftest import PASSWORD, Desktop
from tests.conftest import fresh_database
from tests.office import Office
from tests.pages.year import WAY, Year, by_commands, kinds
from web.visits import Site

SitsDown = Callable[[Actor], Clicks]


@pytest.fixture
def site(site: Site, office: Office) -> Site:
    """The sessions of the year do not end, however far its clock is moved."""
    return replace(site, watch=SteppingClock(office.now))


@pytest.fixture
def hands_of(office: Office, at_a_desk: Callable[[], Desktop], address: str) -> SitsDown:
    """Somebody of the bureau before a browser of their own, signed in the first time they are asked for."""
    known: dict[int, Clicks] = {}

    def sit_down(actor: Actor) -> Clicks:
        if actor.person_id not in known:
            clicks = Clicks(at_a_desk().page, address)
            known[actor.person_id] = clicks.sign_in(f"{actor.name}@{actor.unit_id}", PASSWORD, actor.jurisdiction)
        return known[actor.person_id]

    return sit_down


@pytest.mark.parametrize("kind", [CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT])
def test_a_case_goes_through_its_year_sent_back_once_by_each_who_judges(
    office: Office, hands_of: SitsDown, kind: CaseKind, server: Logins, template: str, library: Library
) -> None:
    case_id = office.open_case(kind)
    with fresh_database(server, template, library) as other:
        elsewhere = Office.opened(other)
        finished = by_commands(elsewhere, elsewhere.open_case(kind))
        told = kinds(elsewhere, finished.id)

    closed = Year(office, hands_of, case_id, returns=True, claims_once=True, way=dict(WAY)).live()

    assert closed.state == CaseState.CLOSED
    assert kinds(office, case_id) == told
