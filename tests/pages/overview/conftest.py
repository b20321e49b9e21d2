"""A case that waits for its unit, and the officer before its page."""

import pytest

from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

FILLING = "target_filing.fill_target"


@pytest.fixture
def case_id(office: Office) -> int:
    """A case whose unit is to fill in its target."""
    case_id = office.open_case()
    office.reach(case_id, FILLING)
    return case_id


@pytest.fixture
def officer(office: Office, hands_of: SitsDown, case_id: int) -> Hands:
    """The officer of the 绩效股."""
    return hands_of(office.bureau.office)
