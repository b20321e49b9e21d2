from pathlib import Path

import pytest

from engine.deadlines import WorkingCalendar

CALENDARS = Path(__file__).resolve().parents[3] / "bpmn" / "calendars"


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    return WorkingCalendar.load(CALENDARS)
