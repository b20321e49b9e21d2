"""快捷键: what keys do on the pages that have them."""

from typing import Any

from flask import Blueprint, render_template

from web.visits import Arrival, own_affairs

page = Blueprint("keys", __name__)


@page.get("/settings/keys")
@own_affairs
def all_keys(arrival: Arrival) -> Any:
    """Page by page."""
    return render_template("keys.html", arrival=arrival)
