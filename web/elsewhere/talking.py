"""HTTP with the identity provider: short, bounded, without redirects, JSON only."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

from web.elsewhere.provider import must_be_safe
from web.elsewhere.refusals import ElsewhereAway, ElsewhereUnsound

SECONDS = 10
MOST_BYTES = 1_000_000
AWAY = "统一身份认证现在没有应答，没有登录。请稍后再试，或用账号密码登录。"


def told_by(address: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address, or what is answered to a posted body.

    Refuses no answer, one that is not JSON or too large, and an address outside TLS.
    """
    try:
        must_be_safe(address, "address")
    except ElsewhereUnsound as reason:
        raise ElsewhereAway(AWAY, why="unsafe address") from reason
    data = None if body is None else body.encode()
    request = Request(address, data, {"Accept": "application/json", **(headers or {})})
    try:
        with _opener().open(request, timeout=SECONDS) as answer:
            content = answer.read(MOST_BYTES + 1)
    except HTTPError as fault:
        fault.close()
        raise ElsewhereAway(AWAY, why=f"HTTP {fault.code}") from fault
    except (OSError, HTTPException, ValueError) as fault:
        raise ElsewhereAway(AWAY, why=type(fault).__name__) from fault
    return _object(content)


def _opener() -> OpenerDirector:
    """Follows no redirect, uses no proxy of the environment, reads no file."""
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), _Errors()):
        opener.add_handler(handler)
    return opener


class _Errors(HTTPHandler):
    """Every answer but 200 is an error; a redirect too."""

    handler_order = 1000

    def http_response(self, request: Request, response: Any) -> Any:
        if response.status != 200:
            raise HTTPError(request.full_url, response.status, "no answer", response.headers, response)
        return response

    https_response = http_response


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content) if len(content) <= MOST_BYTES else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ElsewhereAway(AWAY, why="no JSON object")
    return told
