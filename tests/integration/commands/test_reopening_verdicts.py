"""重新认定: what a person decided where no table says anything is decided anew, until it has gone out."""

from collections.abc import Iterator

import pytest

from engine.audit.verify import verify
from engine.commands.reopen_verdict import NoVerdict, reopen_verdict
from engine.directory import Actor, NotYourOffice
from engine.reviews import ReasonMissing
from engine.scores import final_score
from engine.store import Database
from tests.integration.desk import SHORT, sound
from tests.office import Office

WHY = "示例：漏看了一个问题"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """花溪区: below 80 points nothing says which grade it is."""
    office = Office.opened(database)
    yield office
    sound(office)


@pytest.fixture
def case(office: Office) -> int:
    """A case whose grade was decided as 低 and whose agency is to be appraised."""
    case = office.open_case()
    office.reach(case, "key_evaluation.appraise_agency", **SHORT, score="75", grade="低")
    return case


def reopen(office: Office, case: int, reason: str = WHY, by: Actor | None = None) -> None:
    with office.transactions() as session:
        reopen_verdict(session, case, reason=reason, by=by or office.bureau.office, at=office.now)


def grade(office: Office, case: int) -> tuple[str | None, str | None]:
    """The grade that counts, and the one the table gave."""
    with office.transactions() as session:
        score = final_score(session, case)
        assert score is not None
        return score.grade, score.ruled_grade


def test_a_grade_is_decided_anew_and_the_table_still_gave_none(office: Office, case: int) -> None:
    reopen(office, case)
    standing = office.open_steps(case)
    meanwhile = grade(office, case)
    office.do(case, "decide_evaluation_grade", grade="中", reason="示例：参照全国分段")

    assert standing == ["key_evaluation.decide_evaluation_grade"]
    assert meanwhile == ("低", None)
    assert grade(office, case) == ("中", None)
    assert office.journal(case, "grade.settled")[-1].payload["instead_of"] == "低"
    assert office.open_steps(case) == ["key_evaluation.appraise_agency"]


def test_the_journal_keeps_why_and_both_verdicts_and_is_found_whole(office: Office, case: int) -> None:
    reopen(office, case)
    office.do(case, "decide_evaluation_grade", grade="中", reason="示例：参照全国分段")

    (event,) = office.journal(case, "verdict.reopened")
    assert event.payload == {"step": "key_evaluation.decide_evaluation_grade", "reason": WHY}
    assert [entry.payload["grade"] for entry in office.journal(case, "grade.settled")] == ["低", "中"]
    with office.transactions() as session:
        assert verify(session, "huaxi").breaks == ()


def test_without_a_reason_or_a_verdict_or_the_office_it_is_refused_in_words(office: Office, case: int) -> None:
    with pytest.raises(ReasonMissing, match="重新认定要写明理由"):
        reopen(office, case, " ")
    with pytest.raises(NotYourOffice):
        reopen(office, case, by=office.bureau.clerk)
    office.reach(case, "feedback.sign_feedback", **SHORT)

    with pytest.raises(NoVerdict, match="意见函已经发出的，请先收回"):
        reopen(office, case)

    assert office.journal(case, "verdict.reopened") == []
