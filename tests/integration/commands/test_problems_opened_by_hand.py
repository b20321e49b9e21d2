"""A problem nobody wrote a letter about: opened by hand, reported on by the unit, struck off by somebody else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.cancel import cancel
from engine.commands.settle_rectification import NotReported
from engine.directory import NotYourOffice, NotYourUnit, Unit
from engine.moves.rectifying import RectificationRefused
from engine.rectifications import RectificationNotOpen
from engine.reviews import OwnSubmission, ReasonMissing
from engine.store import Database
from engine.words import Role
from tests.factories import Bureau, person_in
from tests.integration.commands.problems import AUDIT, DONE, ledger, opened, report, settle
from tests.journeys import LETTER_DAY, begin


def test_a_problem_found_by_the_audit_is_opened_reported_and_struck_off(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    row_id = opened(journey)

    report(journey, row_id)
    settle(journey, row_id)

    row = ledger(journey)["另立-1"]
    assert (row.state, row.rules_improved, row.verified_by) == ("closed", 1, bureau.office.person_id)
    types = ("rectification.opened", "rectification.reported", "rectification.closed")
    assert [entry.type for entry in journey.journal(*types)] == list(types)


def test_problems_opened_by_hand_are_numbered_within_their_case(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    opened(journey)
    opened(journey)

    assert sorted(ledger(journey)) == ["另立-1", "另立-2"]


def test_opening_a_problem_twice_under_one_key_opens_it_once(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)

    assert opened(journey, key="k") == opened(journey, key="k")


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "key_evaluation"},
        {"problem": " "},
        {"problem": "\u200b"},
        {"requirement": ""},
        {"due_on": date(2022, 10, 11)},
        {"amount_wan": Decimal("NaN")},
        {"amount_wan": Decimal("-0.01")},
        {"amount_wan": Decimal("1e12")},
        {"amount_wan": Decimal("0.0000001")},
    ],
)
def test_a_problem_badly_described_is_not_opened(database: Database, bureau: Bureau, changes: dict[str, Any]) -> None:
    with pytest.raises(RectificationRefused, match="没有立项"):
        opened(begin(database, bureau), replace(AUDIT, **changes))


@pytest.mark.parametrize(
    "changes",
    [{"responsible_person": ""}, {"measures": " "}, {"evidence": ()}, {"evidence": ("",)}, {"evidence": ("\u3000",)}],
)
def test_a_report_without_a_name_measures_or_evidence_is_refused(
    database: Database, bureau: Bureau, changes: dict[str, Any]
) -> None:
    journey = begin(database, bureau)

    with pytest.raises(RectificationRefused, match="责任人和措施，并附佐证"):
        report(journey, opened(journey), replace(DONE, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"recovered_wan": Decimal("Infinity")},
        {"recovered_wan": Decimal(-1)},
        {"recovered_wan": Decimal("1.2345678")},
        {"rules_improved": -1},
        {"rules_improved": 2**31},
    ],
)
def test_a_report_with_figures_no_row_can_keep_is_refused(
    database: Database, bureau: Bureau, changes: dict[str, Any]
) -> None:
    journey = begin(database, bureau)

    with pytest.raises(RectificationRefused, match="没有报送。请核对"):
        report(journey, opened(journey), replace(DONE, **changes))


def test_a_problem_nobody_reported_on_is_not_verified(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)

    with pytest.raises(NotReported):
        settle(journey, opened(journey))


def test_a_report_sent_back_needs_a_reason_and_counts_a_round(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    row_id = opened(journey)
    report(journey, row_id)
    with pytest.raises(ReasonMissing):
        settle(journey, row_id, accepted=False)

    settle(journey, row_id, accepted=False, reason="示例：照片看不清")

    assert (ledger(journey)["另立-1"].state, ledger(journey)["另立-1"].rounds) == ("returned", 1)


def test_a_problem_struck_off_stays_struck_off(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    row_id = opened(journey)
    report(journey, row_id)
    settle(journey, row_id)

    for act in (report, settle):
        with pytest.raises(RectificationNotOpen, match="已经销号"):
            act(journey, row_id)


def test_only_the_unit_itself_reports(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    row_id = opened(journey)
    with database.transaction("huaxi") as session:
        stranger = person_in(session, session.get_one(Unit, bureau.agency_id), "示例外人", Role.UNIT_CLERK)

    with pytest.raises(NotYourUnit):
        report(journey, row_id, by=stranger)
    with pytest.raises(NotYourOffice):
        report(journey, row_id, by=bureau.office)


def test_who_reported_does_not_verify_not_even_after_moving_to_finance(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    row_id = opened(journey)
    report(journey, row_id)

    with pytest.raises(OwnSubmission):
        settle(journey, row_id, by=replace(bureau.office, person_id=bureau.clerk.person_id))


def test_a_closed_case_can_still_be_given_a_problem_by_the_audit(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    with database.transaction("huaxi") as session:
        cancel(session, journey.case_id, reason="示例：项目取消", by=bureau.office, at=LETTER_DAY)

    opened(journey)

    assert ledger(journey)["另立-1"].state == "open"
