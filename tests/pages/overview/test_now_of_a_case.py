"""The line that says where a case stands now also says why its day is that day."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import update

from engine.commands.fire_due import fire_due
from engine.commands.suspend import suspend
from engine.scores import Score
from engine.store import Database
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.conftest import SitsDown, seats_at


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


def test_a_day_says_how_it_stands_and_how_it_was_kept(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    officer = hands_of(office.bureau.office)

    def states() -> str:
        rows = officer.open(f"/cases/{case}?tab=deadlines").page.xpath("//td[@data-label='状态']")
        return " ".join(" ".join(each.text_content().split()) for each in rows)

    running = states()
    office.let_pass(case, "target_filing.fill")
    office.do(case, "fill_target")
    office.do(case, "confirm_target")
    late = states()
    case = office.open_case(code="示例-暂停")
    office.reach(case, "target_filing.fill_target")
    with office.transactions() as session:
        suspend(session, case, reason="示例：项目暂缓", by=office.bureau.office, at=office.now)
    paused, now = states(), officer.open(f"/cases/{case}").text()

    assert "剩" in running
    assert "✓ 逾期 1 日办结" in late
    assert "Ⅱ 计时暂停" in paused
    assert "Ⅱ 计时暂停" in now
    assert "Ⅱ 计时暂停" in officer.open("/cases").text()


def test_a_score_beside_a_border_says_so_wherever_it_stands(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "spot_review")
    with office.transactions() as session:
        session.execute(update(Score).where(Score.case_id == case).values(total=Decimal("90.40")))
    officer = hands_of(office.bureau.office)

    shown = [officer.open(page).text() for page in (f"/cases/{case}", f"/cases/{case}?tab=scores", "/cases?near=1")]

    assert ["90.40 压线" in page for page in shown] == [True, True, True]


def test_what_is_looked_for_from_every_page_is_found_among_the_cases(office: Office, hands_of: SitsDown) -> None:
    case = project_at(office, "check_target")
    officer = hands_of(office.bureau.office).open("/tasks")
    (looks,) = officer.page.xpath("//form[@role='search']/@action")

    officer.open(f"{looks}?q={office.case(case).code}")

    assert officer.path == "/cases"
    assert office.case(case).name in officer.text()


def test_a_stage_that_does_not_apply_says_what_made_it_so(database: Database, tmp_path: Path) -> None:
    office = Office.opened(database, "guangzhou")
    case = office.open_case(project_nature="continuing")
    office.reach(case, "target_filing.fill_target")

    told = seats_at(database, office, tmp_path)(office.bureau.office).open(f"/cases/{case}").text()

    assert "是否须事前绩效评估：否（项目性质 延续）" in told
