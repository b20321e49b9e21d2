"""更正申报金额: a unit corrects what its own object asks for, until a review has decided about it (HX-02)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from engine.audit.events.money import RequestCorrected
from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor, NotYourUnit
from engine.moves.amounts import AmountRefused, mark_request, refuse_no_amount, take_amount, told_lines
from engine.moves.fund_lines import lines_of, split
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.requests import must_pass_no_threshold, must_still_be_asked_for
from engine.reviews import ReasonMissing
from engine.texts import is_blank


def correct_request(
    session: Session,
    case_id: int,
    amount_wan: Decimal,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    lines: Mapping[int, Decimal] | None = None,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """The object asks for this amount from now on (万元, not negative); papers not yet reviewed are filed anew at it.

    `lines` says what each fund line becomes, by number (万元), together the amount; the only line of a case follows by
    itself (HX-16). Refused once a review has decided, and where the amount would slip past a threshold (GZ-08, GZ-10).
    """
    told = {} if lines is None else {"lines": sorted(lines.items())}
    content = {"case": case_id, "amount_wan": amount_wan, "reason": reason, **told}
    asked = Asked("correct_request", by, at, key, expected, content)
    return on_case(session, asked, case_id, lambda case: _correct(session, case, asked, amount_wan, lines))


def _correct(
    session: Session, case: Case, asked: Asked, amount_wan: Decimal, lines: Mapping[int, Decimal] | None
) -> None:
    reason = asked.content["reason"]
    if case.unit_id != asked.by.unit_id:
        raise NotYourUnit("申报金额由申报的单位更正，没有办理。请从本单位的案卷办理。", case_id=case.id)
    if is_blank(reason):
        raise ReasonMissing("更正申报金额要写明原因，没有办理。请补充。", case_id=case.id)
    refuse_no_amount(amount_wan, "更正后的申报金额")
    must_still_be_asked_for(session, case)
    there = lines_of(session, case.id)
    shares = split(there, amount_wan, lines)
    if amount_wan == case.amount_wan and all(shares[row.line_no] == row.amount_wan for row in there):
        raise AmountRefused("金额与现在的申报金额相同，没有办理。请核对。", amount_wan=str(amount_wan))
    must_pass_no_threshold(session, case, amount_wan, day_of(asked.at))
    move = Move(session, case, asked.by, asked.at)
    digest = take_amount(move, amount_wan, shares)
    move.case_values["asked_wan"] = amount_wan
    mark_request(move, amount_wan)
    move.record(
        RequestCorrected(
            from_wan=case.amount_wan,
            amount_wan=amount_wan,
            reason=reason,
            shares=told_lines(there, shares),
            lines=digest,
        )  # fmt: skip
    )
    move.write()
