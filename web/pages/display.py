"""显示: 大字, for oneself."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.accounts import show_large_type
from web.visits import Arrival, own_affairs, seated

page = Blueprint("display", __name__)


@page.get("/settings/display")
@own_affairs
def mine(arrival: Arrival) -> Any:
    """How it is now."""
    return render_template(
        "display.html", arrival=arrival, visit=seated(arrival), saved=request.args.get("saved") == "1"
    )


@page.post("/settings/display")
@own_affairs
def choose(arrival: Arrival) -> Any:
    """大字 on or off; kept with the account."""
    show_large_type(arrival.session, arrival.sign_in, request.form.get("size") == "large")
    return redirect("/settings/display?saved=1", 303)
