"""金额: what was asked for, found right, approved and adjusted, on one line of the case."""

from decimal import Decimal

from engine.commands.adjust_budget import adjust_budget
from tests.integration.desk import project_at
from tests.office import Office
from tests.pages.reviews.conftest import Seats, Sight


def _line(seen: Sight) -> str:
    return " ".join(seen.page.xpath("//section[@aria-labelledby='amounts']/p")[0].text_content().split())


def test_each_figure_stands_on_one_line_and_under_it_who_said_it_and_why(office: Office, person: Seats) -> None:
    case = project_at(office, "approved", amount_wan="300")
    with office.transactions() as session:
        adjust_budget(session, case, Decimal(310), reason="示例：年中调整", by=office.bureau.division, at=office.now)
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case, step)

    seen = person("王绩效").open(f"/cases/{case}")

    assert _line(seen) == "申报 300 → 批复 300 → 调整 310"
    assert "调整 310：" in seen.text
    assert "示例：年中调整" in seen.text
    assert f"/submissions/{office.versions(case, 'F02')[-1].id}" in seen.links()


def test_an_adjustment_that_is_still_asked_for_is_no_figure_yet(office: Office, person: Seats) -> None:
    case = project_at(office, "approved", amount_wan="300")
    with office.transactions() as session:
        adjust_budget(session, case, Decimal(310), reason="示例：年中调整", by=office.bureau.division, at=office.now)

    assert _line(person("王绩效").open(f"/cases/{case}")) == "申报 300 → 批复 300"


def test_the_target_of_an_adjusted_budget_says_for_which_amount_it_is_filed_anew(office: Office, person: Seats) -> None:
    case = project_at(office, "approved", amount_wan="300")
    with office.transactions() as session:
        adjust_budget(session, case, Decimal(310), reason="示例：年中调整", by=office.bureau.division, at=office.now)
    (task,) = [each for each in office.tasks(case) if each.process == "budget_adjustment"]

    seen = person("李经办").open(f"/tasks/{task.id}")

    assert "预算调整为 310.00 万元（原 300.00），须重报目标。" in seen.text
    assert f"/cases/{case}?tab=documents" in seen.links()


def test_an_assessment_tells_what_was_asked_for_and_what_it_left_out(office: Office, person: Seats) -> None:
    case = office.open_case(amount_wan="361", project_nature="new")
    office.reach(case, "ex_ante_assessment.fill_ex_ante", ex_ante_verdict="needed")
    office.do(case, "fill_ex_ante", changes={"suggested_wan": "320.5"})

    line = _line(person("王绩效").open(f"/cases/{case}"))

    assert line == "申报 361 → 建议 320.5（核减 40.5，11.22 %）"
