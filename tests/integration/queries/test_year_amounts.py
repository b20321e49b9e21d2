"""核减: the amounts of a year, each and in sum, computed by hand (GZ-10)."""

from decimal import Decimal

import pytest

from engine.commands.adjust_budget import adjust_budget
from engine.commands.cancel import cancel
from engine.commands.correct_request import correct_request
from engine.directory import NotYourOffice
from engine.queries.case_amounts import case_amounts
from engine.queries.year_amounts import YearAmounts, year_amounts
from engine.scoring import Reduction
from engine.store import Database
from engine.words import CaseKind
from tests.integration.desk import SHORT
from tests.office import FISCAL_YEAR, Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def _project(office: Office, code: str, asked: str, settled: str | None = None) -> int:
    """A project whose budget is approved, cut on its way where `settled` says so."""
    case_id = office.open_case(code=code, amount_wan=asked)
    office.reach(case_id, "target_filing.approve_budget", **SHORT)
    if settled is not None:
        office.do(case_id, "approve_budget", "returned", approved_wan=settled, reason="示例：财力不足")
    office.reach(case_id, "monitoring", **SHORT)
    return case_id


def _year(office: Office, most: int | None = None) -> YearAmounts:
    with office.transactions() as session:
        return year_amounts(session, office.bureau.office, FISCAL_YEAR, most=most)


def test_what_was_cut_is_told_each_and_in_sum_from_unrounded_amounts(office: Office) -> None:
    little, much, whole = (
        _project(office, "甲", "30.63", "30.13"), _project(office, "乙", "60", "24.65"), _project(office, "丙", "100"),
    )  # fmt: skip
    waiting = office.open_case(code="丁", amount_wan="500")

    found = _year(office)

    assert [each.case_id for each in found.objects] == [much, little, whole, waiting]
    assert [each.cut for each in found.objects] == [
        Reduction(Decimal("35.35"), Decimal("58.92")), Reduction(Decimal("0.5"), Decimal("1.63")),
        Reduction(Decimal(0), Decimal(0)), None,
    ]  # fmt: skip
    assert (found.settled, found.less, found.unknown) == (3, 2, 0)
    assert (found.asked_wan, found.settled_wan) == (Decimal("190.63"), Decimal("154.78"))
    assert found.cut == Reduction(Decimal("35.85"), Decimal("18.81"))


def test_a_corrected_request_is_what_was_asked_for_and_an_adjustment_is_no_cut(office: Office) -> None:
    case_id = office.open_case(code="甲", amount_wan="100")
    with office.transactions() as session:
        correct_request(session, case_id, Decimal(90), reason="示例：写错", by=office.bureau.clerk, at=office.now)
    office.reach(case_id, "monitoring", **SHORT)
    with office.transactions() as session:
        how = {"reason": "示例：年中压减", "kind": "cut", "by": office.bureau.division, "at": office.now}
        adjust_budget(session, case_id, Decimal(70), **how)
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case_id, step)

    (found,) = _year(office).objects

    assert (found.asked_wan, found.settled_wan, found.now_wan) == (90, 90, 70)
    assert found.cut == Reduction(Decimal(0), Decimal(0))


def test_whole_departments_and_cancelled_cases_are_not_counted_and_the_rest_may_be_cut_short(office: Office) -> None:
    office.open_case(CaseKind.WHOLE_DEPARTMENT, code="整体")
    gone, first, _ = (office.open_case(code=code) for code in ("1", "2", "3"))
    with office.transactions() as session:
        cancel(session, gone, reason="示例：撤销", by=office.bureau.office, at=office.now)

    assert len(_year(office).objects) == 2
    assert [each.case_id for each in _year(office, most=1).objects] == [first]
    assert _year(office).cut is None


def test_what_was_cut_and_then_not_arranged_is_not_counted_and_what_is_over_still_is(office: Office) -> None:
    way = {"ex_ante_verdict": "exempt", "entry_review_verdict": "yes"}
    turned_down, over = (office.open_case(code=code, amount_wan="100") for code in ("1", "2"))
    for case_id in (turned_down, over):
        office.reach(case_id, "ex_ante_assessment.review_entry", **way)
        office.do(case_id, "review_entry", library_entry="admitted", approved_wan="60", reason="示例：测算偏高")
        office.reach(case_id, "target_filing.approve_budget", **way)
    office.do(turned_down, "approve_budget", target_result="not_arranged")
    office.finish(over, **way)

    found = _year(office)

    assert {each.case_id: each.settled_wan for each in found.objects} == {over: Decimal(60), turned_down: None}
    assert (found.settled, found.asked_wan, found.settled_wan) == (1, 100, 60)


def test_a_unit_has_no_business_with_the_amounts_of_a_year(office: Office) -> None:
    with office.transactions() as session, pytest.raises(NotYourOffice):
        year_amounts(session, office.bureau.clerk, FISCAL_YEAR)


def test_the_row_of_a_case_tells_every_figure_with_who_said_it_why_and_what_was_cut(office: Office) -> None:
    way = {"ex_ante_verdict": "needed", "entry_review_verdict": "yes"}
    case_id = office.open_case(amount_wan="1000", project_nature="new")
    with office.transactions() as session:
        correct_request(session, case_id, Decimal(900), reason="示例：写错", by=office.bureau.clerk, at=office.now)
    office.reach(case_id, "ex_ante_assessment.fill_ex_ante", **way)
    office.do(case_id, "fill_ex_ante", changes={"suggested_wan": "700"})
    office.reach(case_id, "ex_ante_assessment.conclude_ex_ante", **way)
    office.do(case_id, "conclude_ex_ante", ex_ante_conclusion="support", approved_wan="600", reason="示例：设备")
    office.reach(case_id, "target_filing.approve_budget", **way)
    office.do(case_id, "approve_budget", "returned", approved_wan="450", reason="示例：财力")
    office.reach(case_id, "monitoring", **way)

    with office.transactions() as session:
        row = case_amounts(session, office.bureau.office, case_id)

    assert [(each.title, each.wan) for each in row] == [
        ("申报", 1000), ("更正", 900), ("建议", 700), ("评审", 600), ("核定", 450), ("批复", 450),
    ]  # fmt: skip
    assert [(each.cut_wan, each.cut_percent) for each in row[3:5]] == [
        (300, Decimal("33.33")), (150, Decimal("25.00")),
    ]  # fmt: skip
    assert [each.reason for each in row] == [None, "示例：写错", None, "示例：设备", "示例：财力", None]
    assert row[3].by == office.bureau.office.name
