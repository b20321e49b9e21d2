"""Days that stand in a letter and in the ledger it fills: what opens keeps those, not a length of the table."""

from datetime import date
from typing import Any

from sqlalchemy import select

from engine.deadlines.problems import CHAIN, RECTIFY, REPORT
from engine.moves.change import Change
from engine.moves.due import Ground, deadline_row, row_on
from engine.rectifications import Rectification
from engine.submissions import Submission

LETTER = "F10"


def opened_day(
    change: Change, name: str, item: str | None, given: date | None
) -> tuple[dict[str, Any], Ground] | None:  # fmt: skip
    """`deadline_row` for what opens now: a problem has until the day of the ledger, be it over, however often it opens.

    The days by which the next office hears of it are the problem's too. The report on the whole letter is due by the
    day the letter says, until that has passed. `given` is the day a launch gives to whatever opens by it.
    """
    session, case, policy, at = change.session, change.case, change.policy, change.at
    problem = _in_ledger(change, item) if name == RECTIFY and item is not None else None
    if problem is not None and problem.due_on is not None:
        row, ground = row_on(session, case, policy, name, at, problem.due_on)
        return {**row, "rectification_id": problem.id}, ground
    found = deadline_row(session, case, policy, name, at, given or (_of_letter(change) if name == REPORT else None))
    if found is not None and name in CHAIN and item is not None and (problem := _in_ledger(change, item)) is not None:
        found[0]["rectification_id"] = problem.id
    return found


def _in_ledger(change: Change, item: str) -> Any:
    """Number and day of the problem of that name; None where it stands on no ledger."""
    of_it = Rectification.case_id == change.case.id, Rectification.item == item
    return change.session.execute(select(Rectification.id, Rectification.due_on).where(*of_it)).one_or_none()


def _of_letter(change: Change) -> date | None:
    """By when the letter that is out wants the report; None where it says no day."""
    letter = change.forms.of(LETTER)
    if letter is None:
        return None
    told = change.session.scalar(select(Submission.content["report_by"].astext).where(Submission.id == letter.id))
    return date.fromisoformat(told) if told else None
