"""What every answer tells the browser: run nothing but ours, show us in no frame, keep nothing of a case."""

import secrets

from flask import Flask, Response, g, request

from web.visits.site import site

STATIC_DAYS = 365
FILE = "default-src 'none'; sandbox"
"""The policy of a file that is handed out: should a browser show it all the same, nothing in it runs."""


def guard(app: Flask) -> None:
    """Put the security headers on every answer."""
    app.after_request(_answer_with)
    app.jinja_env.globals["nonce"] = nonce


def nonce() -> str:
    """The mark of this answer's own script tags."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _answer_with(response: Response) -> Response:
    told = response.headers
    told["Content-Security-Policy"] = FILE if told.get("Content-Disposition", "").startswith("attachment") else _page()
    told["X-Content-Type-Options"] = "nosniff"
    told["X-Frame-Options"] = "DENY"
    told["Referrer-Policy"] = "same-origin"
    told["Cross-Origin-Opener-Policy"] = "same-origin"
    told["Cross-Origin-Resource-Policy"] = "same-origin"
    told["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if site().secure:
        told["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint == "lib":
        told["Cache-Control"] = f"public, max-age={STATIC_DAYS * 86400}, immutable"
    else:
        told["Cache-Control"] = "no-store"
    return response


def _page() -> str:
    """The policy of everything else: scripts only with this answer's mark, no style but from files."""
    return (
        "default-src 'none'; img-src 'self' data:; font-src 'self'; style-src 'self'; connect-src 'self'; "
        f"script-src 'nonce-{nonce()}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
