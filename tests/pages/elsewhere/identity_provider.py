"""A small identity provider on loopback: OpenID Connect over real sockets, with one person who always says yes.

It checks what a provider has to check (client, secret, redirect, PKCE, a code once). What it says can be made wrong:
`claims` go over the right ones, `signs_with` another key than the one it publishes.
"""

import http.client
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Request, Response

CLIENT, SECRET = "jixiao-test", "示例密钥-not-for-logs"


@dataclass
class IdentityProvider:
    """Where it listens, who signs in there, and what it was asked."""

    now: float
    subject: str = "subject-of-wang"
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, str] = field(default_factory=dict)
    status: int = 200
    signs_with: Any = None
    algorithm: str = "RS256"
    asked: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    server: BaseWSGIServer | None = None

    @property
    def issuer(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_port}"

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.asked.append(request.path)
        doors = {
            "/.well-known/openid-configuration": self._tell_metadata,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": self._keys,
        }
        return doors[request.path](request)(environ, start)

    def _tell_metadata(self, request: Request) -> Response:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/end",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        return _json(told | self.metadata, self.status)

    def _authorize(self, request: Request) -> Response:
        told = request.args
        assert (told["response_type"], told["client_id"]) == ("code", CLIENT)
        assert told["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(told)
        back = {"code": code, "state": told["state"]} | self.answer
        return Response(status=302, headers={"Location": f"{told['redirect_uri']}?{urlencode(back)}"})

    def _token(self, request: Request) -> Response:
        told = request.form
        asked = self.codes.pop(told["code"], None)
        fits = (
            asked is not None
            and (told["client_id"], told["client_secret"]) == (CLIENT, SECRET)
            and told["redirect_uri"] == asked["redirect_uri"]
            and create_s256_code_challenge(told["code_verifier"]) == asked["code_challenge"]
        )
        if not fits or asked is None:
            return _json({"error": "invalid_grant"}, 400)
        return _json({"access_token": "示例", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])})

    def _id_token(self, nonce: str) -> str:
        right = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "nonce": nonce,
            "iat": int(self.now), "exp": int(self.now) + 300,
        }  # fmt: skip
        if self.algorithm == "none":
            parts = ({"alg": "none"}, right | self.claims)
            return ".".join(
                [*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), ""]
            )
        key = self.signs_with or self.key
        return jwt.encode({"alg": self.algorithm, "kid": "one"}, right | self.claims, key, [self.algorithm])

    def _keys(self, request: Request) -> Response:
        return _json({"keys": [self.key.as_dict(private=False)]})


def another_key() -> RSAKey:
    """A key nobody knows, under the same number."""
    return RSAKey.generate_key(2048, {"kid": "one"})


def shared_key() -> OctKey:
    """What who knows the client's secret could sign with."""
    return OctKey.import_key(SECRET.encode())


def _json(told: Mapping[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")


@contextmanager
def listening(now: float) -> Iterator[IdentityProvider]:
    """A provider on a port of its own, until the end."""
    provider = IdentityProvider(now)
    provider.server = make_server("127.0.0.1", 0, provider, threaded=True)
    thread = Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()


def where_it_sends(address: str) -> str:
    """Open an address as a browser does, over a real socket; where it sends one, as path and query."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        answer.read()
        back = urlsplit(answer.headers["Location"])
    finally:
        connection.close()
    return f"{back.path}?{back.query}"


def told_in(address: str) -> dict[str, str]:
    """What an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
