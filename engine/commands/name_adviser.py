"""登记咨询机构: an agency advised the unit of a case this year, and so evaluates none of its objects."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.evaluations import AdviserNamed
from engine.cases import Case
from engine.directory import Actor, Unit
from engine.errors import WrongState
from engine.moves.advising import ADVISERS, advises
from engine.moves.engagement import NotAnAgency
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.reviews import ReasonMissing
from engine.texts import is_blank
from engine.words import UnitKind


class AdviserKnown(WrongState):
    """It is on record already that this agency advises the unit this year."""

    code = "assignment.adviser_known"


def name_adviser(
    session: Session,
    case_id: int,
    agency_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Put on record that an agency advised the unit of a case this year; `reason` says on what, and how it is known.

    No engagement of that agency for an object of this unit and year is taken from now on; one there is already stays
    until it is replaced. Refuses what is no agency, no reason, and what is on record.
    """

    def work(case: Case) -> None:
        agency = session.get(Unit, agency_id)
        if agency is None or agency.kind != UnitKind.AGENCY:
            raise NotAnAgency("所选单位不是已登记的第三方机构，没有登记。请先登记机构。", agency=agency_id)
        if is_blank(reason):
            raise ReasonMissing("登记咨询机构要写明为什么事提供咨询、依据是什么，没有登记。请补充。", case_id=case.id)
        if advises(session, agency_id, case):
            raise AdviserKnown(f"“{agency.name}”本年度为这个单位提供咨询已有登记，不需要再登记。", agency=agency_id)
        move = Move(session, case, by, at)
        move.case_values["facts"] = {**case.facts, ADVISERS: [*case.facts.get(ADVISERS, ()), agency_id]}
        move.record(AdviserNamed(agency=agency.name, agency_id=agency_id, reason=reason.strip()))
        move.write()

    asked = Asked("name_adviser", by, at, key, expected, {"case": case_id, "agency": agency_id, "reason": reason})
    return on_case(session, asked, case_id, work)
