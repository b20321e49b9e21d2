"""审核队列: this year's paper beside the one the same object handed in last year."""

from decimal import Decimal

from engine.cases import Case
from tests.integration.desk import SHORT, opened, project_at, the_task
from tests.office import FISCAL_YEAR, Office
from tests.pages.reviews.conftest import Seats
from tests.pages.reviews.test_doubts import ALL_REACHED


def _this_year(office: Office, former: int) -> str:
    """The page of the same project's target in the year after."""
    case = office.open_case(code=office.case(former).code, fiscal_year=FISCAL_YEAR + 1)
    office.reach(case, "target_filing.check_target", **SHORT)
    return f"/reviews/{the_task(office, case, 'check_target').id}"


def test_this_years_target_is_laid_beside_the_one_that_held_last_year(office: Office, person: Seats) -> None:
    former = project_at(office, "approved")
    address = _this_year(office, former)
    judge = person("赵主管")
    seen = judge.open(address)

    compared = judge.open(next(link for link in seen.links() if "with=last_year" in link))
    whole = judge.open(next(link for link in compared.links() if "changes=0" in link and "with=last_year" in link))

    assert "对照上年" in seen.text
    assert "现在只看改动" not in seen.text
    assert "现在只看改动（" in compared.text
    assert f"上年（{FISCAL_YEAR} 年度）：" in compared.text
    assert len(whole.page.xpath("//*[@id='paper']//*[@data-path]")) > 10
    assert f"/submissions/{office.versions(former, 'F02')[-1].id}" in seen.links()


def test_what_is_written_beside_last_year_is_decided_from_there(office: Office, person: Seats) -> None:
    address = _this_year(office, project_at(office, "approved"))
    judge = person("赵主管")

    refused = judge.send(judge.open(f"{address}?with=last_year").form("/decision"), ("word", "returned"))

    assert refused.status == 422
    assert "现在只看改动（" in refused.text


def test_last_year_is_offered_only_where_something_held_then(office: Office, person: Seats) -> None:
    address = _this_year(office, project_at(office, "check_target"))
    judge = person("赵主管")

    asked_for_all_the_same = judge.open(f"{address}?with=last_year")

    assert "对照上年" not in judge.open(address).text
    assert asked_for_all_the_same.status == 200
    assert "对照上年" not in asked_for_all_the_same.text


def test_how_far_a_total_score_is_from_last_years_is_said(office: Office, person: Seats) -> None:
    former = opened(office)
    office.reach(former, "self_evaluation.fill_self_evaluation", **SHORT)
    office.do(former, "fill_self_evaluation", changes=ALL_REACHED)
    while office.versions(former, "F06")[-1].state != "approved":
        office.go_on(former)
    case = opened(office)
    office.reach(case, "self_evaluation.check_self_evaluation", **SHORT)
    with office.transactions() as session:
        as_it_was, as_it_is = (session.get_one(Case, each) for each in (former, case))
        as_it_was.fiscal_year, as_it_was.name = as_it_is.fiscal_year - 1, as_it_is.name
    now, before = (office.versions(each, "F06")[-1].content["total_score"] for each in (case, former))

    seen = person("赵主管").open(f"/reviews/{the_task(office, case, 'check_self_evaluation').id}")

    assert Decimal(now) < Decimal(before)
    assert f"总分 {now}，上年 {before}，低 {Decimal(before) - Decimal(now)} 分。" in seen.text
