"""预算调整: what becomes of the fund lines when the amount changes (HX-06, HX-16)."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from engine.audit.verify import verify
from engine.cases import FundLine
from engine.commands.adjust_budget import adjust_budget
from engine.commands.correct_state import correct_state
from engine.commands.start_case import Line
from engine.moves.fund_lines import SplitRefused
from engine.queries.worklist import worklist
from engine.store import Database
from tests.office import Office

ONE = (Line("财政拨款", Decimal("100")),)
TWO = (Line("财政拨款", Decimal("60")), Line("财政拨款（经开区）", Decimal("40")))


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def _ask(office: Office, case_id: int, amount: Decimal, lines: dict[int, Decimal] | None = None) -> None:
    with office.transactions() as session:
        how = {"reason": "示例：年中压减", "by": office.bureau.division, "at": office.now, "kind": "cut"}
        adjust_budget(session, case_id, amount, lines=lines, **how)


def _cut_to(office: Office, case_id: int, amount: Decimal, lines: dict[int, Decimal] | None = None) -> None:
    _ask(office, case_id, amount, lines)
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case_id, step)


def _lines_of(office: Office, case_id: int) -> list[str]:
    with office.transactions() as session:
        kept = session.scalars(select(FundLine).where(FundLine.case_id == case_id).order_by(FundLine.line_no))
        return [str(line.amount_wan) for line in kept]


@pytest.mark.parametrize(
    ("lines", "told", "after"),
    [
        (ONE, None, ["80.000000"]),
        (TWO, {1: Decimal(30), 2: Decimal(50)}, ["30.000000", "50.000000"]),
        (TWO, {1: Decimal(80), 2: Decimal(0)}, ["80.000000", "0.000000"]),
    ],
)
def test_the_only_line_follows_the_amount_and_several_are_cut_as_it_was_said(office, lines, told, after):
    case_id = office.open_case(lines=lines)
    office.reach(case_id, "monitoring")
    _cut_to(office, case_id, Decimal("80"), told)

    assert office.case(case_id).amount_wan == Decimal("80")
    assert _lines_of(office, case_id) == after
    with office.transactions() as session:
        assert verify(session, "huaxi").breaks == ()


def test_until_the_new_target_is_approved_the_lines_stay(office: Office) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "monitoring")

    _ask(office, case_id, Decimal("80"), {1: Decimal(30), 2: Decimal(50)})

    assert _lines_of(office, case_id) == ["60.000000", "40.000000"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (None, "有2笔资金，金额变了，没有写明各笔改为多少"),
        ({1: Decimal(80)}, "“财政拨款（经开区）”没有写明改为多少"),
        ({1: Decimal(30), 2: Decimal(40)}, "各笔资金合计70万元，与金额80万元不一致"),
        ({1: Decimal(90), 2: Decimal(-10)}, "“财政拨款（经开区）”的金额应是不小于0的万元数"),
        ({1: Decimal(30), 2: Decimal(50), 3: Decimal(0)}, "没有第3笔资金"),
    ],
)
def test_a_split_that_does_not_make_the_amount_is_refused_and_says_what_is_wrong(office, told, why):
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "monitoring")

    with pytest.raises(SplitRefused, match=why):
        _ask(office, case_id, Decimal("80"), told)

    assert office.case(case_id).forms.adjustment is None


def test_money_that_only_moves_between_projects_leaves_lines_that_make_the_amount_already(office: Office) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "monitoring")

    _cut_to(office, case_id, Decimal("100"))

    assert _lines_of(office, case_id) == ["60.000000", "40.000000"]


def test_an_adjustment_of_an_earlier_release_is_cut_in_proportion_for_nobody_was_asked(office: Office) -> None:
    case_id = office.open_case(lines=(Line("甲", Decimal("1")), Line("乙", Decimal("1")), Line("丙", Decimal("1"))))
    office.reach(case_id, "monitoring")
    _ask(office, case_id, Decimal("1"), {1: Decimal(1), 2: Decimal(0), 3: Decimal(0)})
    with office.transactions() as session:
        session.execute(text("UPDATE cases SET forms = forms #- '{adjustment,lines}'"))

    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case_id, step)

    assert _lines_of(office, case_id) == ["0.333333", "0.333333", "0.333334"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE fund_lines SET amount_wan = 61 WHERE line_no = 1",
        "UPDATE cases SET amount_wan = 101",
        (
            "INSERT INTO fund_lines (case_id, line_no, jurisdiction, name, amount_wan) "
            "SELECT id, 3, jurisdiction, '示例', 5 FROM cases"
        ),
    ],
)
def test_the_database_lets_nobody_leave_lines_that_do_not_make_the_amount(office: Office, change: str) -> None:
    case_id = office.open_case(lines=TWO)

    with pytest.raises(IntegrityError, match="lines_make_the_amount"), office.transactions() as session:
        session.execute(text(change))

    assert _lines_of(office, case_id) == ["60.000000", "40.000000"]


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


def _put_at(office: Office, case_id: int, process: str, element: str) -> None:
    bureau = office.bureau
    how = {"reason": "示例：误办", "second": bureau.second_officer, "by": bureau.office, "at": office.now}
    with office.transactions() as session:
        correct_state(session, case_id, process, element, **how)


def test_an_adjustment_a_correction_leaves_behind_is_dropped_with_its_amount_and_the_next_may_begin(
    office: Office,
) -> None:
    case_id = office.open_case(lines=ONE)
    office.reach(case_id, "monitoring")
    _ask(office, case_id, Decimal("80"))

    _put_at(office, case_id, "case", "annual_cycle")
    office.reach(case_id, "monitoring")
    _cut_to(office, case_id, Decimal("70"))

    assert office.case(case_id).amount_wan == Decimal("70")


def test_an_adjustment_goes_on_when_something_else_of_the_case_is_put_right(office: Office) -> None:
    case_id = office.open_case(lines=ONE)
    office.reach(case_id, "monitoring")
    _ask(office, case_id, Decimal("80"))

    _put_at(office, case_id, "budget_adjustment", "confirm_adjusted_target")
    kept = office.case(case_id).forms.adjustment

    assert kept is not None
    assert kept.amount_wan == Decimal("80")


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
