"""Several servers on one database: what one changes for all holds on the others from the next transaction on."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import update

from engine.cases import case_by_id
from engine.commands.start_case import NewCase, start_case
from engine.deadlines.model import CalendarRecord
from engine.directory import Unit
from engine.errors import EngineError
from engine.moves.due import calendar_of
from engine.moves.papers_before import context_of
from engine.stages import Library, library_in_force
from engine.store import Database
from tests.factories import START, Bureau, new_project
from tests.integration.desk import project_at
from tests.office import Office
from web.wiring import wired

NEW_YEARS_EVE = date(2021, 12, 31)


@pytest.fixture
def other(database: Database, library: Library) -> Iterator[Database]:
    """Another server of the same database, which has seen it once."""
    server = wired(database.logins, Library(library.diagrams, library.policies))
    with server.transaction("huaxi") as session:
        assert calendar_of(session).is_working_day(NEW_YEARS_EVE)
    yield server
    server.close()


def newer(library: Library) -> Library:
    """A later release: one step has another name."""
    files = {
        name: content.decode().replace('name="填报绩效目标"', 'name="填写绩效目标"').encode()
        for name, content in library.diagrams.files.items()
    }
    return Library.of(files, library.policies)


def diagrams_of_a_new_case(server: Database, new: NewCase, bureau: Bureau) -> int:
    with server.transaction("huaxi") as session:
        start_case(session, new, by=bureau.office, at=START)
        found = library_in_force(session).diagrams_id
    assert found is not None
    return found


def test_new_cases_start_on_the_definitions_the_last_server_brought(
    database: Database, other: Database, library: Library, bureau: Bureau
) -> None:
    before = diagrams_of_a_new_case(other, new_project(bureau, "示例-前"), bureau)

    with database.upkeep() as session:
        newer(library).keep(session, START)

    assert diagrams_of_a_new_case(other, new_project(bureau, "示例-后"), bureau) > before
    with database.upkeep() as session:
        library.keep(session, START)  # and back again
    assert diagrams_of_a_new_case(other, new_project(bureau, "示例-再"), bureau) == before


def test_a_year_of_the_calendar_that_is_taken_back_is_taken_back_on_every_server(
    database: Database, other: Database
) -> None:
    with database.upkeep() as session:
        session.execute(update(CalendarRecord).where(CalendarRecord.year == 2021).values(confirmed=False))

    with other.transaction("huaxi") as session, pytest.raises(EngineError, match="2021"):
        calendar_of(session).is_working_day(NEW_YEARS_EVE)


def test_what_nobody_changed_is_not_read_again(database: Database, other: Database) -> None:
    with other.transaction("huaxi") as session:
        before = calendar_of(session)

    with other.transaction("huaxi") as session:
        assert calendar_of(session) is before


def test_a_renamed_unit_has_its_new_name_in_the_next_paper(office: Office) -> None:
    case = project_at(office, "fill_target")
    before = _unit_named_in_a_target(office, case)
    with office.database.upkeep() as session:
        session.execute(update(Unit).where(Unit.id == office.bureau.unit_id).values(name="示例更名单位"))

    after = _unit_named_in_a_target(office, case)

    assert (before == "示例更名单位", after) == (False, "示例更名单位")


def _unit_named_in_a_target(office: Office, case_id: int) -> str:
    with office.transactions() as session:
        case = case_by_id(session, case_id)
        policy = library_in_force(session).policy_version(session, case.policy_id)
        return context_of(session, case, policy, "F02", None, "target_filing", office.now).unit_name
