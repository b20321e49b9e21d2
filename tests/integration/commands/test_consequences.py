"""What the word in the column 后果 of the deadline table does to a step that is past its day."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest

from engine.stages import Library
from engine.store import Logins
from tests.conftest import BPMN
from tests.factories import START
from tests.integration.desk import SHORT, events, project_at, sound, steps
from tests.office import Office
from web.wiring import create_empty, drop, open_database

Opened = Callable[[str], Office]
CHECK = "national_deadline_target_filing_check_consequence"
"""The cell of the table that says what follows when the department's check is late."""


@pytest.fixture
def opened_with(server: Logins, tmp_path: Path) -> Iterator[Opened]:
    """Opens a bureau in whose table a late check of the target has that consequence."""
    databases = []

    def opened(consequence: str) -> Office:
        bpmn = copytree(BPMN, tmp_path / "bpmn")
        table = bpmn / "decisions" / "deadline.dmn"
        said, cell = table.read_text("utf-8"), f'<outputEntry id="{CHECK}"><text>"'
        assert f'{cell}mark_overdue"' in said
        table.write_text(said.replace(f'{cell}mark_overdue"', f'{cell}{consequence}"'), "utf-8")
        logins = create_empty(server, "other_consequences")
        databases.append(open_database(logins, bpmn, START, Library.read(bpmn)))
        return Office.opened(databases[0])

    yield opened
    databases[0].close()
    drop(server, "other_consequences")


@pytest.mark.parametrize(
    ("consequence", "told"),
    [
        ("remind", []),
        ("mark_overdue", ["task.overdue"]),
        ("escalate", ["task.escalated"]),
        ("close", ["task.overdue"]),
        ("suspend", ["task.overdue"]),
    ],
)
def test_the_word_of_the_table_is_told_once_and_the_step_waits_on(
    opened_with: Opened, consequence: str, told: list[str]
) -> None:
    office = opened_with(consequence)
    case = project_at(office, "check_target")

    office.let_pass(case, "target_filing.check")
    office.sweep(case)

    assert events(office, case, "deadline.fired", "task.overdue", "task.escalated") == ["deadline.fired", *told]
    assert [each.payload["consequence"] for each in office.journal(case, "deadline.fired")] == [consequence]
    assert steps(office, case) == ["check_target"]
    sound(office)


def test_a_disposal_that_is_late_is_told_of_its_own_step_and_day(office: Office) -> None:
    case = project_at(office, "approved")
    office.reach(case, "monitoring.decide_monitoring_disposal", executed_wan="1", **SHORT)
    [waiting] = office.tasks(case)

    office.let_pass(case, "monitoring.dispose")

    [told] = office.journal(case, "task.overdue")
    assert told.payload == {"deadline": "monitoring.dispose", "task": waiting.id.hex}
    [fired] = office.journal(case, "deadline.fired")
    assert (fired.payload["deadline"], fired.payload["consequence"]) == ("monitoring.dispose", "suspend")
