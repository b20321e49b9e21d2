"""送签, 签发: where the table has a bureau leader sign the letter, and where it says nothing."""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import msgpack
import pytest
from sqlalchemy import update

from engine.cases import Case
from engine.commands.complete_task import complete_task
from engine.commands.correct_state import correct_state
from engine.commands.sign_letter import sign_letter
from engine.directory import Actor, NotYourOffice
from engine.errors import EngineError
from engine.moves.asking import moves_open_to
from engine.moves.finishing import SpecialStep
from engine.moves.letters import NeedsSignature, NumberTaken
from engine.moves.outcome import Outcome
from engine.queries.case_card import case_card
from engine.queries.letter_preview import letter_preview
from engine.queries.versions import VersionNotFound, paper_read
from engine.rectifications import Letter, Rectification
from engine.reviews import OwnSubmission, ReasonMissing
from engine.stages import library_of
from engine.stages.model import Definition
from engine.store import Database
from engine.tasks import Task
from engine.words import Role
from tests.integration.desk import sound
from tests.journeys import begin, evaluated
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """广州市: what has to be put right goes out as a letter of the bureau (GZ-16)."""
    office = Office.opened(database, "guangzhou")
    yield office
    sound(office)


@pytest.fixture
def silent(database: Database) -> Iterator[Office]:
    """花溪区: nothing says who signs."""
    office = Office.opened(database, "huaxi")
    yield office
    sound(office)


def task_of(office: Office, case: int) -> Task:
    (task,) = office.tasks(case)
    return task


def test_a_letter_of_guangzhou_goes_up_to_be_signed_and_nothing_goes_out_before(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")

    office.do(case, "issue_feedback_letter")

    assert office.open_steps(case) == ["feedback.sign_letter"]
    assert task_of(office, case).role == "bureau_leader"
    assert office.rows(Letter, case) == []
    assert office.rows(Rectification, case) == []
    assert office.journal(case, "feedback.issued") == []


def test_the_unit_reads_nothing_of_a_letter_before_it_is_out(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    (draft,) = office.versions(case, "F10")
    unit, finance = office.bureau.head, office.bureau.office

    def read_by(actor: Actor) -> list[str]:
        with office.transactions() as session:
            return [paper.form for paper in case_card(session, actor, case).papers if paper.form == "F10"]

    before = read_by(unit), read_by(finance)
    with office.transactions() as session, pytest.raises(VersionNotFound):
        paper_read(session, unit, draft.id)
    office.do(case, "sign_letter")

    assert before == ([], ["F10"])
    assert read_by(unit) == ["F10"]
    with office.transactions() as session:
        assert paper_read(session, unit, draft.id).content["doc_number"]


def test_the_leader_signs_and_the_letter_goes_out_with_its_rows(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")

    office.do(case, "sign_letter")

    (letter,) = office.rows(Letter, case)
    assert office.open_steps(case) == ["feedback.sign_feedback"]
    assert letter.submission_id == office.versions(case, "F10")[-1].id
    assert [row.item for row in office.rows(Rectification, case)] == ["q1", "q2"]
    assert [entry.payload["items"] for entry in office.journal(case, "feedback.issued")] == [["q1", "q2"]]


def test_the_number_and_the_day_given_at_signing_make_the_version_that_goes_out(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    task, day = task_of(office, case), date.fromisoformat(office.versions(case, "F10")[-1].content["letter_on"])

    with office.transactions() as session:
        sign_letter(
            session, task.id, number=" 穗财绩〔2022〕8号 ", letter_on=day, by=office.bureau.leader, at=office.now
        )

    (letter,) = office.rows(Letter, case)
    draft, signed = office.versions(case, "F10")
    assert (letter.number, letter.submission_id) == ("穗财绩〔2022〕8号", signed.id)
    assert signed.content["doc_number"].strip() == "穗财绩〔2022〕8号"
    assert draft.content["doc_number"] != signed.content["doc_number"]
    assert office.journal(case, "feedback.numbered")[-1].payload["submission"] == signed.id.hex


def test_what_is_sent_back_is_mended_and_goes_up_again(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")

    office.do(case, "sign_letter", "returned", reason="示例：第二个问题的依据写得不清")
    mending = office.open_steps(case)
    office.do(case, "revise_letter")
    again = office.open_steps(case)
    office.do(case, "sign_letter")

    assert mending == ["feedback.revise_letter"]
    assert again == ["feedback.sign_letter"]
    assert len(office.versions(case, "F10")) == 2
    assert len(office.rows(Letter, case)) == 1
    assert len(office.rows(Rectification, case)) == 2


def test_sending_back_wants_a_reason(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    task = task_of(office, case)

    with office.transactions() as session, pytest.raises(ReasonMissing):
        sign_letter(session, task.id, signed=False, by=office.bureau.leader, at=office.now)


def test_where_the_table_demands_it_no_letter_goes_out_unsigned_and_the_page_is_told(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")
    task = task_of(office, case)
    with office.transactions() as session:
        issued, signature = moves_open_to(session, task.id, office.bureau.office, at=office.now)

    with pytest.raises(NeedsSignature, match="由局领导签发，没有直接发出。请改为“送签”"):
        office.do(case, "issue_feedback_letter", for_signature=False)

    assert (issued.word, issued.possible) == ("issued", False)
    assert (signature.word, signature.label, signature.possible) == ("for_signature", "送签", True)
    assert office.open_steps(case) == ["feedback.issue_feedback_letter"]


def test_only_a_leader_who_did_not_write_the_draft_signs(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")
    writer = office.bureau.office
    both = replace(writer, roles=writer.roles | {Role.BUREAU_LEADER})
    office.do(case, "issue_feedback_letter", by=writer)
    task = task_of(office, case)

    with office.transactions() as session, pytest.raises(NotYourOffice):
        sign_letter(session, task.id, by=writer, at=office.now)
    with office.transactions() as session, pytest.raises(OwnSubmission):
        sign_letter(session, task.id, by=both, at=office.now)

    assert office.open_steps(case) == ["feedback.sign_letter"]


def test_a_number_that_is_taken_is_noticed_when_the_letter_goes_up_and_when_it_is_signed(silent: Office) -> None:
    first = evaluated(begin(silent.database, silent.bureau))
    second = evaluated(begin(silent.database, silent.bureau, "示例-2021-002"))
    for journey in (first, second):
        journey.do("appraise_agency")
    first.office.do(first.case_id, "issue_feedback_letter", doc_number="示例财绩〔2022〕7号")

    with pytest.raises(NumberTaken, match="已经用过"):
        second.office.do(second.case_id, "issue_feedback_letter", "for_signature", doc_number="示例财绩〔2022〕7号")
    second.office.do(second.case_id, "issue_feedback_letter", "for_signature", doc_number="示例财绩〔2022〕8号")
    task = second.task("sign_letter")
    with second.office.transactions() as session, pytest.raises(NumberTaken, match="已经用过"):
        sign_letter(session, task.id, number="示例财绩〔2022〕7号", by=silent.bureau.leader, at=second.office.now)

    assert second.waiting() == ["sign_letter"]
    assert silent.rows(Letter, second.case_id) == []


def test_a_draft_that_states_another_result_does_not_go_up(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")

    with pytest.raises(EngineError, match="等级"):
        office.do(case, "issue_feedback_letter", changes={"grade": "优"})


def test_signing_has_a_command_of_its_own(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter")
    task = task_of(office, case)

    with office.transactions() as session, pytest.raises(SpecialStep):
        complete_task(session, task.id, Outcome("signed_off"), by=office.bureau.leader, at=office.now)


def test_where_nothing_is_laid_down_the_letter_goes_out_at_once(silent: Office) -> None:
    case = silent.open_case()
    silent.reach(case, "feedback.issue_feedback_letter")

    silent.do(case, "issue_feedback_letter")

    assert silent.open_steps(case) == ["feedback.sign_feedback"]
    assert silent.journal(case, "decision.made")[-1].payload["answers"] == {"letter_signature": None}


def test_where_nothing_is_laid_down_it_can_be_sent_up_all_the_same(silent: Office) -> None:
    case = silent.open_case()
    silent.reach(case, "feedback.issue_feedback_letter")

    silent.do(case, "issue_feedback_letter", "for_signature")
    silent.do(case, "sign_letter")

    assert silent.open_steps(case) == ["feedback.sign_feedback"]
    assert len(silent.rows(Letter, case)) == 1


def test_a_notice_that_demands_nothing_opens_no_rows_after_it_came_back_from_signing_either(silent: Office) -> None:
    case = silent.open_case()
    silent.reach(case, "feedback.issue_feedback_letter")
    with silent.transactions() as session:
        correct_state(
            session, case, "feedback", "issue_result_notice", reason="示例：只告知结果",
            second=silent.bureau.second_officer, by=silent.bureau.office, at=silent.now,
        )  # fmt: skip

    silent.do(case, "issue_result_notice", "for_signature")
    silent.do(case, "sign_letter", "returned", reason="示例：抄送单位不全")
    silent.do(case, "revise_letter", "for_signature")
    silent.do(case, "sign_letter")

    assert silent.rows(Rectification, case) == []
    assert len(silent.rows(Letter, case)) == 1


def put_on_tables_without_a_word_about_signing(office: Office, case: int) -> None:
    """The case runs on what the jurisdiction had before there was the table."""
    with office.database.upkeep() as session:
        row = session.get_one(Case, case)
        files = dict(library_of(session).policy_version(session, row.policy_id).files)
        older = {name: content for name, content in files.items() if "letter_signature" not in name}
        assert len(older) < len(files)
        packed = zlib.compress(msgpack.packb(older))
        kept = Definition(kind="policy", name="guangzhou", hash="示例", files=packed, kept_at=office.now, turn=0)
        session.add(kept)
        session.flush()
        session.execute(update(Case).where(Case.id == case).values(policy_id=kept.id))


def test_a_case_on_tables_from_before_is_told_that_nothing_is_laid_down_and_may_send_its_letter(office: Office) -> None:
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter")
    put_on_tables_without_a_word_about_signing(office, case)

    with office.transactions() as session:
        preview = letter_preview(session, office.bureau.office, case, {}, on=office.today)
        issued, signature = moves_open_to(session, task_of(office, case).id, office.bureau.office, at=office.now)

    assert (preview.signed_first, preview.source) == (False, None)
    assert (issued.word, issued.possible) == ("issued", True)
    assert (signature.word, signature.possible) == ("for_signature", True)
