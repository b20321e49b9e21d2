"""修改密码: by oneself, at any time, and before anything else where the first one was given by somebody else."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request

from engine.accounts import renew_token, set_password
from web.pages.login import keep_token
from web.visits import Arrival, seated, signed_in
from web.visits.refusals import status_of

page = Blueprint("password", __name__)
MOST_TYPED = 1000


@page.get("/password")
@signed_in
def form(arrival: Arrival) -> Any:
    """The form, with what a password has to be."""
    return render_template("password.html", arrival=arrival, visit=seated(arrival), refusal=None)


@page.post("/password")
@signed_in
def change(arrival: Arrival) -> Any:
    """The old one given again; other sessions of the person are over, this one goes on under a new token."""
    old, new, again = (request.form.get(name, "")[:MOST_TYPED] for name in ("old", "new", "again"))
    if new != again:
        refusal = "两次填写的新密码不一样，没有修改。请重新填写。"
        return render_template("password.html", arrival=arrival, visit=seated(arrival), refusal=refusal), 422
    refused = set_password(arrival.session, arrival.sign_in, old, new, at=arrival.now)
    if refused is not None:
        return render_template(
            "password.html", arrival=arrival, visit=seated(arrival), refusal=refused.message
        ), status_of(refused)
    response = make_response(redirect("/", 303))
    keep_token(response, arrival.person.jurisdiction, renew_token(arrival.session, arrival.sign_in))
    return response
