"""另立案卷: an object whose case ended without a result begins anew in the same year; each case names the other."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.cases import Case
from engine.commands.cancel import cancel
from engine.commands.start_case import CaseExists
from engine.moves.spending import department_progress
from engine.queries.case_links import Link, LinkedCase, case_links
from engine.queries.last_year import rows_of_last_year
from engine.queries.year_amounts import year_amounts
from engine.store import Database
from engine.words import CaseKind
from tests.integration.desk import SHORT
from tests.office import FISCAL_YEAR, Office

CODE = "示例-另立"


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def _cancelled(office: Office, case_id: int) -> None:
    with office.transactions() as session:
        cancel(session, case_id, reason="示例：项目撤销", by=office.bureau.office, at=office.now)


def _not_supported(office: Office, case_id: int) -> None:
    office.reach(case_id, "ex_ante_assessment.conclude_ex_ante", ex_ante_verdict="needed")
    office.do(case_id, "conclude_ex_ante", ex_ante_conclusion="reject")
    office.do(case_id, "sign_refusal")


def _not_admitted(office: Office, case_id: int) -> None:
    office.reach(case_id, "ex_ante_assessment.review_entry", ex_ante_verdict="exempt", entry_review_verdict="yes")
    office.do(case_id, "review_entry", library_entry="refused")


def _not_arranged(office: Office, case_id: int) -> None:
    office.reach(case_id, "target_filing.approve_budget", **SHORT)
    office.do(case_id, "approve_budget", target_result="not_arranged")


def _links(office: Office, case_id: int) -> list[tuple[int, Link]]:
    with office.transactions() as session:
        return [(each.case_id, each.link) for each in case_links(session, office.bureau.office, case_id)]


@pytest.mark.parametrize("end", [_cancelled, _not_supported, _not_admitted, _not_arranged])
def test_after_a_case_without_a_result_another_begins_and_names_it(
    office: Office, end: Callable[[Office, int], None]
) -> None:
    first = office.open_case(code=CODE)
    end(office, first)

    second = office.open_case(code=CODE)

    assert (office.case(first).without_result, office.case(second).predecessor_id) == (True, first)
    assert _links(office, first) == [(second, Link.AFTER)]
    assert _links(office, second) == [(first, Link.BEFORE)]
    (begun,) = office.journal(second, "case.started")
    assert begun.payload["predecessor"] == first


def test_a_case_at_work_or_with_a_result_keeps_its_object(office: Office) -> None:
    at_work = office.open_case(code=CODE)
    done = office.open_case(code="示例-办结")
    office.finish(done, **SHORT)

    for code in (CODE, "示例-办结"):
        with pytest.raises(CaseExists, match="才能另立"):
            office.open_case(code=code)

    assert [office.case(each).without_result for each in (at_work, done)] == [False, False]


def test_a_third_case_names_the_second(office: Office) -> None:
    cases = []
    for _ in range(3):
        cases.append(office.open_case(code=CODE))
        _cancelled(office, cases[-1])

    assert [office.case(each).predecessor_id for each in cases] == [None, cases[0], cases[1]]


def test_a_policy_has_its_annual_case_beside_the_one_about_its_end(office: Office) -> None:
    annual = office.open_case(CaseKind.POLICY, CODE)
    ending = office.open_case(CaseKind.POLICY, CODE, policy_ends_on="2021-12-31")

    assert [office.case(each).process for each in (annual, ending)] == ["case", "policy_expiry"]
    assert _links(office, annual) == [(ending, Link.BESIDE)]
    assert _links(office, ending) == [(annual, Link.BESIDE)]
    with pytest.raises(CaseExists):
        office.open_case(CaseKind.POLICY, CODE, policy_ends_on="2021-12-31")


def test_an_object_of_another_kind_or_year_is_another_object(office: Office) -> None:
    first = office.open_case(code=CODE)
    _cancelled(office, first)

    policy = office.open_case(CaseKind.POLICY, CODE)
    next_year = office.open_case(code=CODE, fiscal_year=FISCAL_YEAR + 1)

    assert [office.case(each).predecessor_id for each in (policy, next_year)] == [None, None]


def test_what_was_asked_for_twice_counts_once(office: Office) -> None:
    first = office.open_case(code=CODE, amount_wan="300")
    _not_arranged(office, first)
    office.open_case(code=CODE, amount_wan="200")

    with office.transactions() as session:
        objects = year_amounts(session, office.bureau.office, FISCAL_YEAR).objects

    assert [each.asked_wan for each in objects] == [200]


def test_the_money_of_a_policy_with_two_cases_is_that_of_its_annual_one(office: Office) -> None:
    annual = office.open_case(CaseKind.POLICY, CODE)
    office.open_case(CaseKind.POLICY, CODE, policy_ends_on="2021-12-31")

    with office.transactions() as session:
        progress = department_progress(session, session.get_one(Case, annual), office.today)

    assert (progress.projects, progress.without) == (1, 1)


def test_next_year_the_papers_of_the_annual_case_are_those_of_the_year_before(office: Office) -> None:
    annual = office.open_case(CaseKind.POLICY, CODE)
    office.reach(annual, "monitoring", **SHORT)
    office.open_case(CaseKind.POLICY, CODE, policy_ends_on="2021-12-31")
    now = office.open_case(CaseKind.POLICY, CODE, fiscal_year=FISCAL_YEAR + 1)

    with office.transactions() as session:
        rows = rows_of_last_year(session, office.bureau.clerk, now)

    assert rows


def test_a_case_of_another_unit_is_not_told_of(office: Office) -> None:
    first = office.open_case(code=CODE)
    _cancelled(office, first)
    second = office.open_case(code=CODE)
    stranger = replace(office.bureau.agency, unit_id=office.bureau.agency_id)

    with office.transactions() as session:
        session.get_one(Case, first).agency_id = None
        session.flush()
        links: tuple[LinkedCase, ...] = case_links(session, stranger, second)
        session.rollback()

    assert links == ()
