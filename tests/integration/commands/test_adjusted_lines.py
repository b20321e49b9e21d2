"""预算调整: what becomes of the fund lines when the amount changes (HX-06, HX-16)."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.cases import FundLine
from engine.commands.adjust_budget import adjust_budget
from engine.commands.start_case import Line
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


@pytest.mark.parametrize(("lines", "after"), [(ONE, ["80.000000"]), (TWO, ["60.000000", "40.000000"])])
def test_the_only_line_follows_the_amount_and_several_lines_stay_as_they_were(office, lines, after):
    case_id = office.open_case(lines=lines)
    office.reach(case_id, "monitoring")
    _cut_to(office, case_id, Decimal("80"))

    with office.transactions() as session:
        kept = session.scalars(select(FundLine).where(FundLine.case_id == case_id).order_by(FundLine.line_no))
        amounts = [str(line.amount_wan) for line in kept]

    assert office.case(case_id).amount_wan == Decimal("80")
    assert amounts == after
