"""The line that says where a case stands now also says why its day is that day."""

from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown


def test_the_day_of_the_open_step_leads_to_its_count(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    officer = hands_of(office.bureau.office).open(f"/cases/{case}")

    (link,) = officer.page.xpath("//p[starts-with(normalize-space(), '现在')]//a[contains(@href, '/deadlines/')]/@href")

    assert "审核" in officer.open(link).text()
