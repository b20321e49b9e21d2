"""快捷键: what keys do on the pages that have them, and whether a letter alone is one, for oneself."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.accounts import use_letter_keys
from web.visits import Arrival, own_affairs, seated

page = Blueprint("keys", __name__)


@page.get("/settings/keys")
@own_affairs
def all_keys(arrival: Arrival) -> Any:
    """Page by page."""
    return render_template("keys.html", arrival=arrival, visit=seated(arrival), saved=request.args.get("saved") == "1")


@page.post("/settings/keys")
@own_affairs
def choose(arrival: Arrival) -> Any:
    """Letters, figures and signs as keys, on or off; kept with the account."""
    use_letter_keys(arrival.session, arrival.sign_in, request.form.get("letters") != "off")
    return redirect("/settings/keys?saved=1", 303)
