"""预算调整: what becomes of the fund lines when the amount changes (HX-06, HX-16)."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.audit.verify import verify
from engine.cases import FundLine
from engine.commands.adjust_budget import adjust_budget
from engine.commands.start_case import Line
from engine.queries.worklist import worklist
from engine.store import Database
from tests.office import Office

ONE = (Line("财政拨款", Decimal("100")),)
TWO = (Line("财政拨款", Decimal("60")), Line("财政拨款（经开区）", Decimal("40")))


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def _cut_to(office: Office, case_id: int, amount: Decimal) -> None:
    with office.transactions() as session:
        how = {"reason": "示例：年中压减", "by": office.bureau.division, "at": office.now, "kind": "cut"}
        adjust_budget(session, case_id, amount, **how)
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case_id, step)


def _lines_of(office: Office, case_id: int) -> list[str]:
    with office.transactions() as session:
        kept = session.scalars(select(FundLine).where(FundLine.case_id == case_id).order_by(FundLine.line_no))
        return [str(line.amount_wan) for line in kept]


@pytest.mark.parametrize(("lines", "after"), [(ONE, ["80.000000"]), (TWO, ["60.000000", "40.000000"])])
def test_the_only_line_follows_the_amount_and_several_lines_stay_as_they_were(office, lines, after):
    case_id = office.open_case(lines=lines)
    office.reach(case_id, "monitoring")
    _cut_to(office, case_id, Decimal("80"))

    assert office.case(case_id).amount_wan == Decimal("80")
    assert _lines_of(office, case_id) == after
    with office.transactions() as session:
        assert verify(session, "huaxi").breaks == ()


def test_the_line_and_the_tasks_of_another_case_stay_as_they_were(office: Office) -> None:
    adjusted, other = (office.open_case(code=f"示例-{number}", lines=ONE) for number in (1, 2))
    for case_id in (adjusted, other):
        office.reach(case_id, "monitoring.fill_monitoring")

    _cut_to(office, adjusted, Decimal("80"))

    assert [_lines_of(office, case_id) for case_id in (adjusted, other)] == [["80.000000"], ["100.000000"]]
    assert [{task.amount_wan for task in office.tasks(case_id)} for case_id in (adjusted, other)] == [{80}, {100}]


def test_a_budget_may_be_taken_away_as_a_whole(office: Office) -> None:
    case_id = office.open_case(lines=ONE)
    office.reach(case_id, "monitoring")

    with office.transactions() as session:
        how = {"reason": "示例：项目停止", "by": office.bureau.division, "at": office.now, "kind": "cut"}
        adjust_budget(session, case_id, Decimal(0), **how)

    (entry,) = office.journal(case_id, "budget.adjusted")
    assert Decimal(entry.payload["to_wan"]) == 0


def test_once_the_adjustment_is_approved_the_work_list_orders_by_the_new_amount(office: Office) -> None:
    cases = [office.open_case(code=f"示例-{amount}", amount_wan=amount) for amount in ("300", "200", "100")]
    for case_id in cases:
        office.reach(case_id, "monitoring.fill_monitoring")
    with office.transactions() as session:
        how = {"reason": "示例：年中压减", "by": office.bureau.division, "at": office.now, "kind": "cut"}
        adjust_budget(session, cases[0], Decimal("150"), **how)
    for step in ("fill_adjusted_target", "confirm_adjusted_target"):
        office.do(cases[0], step)
    before = _listed(office)

    office.do(cases[0], "review_adjusted_target")

    assert before == [(cases[0], "300"), (cases[1], "200"), (cases[2], "100")]
    assert _listed(office) == [(cases[1], "200"), (cases[0], "150"), (cases[2], "100")]


def _listed(office: Office) -> list[tuple[int, str]]:
    """The monitoring sheets on the unit's desk, the most pressing first, with their amounts in 万元."""
    with office.transactions() as session:
        page = worklist(session, office.bureau.clerk, on=office.today)
        return [(item.case_id, f"{item.amount_wan:.0f}") for item in page.items if item.element == "fill_monitoring"]
