"""一年 by clicks alone: from signing in to the archived case, everybody before a browser of their own.

Eight hundred and fifty pages: the years of a project and of a department are files of their own, so that two cores
share them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.clock import SteppingClock
from engine.directory import Actor
from engine.stages import Library
from engine.store import Logins
from engine.words import CaseKind
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


@pytest.fixture
def like_by_commands(server: Logins, template: str, library: Library) -> Callable[[CaseKind], Any]:
    """What happens in a year of a case of that kind that the rehearsal lives by commands, in a database of its own."""

    def lived(kind: CaseKind) -> Any:
        with fresh_database(server, template, library) as other:
            office = Office.opened(other)
            return kinds(office, by_commands(office, office.open_case(kind)).id)

    return lived


def clicked_through(office: Office, hands_of: SitsDown, kind: CaseKind) -> Any:
    """A case of that kind after its year, sent back once by each who judges."""
    case_id = office.open_case(kind)
    return Year(office, hands_of, case_id, returns=True, claims_once=True, way=dict(WAY)).live()
