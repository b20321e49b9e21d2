"""为什么是这一天: every date answers for itself."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.clock import shanghai
from engine.commands.extend_deadline import extend_deadline
from engine.deadlines.model import Deadline
from engine.queries.deadline_reasons import DeadlineUnknown, reason_of
from engine.words import CaseKind
from tests.factories import case_of

FILING = shanghai(2021, 9, 27)


@pytest.fixture
def deadline(session, bureau) -> Deadline:
    """A whole department begins to file its target on 27 September 2021, before the National Day holiday."""
    case = case_of(session, bureau, at=FILING, object_kind=CaseKind.WHOLE_DEPARTMENT)
    return session.scalars(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.name == "target_filing.fill")
    ).one()


def test_a_deadline_tells_its_row_its_status_and_every_day_counted(session, bureau, deadline):
    reason = reason_of(session, bureau.office, deadline.id)

    assert (
        reason.due_on == deadline.due_on == date(2021, 10, 29)
    )  # 20 working days: 3 before the holiday, 2 after it with the Saturday, then 15
    assert reason.status == "default"
    assert "国庆节放假，不计" in reason.words
    assert "10月9日（周六）调休上班" in reason.words
    assert not reason.extended


def test_an_extended_deadline_still_tells_what_the_table_gives(session, bureau, deadline):
    extend_deadline(session, deadline.id, date(2021, 11, 5), reason="示例：系统维护", by=bureau.office, at=FILING)

    reason = reason_of(session, bureau.office, deadline.id)

    assert reason.extended
    assert (reason.due_on, reason.laid_down_on) == (date(2021, 11, 5), date(2021, 10, 29))


def test_a_deadline_nobody_has_is_refused(session, bureau):
    with pytest.raises(DeadlineUnknown):
        reason_of(session, bureau.office, uuid4())


def test_a_day_no_rule_lays_down_says_that_a_person_gave_it(session, bureau, deadline):
    deadline.name = "target_filing.nobody_laid_down"
    session.flush()

    reason = reason_of(session, bureau.office, deadline.id)

    assert (reason.due_on, reason.row, reason.notes) == (deadline.due_on, None, ())
    assert "本区未规定" in reason.words
