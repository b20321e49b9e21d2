"""How much may be sent: a form's worth everywhere, more only where a page takes files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

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


def _bound() -> None:
    page = current_app.view_functions.get(request.endpoint or "")
    most = getattr(page, "most_bytes", None)
    if most is not None:
        request.max_content_length = most
