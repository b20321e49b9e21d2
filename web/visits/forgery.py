"""Other sites cannot send our forms: whatever changes something carries a word only our own pages know.

The word is made from the session's cookie, or before the login from a cookie of the visit; neither is told to scripts.
It looks different on every page, because answers are compressed: from how well a repeated text compresses it could
otherwise be guessed letter by letter.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from engine.errors import NotAllowed
from web.visits.site import site
from web.visits.visit import session_cookie

FIELD, HEADER = "_word", "X-Jx-Word"
BEFORE_LOGIN = "jx_visit"
MASK_BYTES = 16
_P = TypeVar("_P", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignForm(NotAllowed):
    """What was sent did not come from a page of ours, or from one opened under another session."""

    code = "request.foreign_form"

    def __init__(self) -> None:
        super().__init__("这一页打开得太久，或在另一个窗口换过账号，没有办理。请返回上一页刷新后再办，填写的内容还在。")


def guard(app: Flask) -> None:
    """Have every request that may change something checked, and give templates the word."""
    app.before_request(_must_be_ours)
    app.after_request(_remember_visit)
    app.jinja_env.globals["word"] = word


def proves_itself(page: _P) -> _P:
    """A page whose forms carry a seal of ours for one person instead of the word, which a new session has changed."""
    page.proves_itself = True  # type: ignore[attr-defined]
    return page


def word() -> str:
    """The word this visitor's forms carry, masked; under a new session's cookie as soon as one is given."""
    mask = secrets.token_bytes(MASK_BYTES)
    return (mask + _masked(_word(), mask)).hex()


def _word() -> bytes:
    known = (
        g.get("session_cookie")
        or request.cookies.get(session_cookie())
        or request.cookies.get(BEFORE_LOGIN)
        or _new_visit()
    )
    return hmac.digest(known.encode("utf-8", "replace"), b"jixiao form", hashlib.sha256)


def _masked(plain: bytes, mask: bytes) -> bytes:
    """Under the mask, which is as long as half the text; twice makes it plain again."""
    return bytes(letter ^ mask[place % MASK_BYTES] for place, letter in enumerate(plain))


def _new_visit() -> str:
    if "visit_cookie" not in g:
        g.visit_cookie = secrets.token_urlsafe(24)
    return str(g.visit_cookie)


def _must_be_ours() -> None:
    page = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE or getattr(page, "proves_itself", False):
        return
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not hmac.compare_digest(_plain(given), _word()):
        raise ForeignForm


def _plain(given: str) -> bytes:
    """What was under the mask; empty for what no page of ours carries."""
    try:
        told = bytes.fromhex(given[:200])
    except ValueError:
        return b""
    return _masked(told[MASK_BYTES:], told[:MASK_BYTES]) if len(told) > MASK_BYTES else b""


def _remember_visit(response: Response) -> Response:
    if "visit_cookie" in g:
        response.set_cookie(
            BEFORE_LOGIN, g.visit_cookie, httponly=True, samesite="Strict", secure=site().secure, path="/login"
        )
    return response
