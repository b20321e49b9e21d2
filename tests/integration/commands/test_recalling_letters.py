"""收回并重发: a letter that went out wrongly is taken back, and the one after it counts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from engine.commands.recall_letter import NoLetterOut, recall_letter
from engine.directory import Actor, NotYourOffice
from engine.errors import EngineError
from engine.queries.letter_card import letter_card
from engine.queries.letters import LetterFilters, letters
from engine.rectifications import Letter, Rectification
from engine.reviews import ReasonMissing
from engine.store import Database
from tests.factories import bureau_in
from tests.integration.desk import sound
from tests.office import Office

WHY = "示例：整改期限写错"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    """A case whose letter is out."""
    case = office.open_case()
    office.reach(case, "feedback.sign_feedback")
    return case


def take_back(office: Office, case: int, reason: str = WHY) -> None:
    with office.transactions() as session:
        recall_letter(session, case, reason=reason, by=office.bureau.office, at=office.now)


def ledger(office: Office, case: int) -> dict[str, str]:
    return {row.item: row.state for row in office.rows(Rectification, case)}


def test_a_letter_is_taken_back_stays_on_record_and_a_new_draft_opens(office: Office, case: int) -> None:
    take_back(office, case)

    (letter,) = office.rows(Letter, case)
    (event,) = office.journal(case, "feedback.recalled")
    assert (letter.recall_reason, letter.recalled_by) == (WHY, office.bureau.office.person_id)
    assert event.payload["number"] == letter.number
    assert office.open_steps(case) == ["feedback.revise_letter"]
    assert ledger(office, case) == {"q1（第1稿）": "replaced", "q2（第1稿）": "replaced"}
    assert office.versions(case, "F10")[-1].state == "withdrawn"


def test_the_letter_issued_anew_opens_its_rows_once_and_its_days_run_from_it(office: Office, case: int) -> None:
    take_back(office, case)

    office.do(case, "revise_letter", doc_number="示例财绩〔2022〕更1号")

    assert office.open_steps(case) == ["feedback.sign_feedback"]
    assert ledger(office, case) == {
        "q1": "open", "q2": "open", "q1（第1稿）": "replaced", "q2（第1稿）": "replaced",
    }  # fmt: skip
    with office.transactions() as session:
        first, second = office.rows(Letter, case)
        before = letter_card(session, office.bureau.clerk, first.id)
        after = letter_card(session, office.bureau.clerk, second.id)
    assert (before.line.state, after.line.state) == ("recalled", "waiting")
    assert [day.name for day in after.days] == ["feedback.sign"]
    assert before.days[0].deadline_id != after.days[0].deadline_id
    assert after.former_version == 1


def test_what_was_said_to_a_letter_stays_with_it_when_it_was_taken_back(office: Office, case: int) -> None:
    office.do(case, "sign_feedback")
    office.do(case, "answer_feedback", objection="raised", reason="示例：期限太短")
    take_back(office, case)
    office.do(case, "revise_letter", doc_number="示例财绩〔2022〕更1号")
    office.do(case, "sign_feedback")

    with office.transactions() as session:
        first, second = office.rows(Letter, case)
        before = letter_card(session, office.bureau.clerk, first.id)
        after = letter_card(session, office.bureau.clerk, second.id)

    assert [answer.reason for answer in before.answers] == ["示例：期限太短"]
    assert (after.answers, [answer.reason for answer in after.grounds]) == ((), ["示例：期限太短"])
    assert (first.signed_at is None, second.signed_at is None) == (False, False)


def test_the_signature_is_kept_on_the_latest_letter_only(office: Office, case: int) -> None:
    take_back(office, case)
    office.do(case, "revise_letter", doc_number="示例财绩〔2022〕更1号")

    office.do(case, "sign_feedback")

    first, second = office.rows(Letter, case)
    assert (first.signed_at, second.signed_at) == (None, office.now)


def test_rows_that_were_reported_on_are_kept_and_belong_to_the_next_letter(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "rectification")
    office.do(case, "plan_rectification", item="q1")
    office.do(case, "carry_out_rectification", item="q1")
    office.do(case, "confirm_rectification", item="q1")

    take_back(office, case)
    kept = ledger(office, case)
    office.do(case, "issue_feedback_letter", doc_number="示例财绩〔2022〕更1号")

    assert kept == {"q1": "reported", "q2（第1稿）": "replaced"}
    assert ledger(office, case) == {"q1": "reported", "q2": "open", "q2（第1稿）": "replaced"}
    assert office.journal(case, "feedback.issued")[-1].payload["items"] == ["q1", "q2"]


def test_a_letter_can_be_taken_back_once(office: Office, case: int) -> None:
    take_back(office, case)

    with pytest.raises(NoLetterOut, match="已经收回，正在重新拟函"):
        take_back(office, case)

    assert len(office.journal(case, "feedback.recalled")) == 1


def test_a_letter_whose_result_is_being_corrected_is_replaced_and_not_taken_back(office: Office, case: int) -> None:
    office.do(case, "sign_feedback")
    office.do(case, "answer_feedback", objection="raised", reason="示例：得分有误")
    office.do(case, "review_objection", objection_result="upheld", reason="示例：成立")

    with pytest.raises(NoLetterOut, match="异议成立，正在更正结果，更正后另发新函代替"):
        take_back(office, case)

    (letter,) = office.rows(Letter, case)
    with office.transactions() as session:
        card = letter_card(session, office.bureau.office, letter.id)
    assert (letter.recalled_at, card.can_be_recalled) == (None, False)
    assert office.open_steps(case) == ["correction.correct_evaluation"]
    assert office.case(case).stage == "feedback"


def test_no_letter_no_reason_or_a_result_in_use_is_refused_in_words(office: Office) -> None:
    case = office.open_case()
    with pytest.raises(NoLetterOut, match="还没有发出反馈意见函"):
        take_back(office, case)
    office.reach(case, "feedback.sign_feedback")
    with pytest.raises(ReasonMissing, match="要写明原因"):
        take_back(office, case, " ")
    office.reach(case, "result_use")

    with pytest.raises(NoLetterOut, match="不能收回"):
        take_back(office, case)


def test_only_the_performance_office_takes_letters_back_and_no_other_tenant(office: Office, case: int) -> None:
    with office.database.transaction("conghua") as session:
        stranger = bureau_in(session, "conghua").office
    with office.transactions() as session, pytest.raises(NotYourOffice):
        recall_letter(session, case, reason=WHY, by=office.bureau.clerk, at=office.now)
    with office.database.transaction("conghua") as session, pytest.raises(Exception, match="没有"):
        recall_letter(session, case, reason=WHY, by=stranger, at=office.now)

    with office.transactions() as session:
        found = letters(session, office.bureau.office, filters=LetterFilters(state="recalled")).lines
        assert session.scalars(select(Letter.recalled_at)).all() == [None]
    assert found == ()


def test_of_two_who_take_it_back_at_the_same_moment_one_does_and_the_other_reads_why_not(
    office: Office, case: int
) -> None:
    together = Barrier(2)

    def try_it(by: Actor) -> EngineError | None:
        together.wait()
        try:
            with office.transactions() as session:
                recall_letter(session, case, reason=WHY, by=by, at=office.now)
        except EngineError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(2) as both:
        told = list(both.map(try_it, (office.bureau.office, office.bureau.second_officer)))

    (refused,) = [each for each in told if each is not None]
    assert refused.code in ("letter.not_out", "case.changed_meanwhile")
    assert refused.message.endswith("。")
    assert len(office.journal(case, "feedback.recalled")) == 1
    assert office.open_steps(case) == ["feedback.revise_letter"]
    assert [letter.recall_reason for letter in office.rows(Letter, case)] == [WHY]
