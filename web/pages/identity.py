"""身份: in which unit one acts, or for whom; and where an office begins."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.accounts import sit_for, take_seat
from engine.directory import entrusted_to
from engine.errors import InvalidInput
from web.pages.kept_form import sent_now
from web.pages.login import page_of_ours
from web.pages.posted import number_of
from web.pages.shell import landing
from web.visits import Arrival, SeatGone, acting, signed_in
from web.visits.door import SECOND_FACTOR, first_of_all

page = Blueprint("identity", __name__)


class SeatUnreadable(InvalidInput):
    """No unit was chosen, or none there is."""

    code = "identity.unreadable"


@page.get("/")
@signed_in
def begin(arrival: Arrival) -> Any:
    """The first page of the office one acts in."""
    if (leads := first_of_all(arrival)) is not None:
        return leads
    actor = acting(arrival)
    return redirect(landing(actor) if actor else "/identity", 303)


@page.get("/identity")
@signed_in
def mine(arrival: Arrival) -> Any:
    """One page of choices."""
    if arrival.second_factor_due():
        return redirect(SECOND_FACTOR, 303)
    entrusted = (
        () if arrival.sign_in.must_change else entrusted_to(arrival.session, arrival.sign_in.person_id, arrival.today)
    )
    return render_template(
        "identity.html", arrival=arrival, actor=acting(arrival), entrusted=entrusted,
        next=page_of_ours(request.args.get("next", "/")),
    )  # fmt: skip


@page.post("/identity")
@signed_in
def choose(arrival: Arrival) -> Any:
    """Act in that unit from now on, for oneself or for who is away."""
    if arrival.second_factor_due():
        return redirect(SECOND_FACTOR, 303)
    unit, absent = number_of("unit"), number_of("acting_for")
    if unit is None or (absent is None and request.form.get("acting_for")):
        raise SeatUnreadable("没有选择身份。请选一个身份再继续。")
    if absent is None:
        take_seat(arrival.session, arrival.sign_in, unit, at=arrival.now)
    else:
        sit_for(arrival.session, arrival.sign_in, absent, at=arrival.at, unit_id=unit)
    return redirect(page_of_ours(request.form.get("next", "/")), 303)


@page.app_errorhandler(SeatGone)
def sent_without_a_seat(_: SeatGone) -> Any:
    """What was sent, to go on with when a seat is chosen; with nothing in it, straight to the choice."""
    kept = sent_now()
    if not kept.fields:
        return redirect("/identity", 303)
    return render_template("kept_form.html", kept=kept, seat_gone=True), 409
