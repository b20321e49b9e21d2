"""一年: a project and a department, from the first task to the archive, every human step through its page."""

from engine.stages import Library
from engine.store import Logins
from engine.words import CaseKind, CaseState
from tests.conftest import fresh_database
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.year import UP, WAY, Year, kinds
from web.pages.steps import STEPS


def test_a_project_goes_through_its_year_and_is_sent_back_once_by_each_who_judges(
    office: Office, hands_of: SitsDown
) -> None:
    year = Year(office, hands_of, office.open_case(), returns=True, way={**WAY, UP: True})

    closed = year.live()

    assert closed.state == CaseState.CLOSED
    assert year.commands == set(STEPS)


def test_a_department_goes_through_its_year_and_its_journal_tells_what_it_tells_without_pages(
    office: Office, hands_of: SitsDown, server: Logins, template: str, library: Library
) -> None:
    case_id = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    with fresh_database(server, template, library) as other:
        elsewhere = Office.opened(other)
        finished = elsewhere.finish(elsewhere.open_case(CaseKind.WHOLE_DEPARTMENT), **WAY)
        told = kinds(elsewhere, finished.id)

    closed = Year(office, hands_of, case_id, way=dict(WAY)).live()

    assert closed.state == CaseState.CLOSED
    assert kinds(office, case_id) == told
