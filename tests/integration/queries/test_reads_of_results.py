"""What the pages of letters, rectification, result use and publication ask of a bureau that has had a year."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.commands.open_rectification import open_rectification
from engine.commands.report_rectification import report_rectification
from engine.commands.settle_rectification import settle_rectification
from engine.errors import NotFound
from engine.moves.rectifying import Done, Found
from engine.queries.letter_card import letter_card
from engine.queries.letters import LetterFilters, letters
from engine.queries.open_steps import open_steps
from engine.queries.publication_board import BoardFilters, BoardLine, publication_board
from engine.queries.rectification_card import RectificationCard, rectification_card
from engine.queries.rectification_ledger import LedgerFilters, ledger_counts, rectification_ledger
from engine.queries.result_applications import Application, ApplicationFilters, result_applications
from engine.store import Database
from engine.words import CaseKind
from tests.integration.queries.a_year import Year, a_year
from tests.integration.queries.plans import asked_by
from tests.office import FISCAL_YEAR, Office

BUDGET_YEAR = FISCAL_YEAR + 2


@pytest.fixture(scope="module")
def year(shared_database: Database) -> Year:
    return a_year(shared_database)


def ask(office: Office, read: Any) -> Any:
    with office.transactions() as session:
        return read(session, office.bureau.office)


# ── letters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_tells_what_it_says_who_issued_it_and_which_days_ran(year: Year) -> None:
    (line,) = year.ask(lambda s, a: letters(s, a)).lines
    card = year.ask(lambda s, a: letter_card(s, a, line.id))

    assert (card.line.state, card.former, card.later) == ("signed", None, None)
    assert (card.issuer, card.place) == ("示例财政局", 1)
    assert card.issued_by in ("王绩效", "周绩效")
    assert card.content["doc_number"] == line.number
    assert set(card.advice) == {problem["id"] for problem in card.content["problems"]}
    assert {day.name for day in card.days} >= {"feedback.sign", "feedback.objection"}
    assert [(answer.said, answer.by) for answer in card.answers] == [("没有异议", "张负责")]


def test_letters_are_found_by_state_unit_and_words(year: Year) -> None:
    def found(**filters: Any) -> int:
        return len(year.ask(lambda s, a: letters(s, a, filters=LetterFilters(**filters))).lines)

    assert (found(state="signed"), found(state="waiting"), found(state="replaced")) == (1, 0, 0)
    assert (found(text="示例单位甲"), found(text="做完"), found(text="没有这样的")) == (1, 1, 0)


def test_a_letter_nobody_may_see_is_not_there(year: Year) -> None:
    with pytest.raises(NotFound, match="没有这份反馈意见函"):
        year.ask(lambda s, a: letter_card(s, a, 987654321))


def test_an_objection_that_holds_leaves_both_letters_side_by_side(database: Database) -> None:
    office = Office.opened(database)
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback", selected=True)
    waiting = ask(office, lambda s, a: letters(s, a)).lines[0].state
    office.do(case, "sign_feedback")
    office.do(case, "answer_feedback", objection="raised", reason="示例：得分有误")
    office.do(case, "review_objection", objection_result="upheld", reason="示例：经核实成立")
    office.reach(case, "rectification", doc_number="示例财绩〔2022〕更1号")

    second, first = ask(office, lambda s, a: letters(s, a)).lines
    card = ask(office, lambda s, a: letter_card(s, a, second.id))
    replaced = ask(
        office, lambda s, a: rectification_ledger(s, a, on=office.today, filters=LedgerFilters(state="replaced"))
    )
    old = ask(office, lambda s, a: rectification_card(s, a, replaced.lines[0].id, on=office.today))

    assert (waiting, first.state, second.state) == ("waiting", "replaced", "signed")
    assert (card.former, card.later) == (first, None)
    assert [answer.said for answer in card.answers] == ["没有异议"]
    assert [(answer.said, answer.reason) for answer in card.grounds] == [
        ("提出异议", "示例：得分有误"),
        ("异议成立", "示例：经核实成立"),
    ]
    assert [day.name for day in card.days] == ["feedback.sign", "feedback.objection"]
    assert (first.problems, second.problems) == (2, 2)
    assert old.letter_id == first.id
    assert [deed.title for deed in old.deeds] == ["整改立项", "整改事项随原函作废"]


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_problem_of_a_letter_tells_what_was_done_and_shown(year: Year) -> None:
    line = year.ask(lambda s, a: rectification_ledger(s, a, on=year.today)).lines[0]
    card: RectificationCard = year.ask(lambda s, a: rectification_card(s, a, line.id, on=year.today))

    assert not card.is_by_hand
    assert (card.awaits_report, card.awaits_verdict) == (False, False)
    assert card.measures
    assert card.evidence
    assert card.report is not None
    assert card.letter_id == year.ask(lambda s, a: letters(s, a)).lines[0].id
    assert [deed.title for deed in card.deeds] == ["整改立项", "报送整改情况", "整改销号"]


def test_a_problem_found_by_the_audit_is_worked_on_here(database: Database) -> None:
    office = Office.opened(database)
    case = office.open_case()
    found = Found(
        "audit", "rules", "示例：未建台账", "示例：建立台账", office.today + timedelta(days=30), Decimal("1.5")
    )
    with office.transactions() as session:
        row = open_rectification(session, case, found, by=office.bureau.office, at=office.now).gave["rectification"]
    opened = ask(office, lambda s, a: rectification_card(s, a, row, on=office.today))
    counted = ask(office, lambda s, a: ledger_counts(s, a, on=office.today))
    with office.transactions() as session:
        done = Done("李经办", "示例：已建台账", ("示例：台账照片",), 1, Decimal("0.5"))
        report_rectification(session, row, done, by=office.bureau.clerk, at=office.now)
    reported = ask(office, lambda s, a: rectification_card(s, a, row, on=office.today))
    with office.transactions() as session:
        settle_rectification(session, row, by=office.bureau.office, at=office.now)
    counts = ask(office, lambda s, a: ledger_counts(s, a, on=office.today))

    assert opened.awaits_report
    assert (counted.untouched, counted.total) == (1, 1)
    assert reported.awaits_verdict
    assert (reported.measures, reported.evidence) == ("示例：已建台账", ("示例：台账照片",))
    assert office.bureau.clerk.person_id in reported.reporters
    assert (counts.on_time, counts.dated, counts.rules_improved, counts.recovered_wan) == (1, 1, 1, Decimal("0.5"))
    assert (counts.on_time_rate, counted.on_time_rate, counted.under_way) == (Decimal("100.00"), None, 0)


# ── result use ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_a_budget_has_only_what_is_for_it(year: Year) -> None:
    (this,) = year.ask(lambda s, a: result_applications(s, a, BUDGET_YEAR - 1)).lines
    (following,) = year.ask(lambda s, a: result_applications(s, a, BUDGET_YEAR)).lines

    assert {row.occasion for row in this.proposals} == {"in_year"}
    assert {row.occasion for row in following.proposals} == {"next_budget"}
    assert {row.budget_year for row in this.decisions} <= {BUDGET_YEAR - 1}
    assert {row.budget_year for row in following.decisions} == {BUDGET_YEAR}


def test_the_list_tells_an_object_with_its_rule_and_what_was_decided(year: Year) -> None:
    (line,) = year.ask(lambda s, a: result_applications(s, a, BUDGET_YEAR)).lines

    assert (line.code, line.state, line.fiscal_year) == ("示例-做完", "final", FISCAL_YEAR)
    assert line.score is not None
    assert line.proposals[0].source
    assert [(row.effect, row.occasion, row.budget_year) for row in line.decisions if row.applied] == [
        (line.proposals[0].effect, "next_budget", BUDGET_YEAR),
    ]
    assert year.ask(lambda s, a: result_applications(s, a, BUDGET_YEAR + 5)).lines == ()


def applications(office: Office, **filters: Any) -> list[Application]:
    return list(
        ask(office, lambda s, a: result_applications(s, a, BUDGET_YEAR, filters=ApplicationFilters(**filters))).lines
    )


def test_an_object_goes_from_proposal_over_its_unit_to_the_final_list(database: Database) -> None:
    office = Office.opened(database)
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.decide_result_use", selected=True)
    (proposed,) = applications(office)
    office.do(case, "decide_result_use")
    (consulted,) = applications(office)
    office.do(case, "confirm_result_use", use_objection="raised", reason="示例：请从宽")
    (disputed,) = applications(office)
    office.do(case, "review_use_objection", use_objection_result="corrected", reason="示例：部分属实")
    (corrected,) = applications(office)
    office.do(case, "correct_result_use")
    (final,) = applications(office, state="final")

    assert [each.state for each in (proposed, consulted, disputed, final)] == [
        "proposed", "consulted", "disputed", "final",
    ]  # fmt: skip
    assert (proposed.decisions, proposed.paper) == ((), None)
    assert consulted.decisions
    assert (consulted.heard, corrected.state) == ((), "disputed")
    assert [(each.said, each.reason) for each in final.heard] == [
        ("提出异议", "示例：请从宽"), ("更正", "示例：部分属实"),
    ]  # fmt: skip
    assert applications(office, state="proposed") == []
    assert applications(office, effect="cancel") == []
    assert len(applications(office, effect=final.proposals[0].effect, text="示例单位甲")) == 1


def test_an_object_of_which_a_proposal_was_never_settled_is_not_final(database: Database) -> None:
    office = Office.opened(database, "conghua")
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.decide_result_use", score="69.99")
    (before,) = applications(office)
    office.do(case, "decide_result_use", effect="quota_cut")
    office.do(case, "confirm_result_use")
    (partly,) = applications(office, state="partly")
    told = office.journal(case, "result.decided")[0].payload
    settled = [entry.payload for entry in office.journal(case, "effect.settled")]

    assert [len(each.still_open) for each in (before, partly)] == [2, 1]
    assert [each.effect for each in partly.still_open] == ["guarantee"]
    assert told["still_open"] == ["guarantee"]
    assert settled == [{"effect": "quota_cut", "state": "applied"}]
    assert applications(office, state="final") == []


# ── publication ──────────────────────────────────────────────────────────────────────────────────────────────────────


def board(office: Office, **filters: Any) -> list[BoardLine]:
    return list(
        ask(
            office,
            lambda s, a: publication_board(s, a, FISCAL_YEAR, on=office.today, filters=BoardFilters(**filters)),
        ).lines
    )


def test_a_result_tells_what_is_missing_before_it_may_be_published_and_how_the_checks_stand(database: Database) -> None:
    office = Office.opened(database, "conghua")
    case = office.open_case()
    office.reach(case, "result_use.record_congress_deliberation")
    (missing,) = board(office)
    office.reach(case, "result_use.publish_result")
    (ready,) = board(office)
    office.finish(case)
    (published,) = board(office, state="published")

    assert (missing.state, ready.state, published.state) == ("missing", "ready", "published")
    assert "congress" in [step.body for step in missing.missing]
    assert missing.source
    assert [step.element for step in missing.steps] == ["record_congress_deliberation"]
    assert ready.missing == ()
    assert (published.checks.timely, published.checks.complete, published.checks.regular) == (True, True, True)
    assert published.address
    assert board(office, settled=False) == board(office, document_kind="annual_report") == []
    assert [line.case_id for line in board(office, document_kind=published.document_kind, text="示例")] == [case]


def test_the_steps_that_are_open_say_whose_they_are(year: Year) -> None:
    found = year.ask(lambda s, a: open_steps(s, a, [year.done, year.filed]))
    theirs = year.ask(lambda s, a: open_steps(s, a, [year.filed]), year.office.bureau.clerk)

    assert list(found) == [year.filed]
    assert [(step.element, step.office, step.mine) for step in found[year.filed]] == [
        ("review_target", "财政绩效股", True)
    ]
    assert found[year.filed][0].deadline_id is not None
    assert [step.mine for step in theirs[year.filed]] == [False]


def test_a_letter_and_a_problem_are_told_in_a_few_statements_whatever_they_went_through(year: Year) -> None:
    bureau = year.office.bureau.office
    (letter,) = year.ask(lambda s, a: letters(s, a)).lines
    problem = year.ask(lambda s, a: rectification_ledger(s, a, on=year.today)).lines[0]

    of_letter = asked_by(year.office.database, lambda s: letter_card(s, bureau, letter.id))
    of_problem = asked_by(year.office.database, lambda s: rectification_card(s, bureau, problem.id, on=year.today))

    assert (len(of_letter), len(of_problem)) == (10, 5)
