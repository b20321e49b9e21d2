"""核定金额: what may be named with a step, what is said of it before, and what follows (GZ-10, GZ-11, HX-02)."""

from contextlib import suppress
from decimal import Decimal
from itertools import chain, count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.audit.verify import verify
from engine.commands.adjust_budget import adjust_budget
from engine.commands.correct_request import correct_request
from engine.commands.start_case import Line
from engine.errors import EngineError
from engine.moves.amounts import AmountRefused
from engine.moves.asking import OpenQuestion, moves_open_to
from engine.moves.fund_lines import lines_of
from engine.moves.requests import RequestDecided
from engine.store import Database
from tests.integration.desk import SHORT
from tests.office import Office

CONCLUSION = {"ex_ante_verdict": "needed", "entry_review_verdict": "yes"}
TWO = (Line("财政拨款", Decimal("60")), Line("财政拨款（经开区）", Decimal("40")))


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def _asked(office: Office, case_id: int) -> dict[str, OpenQuestion]:
    """Word → the question for the amount, of the one open step."""
    (task,) = office.tasks(case_id)
    by = next(actor for actor in office.bureau.everybody() if task.role in actor.roles)
    with office.transactions() as session:
        moves = moves_open_to(session, task.id, by, at=office.now)
    return {move.word: each for move in moves for each in move.questions if each.about is not None}


def test_the_conclusion_is_told_what_the_report_suggests_and_decides_itself(office: Office) -> None:
    case_id = office.open_case(amount_wan="361", project_nature="new")
    office.reach(case_id, "ex_ante_assessment.fill_ex_ante", **CONCLUSION)
    office.do(case_id, "fill_ex_ante", changes={"suggested_wan": "320.5"})
    office.reach(case_id, "ex_ante_assessment.conclude_ex_ante", **CONCLUSION)
    about = _asked(office, case_id)["decided"].about

    office.do(case_id, "conclude_ex_ante", ex_ante_conclusion="conditional", approved_wan="300", reason="示例：压减")

    assert about is not None
    assert (about.now_wan, about.proposed_wan, about.lines) == (361, Decimal("320.5"), ())
    assert office.case(case_id).amount_wan == 300
    (entry,) = office.journal(case_id, "amount.settled")
    assert (entry.payload["from_wan"], entry.payload["amount_wan"]) == ("361", "300")
    assert entry.payload["reason"] == "示例：压减"


def test_the_amount_may_be_named_on_the_way_forward_and_back_and_is_no_routing_variable(office: Office) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.approve_budget")

    asked = _asked(office, case_id)
    office.do(
        case_id, "approve_budget", "returned", reason="示例：财力不足",
        approved_wan={"wan": "80", "lines": {"1": "50", "2": "30"}},
    )  # fmt: skip

    assert sorted(asked) == ["decided", "returned"]
    assert asked["returned"].about is not None
    assert [name for _, name, _ in asked["returned"].about.lines] == ["财政拨款", "财政拨款（经开区）"]
    (entry,) = office.journal(case_id, "submission.returned")
    assert "approved_wan" not in entry.payload.get("answers", {})
    with office.transactions() as session:
        assert [row.amount_wan for row in lines_of(session, case_id)] == [50, 30]
        assert verify(session, "huaxi").breaks == ()
    assert {task.amount_wan for task in office.tasks(case_id)} == {80}


def test_the_same_amount_named_is_kept_and_moves_nothing(office: Office) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.approve_budget")

    office.do(
        case_id, "approve_budget", approved_wan={"wan": "100.00", "lines": {"1": "", "2": ""}}, reason="示例：同意"
    )

    (entry,) = office.journal(case_id, "amount.settled")
    assert (entry.payload["from_wan"], entry.payload["amount_wan"]) == ("100", "100")
    assert office.case(case_id).forms.target is not None


@pytest.mark.parametrize("nothing", ["", None, {"wan": "", "lines": {"1": "", "2": ""}}, {}])
def test_nothing_typed_is_as_asked_for_and_leaves_no_trace(office: Office, nothing: Any) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.approve_budget")

    office.do(case_id, "approve_budget", approved_wan=nothing)

    assert office.journal(case_id, "amount.settled") == []
    assert office.case(case_id).forms.target is not None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("约八十", "读不出金额"),
        (80, "读不出金额"),
        ("-80", "不小于0"),
        ("80.0000001", "最多六位小数"),
        ({"wan": "", "lines": {"1": "50"}}, "没有填写"),
        ({"wan": "80", "lines": {"1": "50", "2": "五"}}, "读不出金额"),
        ({"wan": "80", "lines": {"甲": "80"}}, "按编号写明"),
        ({"wan": "80", "lines": {"1": "50"}}, "没有写明改为多少"),
        ({"wan": "80", "lines": {"1": "50", "2": "40"}}, "合计90万元，与金额80万元不一致"),
        ({"wan": ["80"]}, "读不出金额"),
    ],
)
def test_what_is_no_amount_or_no_split_is_refused_with_a_sentence(office: Office, typed: Any, why: str) -> None:
    case_id = office.open_case(lines=TWO)
    office.reach(case_id, "target_filing.approve_budget")

    with pytest.raises(EngineError, match=why):
        office.do(case_id, "approve_budget", "returned", approved_wan=typed, reason="示例：财力不足")

    assert office.case(case_id).amount_wan == 100


# ── in any order ─────────────────────────────────────────────────────────────────────────────────────────────────────

SHARES = st.tuples(st.integers(0, 4000), st.integers(0, 4000)).map(lambda pair: [Decimal(part) / 16 for part in pair])
CHANGES = st.lists(st.tuples(st.sampled_from(("correct", "settle", "adjust")), SHARES), max_size=2)


@pytest.fixture(scope="module")
def bureau(shared_database: Database) -> Office:
    return Office.opened(shared_database)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.tuples(CHANGES, CHANGES, CHANGES))
def test_after_corrections_settlements_and_adjustments_in_any_order_the_lines_make_the_amount(
    bureau: Office, changes: tuple[list[tuple[str, list[Decimal]]], ...]
) -> None:
    case_id = bureau.open_case(code=f"任意-{next(CODES)}", lines=TWO)
    for place, here in zip(("fill_target", "check_target", "approve_budget"), changes, strict=True):
        bureau.reach(case_id, f"target_filing.{place}", **SHORT)
        for kind, shares in here:
            with suppress(RequestDecided, AmountRefused):
                if kind == "correct":
                    _correct(bureau, case_id, shares)
                elif kind == "settle" and place == "approve_budget":
                    _send_back_at(bureau, case_id, shares)
            _must_make_the_amount(bureau, case_id)
    bureau.reach(case_id, "monitoring", **SHORT)
    for kind, shares in chain(*changes):
        if kind == "adjust":
            _adjust(bureau, case_id, shares)
            _must_make_the_amount(bureau, case_id)


CODES = count(1)


def _must_make_the_amount(office: Office, case_id: int) -> None:
    with office.transactions() as session:
        lines = [row.amount_wan for row in lines_of(session, case_id)]
    assert sum(lines) == office.case(case_id).amount_wan


def _by_number(shares: list[Decimal]) -> dict[int, Decimal]:
    return dict(enumerate(shares, start=1))


def _correct(office: Office, case_id: int, shares: list[Decimal]) -> None:
    with office.transactions() as session:
        how = {"reason": "示例：写错", "by": office.bureau.clerk, "at": office.now}
        correct_request(session, case_id, sum(shares, Decimal(0)), lines=_by_number(shares), **how)
    if "target_filing.check_target" in office.open_steps(case_id):
        office.do(case_id, "check_target", "returned")
        office.reach(case_id, "target_filing.check_target", **SHORT)


def _send_back_at(office: Office, case_id: int, shares: list[Decimal]) -> None:
    lines = {str(number): f"{share:f}" for number, share in _by_number(shares).items()}
    named = {"wan": f"{sum(shares, Decimal(0)):f}", "lines": lines}
    office.do(case_id, "approve_budget", "returned", reason="示例：财力不足", approved_wan=named)
    office.reach(case_id, "target_filing.approve_budget", **SHORT)


def _adjust(office: Office, case_id: int, shares: list[Decimal]) -> None:
    with office.transactions() as session:
        how = {"reason": "示例：年中压减", "by": office.bureau.division, "at": office.now, "kind": "cut"}
        adjust_budget(session, case_id, sum(shares, Decimal(0)), lines=_by_number(shares), **how)
    for step in ("fill_adjusted_target", "confirm_adjusted_target", "review_adjusted_target"):
        office.do(case_id, step)
