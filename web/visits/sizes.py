"""How much may be sent: a form's worth everywhere, more only where a page takes files; what breaks off is none."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest

try:
    from gunicorn.http.errors import NoMoreData, ParseException
except ImportError:  # where there is no fork, waitress has read all of a request before it asks us
    BROKEN: tuple[type[Exception], ...] = ()
else:
    BROKEN = (NoMoreData, ParseException)
"""What gunicorn says of a body while we read it."""

_P = TypeVar("_P", bound=Callable[..., Any])


def takes(most_bytes: int) -> Callable[[_P], _P]:
    """A page that takes so many bytes; to stand above its door."""

    def marked(page: _P) -> _P:
        page.most_bytes = most_bytes  # type: ignore[attr-defined]
        return page

    return marked


def guard(app: Flask) -> None:
    """Set the bound of each request before anything of it is read."""
    app.before_request(_bound)
    app.before_request(_must_be_readable)


def _bound() -> None:
    page = current_app.view_functions.get(request.endpoint or "")
    most = getattr(page, "most_bytes", None)
    if most is not None:
        request.max_content_length = most
    if request.content_length is not None:
        request.environ.pop("wsgi.input_terminated", None)  # or a connection that breaks off would count as its end


def _must_be_readable() -> None:
    """Read what was sent now: one whose parts do not fit together is refused like any other that cannot be read."""
    try:
        request.form  # noqa: B018 - reading is what it is for
    except BROKEN as fault:
        raise BadRequest from fault
