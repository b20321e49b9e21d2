"""机构考核: an agency answers for what it handed in itself, not for what another handed in before or after it."""

from datetime import timedelta

import pytest

from engine.commands.engage_agency import engage_agency
from engine.directory import Actor, Unit
from engine.errors import NotFound
from engine.moves.engagement import Engagement
from engine.queries.appraisals import agency_record
from engine.queries.assignments import agencies, assignments
from engine.queries.case_card import case_card
from engine.queries.versions import paper_read
from engine.store import Database
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


@pytest.fixture
def sent_back(office: Office) -> int:
    """A project given to its agency for the review and again for the evaluation; its report went back."""
    case = office.open_case()
    office.reach(case, "key_evaluation.accept_evaluation", sampled=True, score="88")
    office.do(case, "accept_evaluation", "returned", reason="示例：依据不足")
    return case


@pytest.fixture
def other(office: Office) -> Actor:
    """Somebody of another agency."""
    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例机构乙", kind=UnitKind.AGENCY, department_id=None)
        session.add(unit)
        session.flush()
        return person_in(session, unit, "吴别家", Role.AGENCY)


def taken_over(office: Office, case: int, by: Actor) -> None:
    """The other agency goes on with the work, an hour later."""
    engagement = Engagement(by.unit_id, "吴别家", declared_independent=True)
    with office.transactions() as session:
        engage_agency(session, case, engagement, by=office.bureau.office, at=office.now + timedelta(hours=1))


def test_a_report_sent_back_counts_once_however_often_its_agency_was_engaged(office: Office, sent_back: int) -> None:
    with office.transactions() as session:
        (line,) = agencies(session, office.bureau.agency)
        given = {each.stage: each.returns for each in assignments(session, office.bureau.agency).lines}

    assert (line.assignments, line.returns) == (len(given), 1)
    assert given["key_evaluation"] == 1
    assert sum(given.values()) == 1


def test_an_agency_that_takes_over_is_not_told_of_the_returns_of_the_one_before(
    office: Office, sent_back: int, other: Actor
) -> None:
    taken_over(office, sent_back, other)

    with office.transactions() as session:
        (theirs,) = assignments(session, other).lines
        record = agency_record(session, other, other.unit_id)
        figures = {line.agency_id: line.returns for line in agencies(session, office.bureau.office)}

    assert theirs.returns == 0
    assert (record.returns, record.mean_score, record.lines) == (0, None, ())
    assert figures == {office.bureau.agency_id: 1, other.unit_id: 0}


def test_an_agency_that_takes_over_later_finds_neither_the_score_nor_the_appraisal_of_the_one_before(
    office: Office, other: Actor
) -> None:
    case = office.open_case()
    office.reach(case, "feedback", score="88")
    before = office.bureau.agency_id
    taken_over(office, case, other)

    with office.transactions() as session:
        record = agency_record(session, other, other.unit_id)
        theirs = agency_record(session, office.bureau.office, before)
        papers = {paper.form for paper in case_card(session, other, case).papers}
        (appraisal,) = [line.submission_id for line in theirs.lines]
        with pytest.raises(NotFound):
            paper_read(session, other, appraisal)

    assert (record.evaluated, record.mean_score, record.lines) == (0, None, ())
    assert (theirs.evaluated, len(theirs.lines)) == (1, 1)
    assert {"F09", "F13"} & papers == {"F09"}
