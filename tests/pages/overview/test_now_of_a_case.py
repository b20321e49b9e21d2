"""The line that says where a case stands now also says why its day is that day."""

from datetime import timedelta

from engine.commands.fire_due import fire_due
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown


def test_the_day_of_the_open_step_leads_to_its_count(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    officer = hands_of(office.bureau.office).open(f"/cases/{case}")

    (link,) = officer.page.xpath("//p[starts-with(normalize-space(), '现在')]//a[contains(@href, '/deadlines/')]/@href")

    assert "审核" in officer.open(link).text()


def test_of_several_days_of_one_step_the_one_that_is_shown_is_explained(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "fill_target")
    (task,) = office.tasks(case)
    shown = next(each.id for each in office.deadlines(case) if each.task_id == task.id and each.due_on == task.due_on)

    officer = hands_of(office.bureau.office).open(f"/cases/{case}")
    links = officer.page.xpath("//p[starts-with(normalize-space(), '现在')]//a[contains(@href, '/deadlines/')]/@href")

    assert links == [f"/deadlines/{shown}"]


def test_a_day_that_has_passed_is_explained_as_well(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    (task,) = office.tasks(case)
    office.clock.move_to(max(each.due_at for each in office.deadlines(case) if each.task_id == task.id) + timedelta(1))
    fire_due(office.transactions, at=office.now)

    officer = hands_of(office.bureau.office).open(f"/cases/{case}")

    assert officer.page.xpath("//p[starts-with(normalize-space(), '现在')]//a[contains(@href, '/deadlines/')]")
