"""动态口令: switch it on with a telephone, keep ten recovery codes, switch it off."""

from typing import Any

from flask import Blueprint, redirect, render_template
from sqlalchemy import select

from engine.accounts import Account, prove
from engine.accounts import second_factor as factor
from engine.accounts.refusals import SecondFactorStands, WrongCode
from engine.errors import EngineError
from web.pages.posted import text_of
from web.visits import Arrival, acting, before_all_else, seated
from web.visits.refusals import status_of
from web.visits.site import site

page = Blueprint("second_factor", __name__)
MOST_TYPED = 1000


@page.get("/settings/second-factor")
@before_all_else
def mine(arrival: Arrival) -> Any:
    """Whether it is on, and what can be done."""
    return _page(arrival)


@page.post("/settings/second-factor/beginning")
@before_all_else
def begin(arrival: Arrival) -> Any:
    """A secret for the telephone, shown on this answer only; it counts once a code of it was seen."""
    if refusal := _unproven(arrival):
        return _page(arrival, refusal)
    place = site().jurisdictions.get(arrival.person.jurisdiction, "")
    begun = factor.begin(arrival.session, arrival.sign_in, issuer=f"绩效 {place}", at=arrival.now, keys=site().keys)
    return _page(arrival, begun=begun)


@page.post("/settings/second-factor/confirmation")
@before_all_else
def confirm(arrival: Arrival) -> Any:
    """Switch it on with a first code; the recovery codes are shown on this answer only."""
    try:
        codes = factor.confirm(arrival.session, arrival.sign_in, text_of("code", 40), at=arrival.now, keys=site().keys)
    except WrongCode as refusal:
        return _page(arrival, refusal, waits=True)
    return _page(arrival, codes=codes)


@page.post("/settings/second-factor/codes")
@before_all_else
def renew(arrival: Arrival) -> Any:
    """Ten new recovery codes in place of the old ones."""
    if refusal := _unproven(arrival):
        return _page(arrival, refusal)
    return _page(arrival, codes=factor.make_recovery_codes(arrival.session, arrival.sign_in, at=arrival.now))


@page.post("/settings/second-factor/removal")
@before_all_else
def switch_off(arrival: Arrival) -> Any:
    """停用."""
    if refusal := _unproven(arrival):
        return _page(arrival, refusal)
    try:
        factor.switch_off(arrival.session, arrival.sign_in, at=arrival.now)
    except SecondFactorStands as refused:
        return _page(arrival, refused)
    return redirect("/settings/second-factor", 303)


def _unproven(arrival: Arrival) -> EngineError | None:
    """Why the password given here does not prove who it is; None where it does, or did within the last minutes."""
    if arrival.sign_in.is_proven(arrival.now):
        return None
    password, code = text_of("password", MOST_TYPED), text_of("code", 40)
    return prove(arrival.session, arrival.sign_in, password, code, at=arrival.now, keys=site().keys)


def _stands_in_and_is_due(arrival: Arrival) -> bool:
    """Whether it is asked for because of the office they act in for somebody else."""
    if arrival.sign_in.acting_for is None or arrival.sign_in.must_change:
        return False
    actor = acting(arrival)
    return actor is not None and arrival.second_factor_due(actor.roles)


def _page(
    arrival: Arrival,
    refusal: EngineError | None = None,
    *,
    begun: factor.Begun | None = None,
    waits: bool = False,
    codes: tuple[str, ...] = (),
) -> Any:
    """`begun` is what the telephone is told now, `waits` that it was told before and a code of it is wanted."""
    due = arrival.second_factor_due() or _stands_in_and_is_due(arrival)
    account = arrival.session.scalar(select(Account).where(Account.person_id == arrival.sign_in.person_id))
    is_on = account is not None and account.has_second_factor
    return render_template(
        "second_factor.html", arrival=arrival, visit=None if due else seated(arrival),
        is_on=is_on, begun=begun, waits=waits, codes=codes, refusal=refusal,
        left=factor.recovery_codes_left(arrival.session, arrival.sign_in.person_id) if is_on else 0,
        due=due, must=is_on and factor.must_have_one(arrival.session, arrival.person),
        proven=arrival.sign_in.is_proven(arrival.now),
    ), 200 if refusal is None else max(status_of(refusal), 422)  # fmt: skip
